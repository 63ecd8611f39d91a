/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hunt/tour.h"

#include <assert.h>

#include "base/parallel.h"

struct tour {
	struct haystack *haystack;
	const struct tour_reader *readers;
	size_t count;
	unsigned parts;
	struct phase phase;
};

static bool read_series(
    const struct tour *t, void *const *rooms, const struct walk_series *s, struct err *reterr)
{
	for (size_t i = 0; i < t->count; i++)
		if (!t->readers[i].read(rooms[i], s, reterr))
			return false;
	return true;
}

static bool read_part(const struct tour *t, size_t part, void *const *rooms, struct err *reterr)
{
	const struct haystack_range range = {
		.tag = KEY_TAG_SERIES, .part = (unsigned)part, .parts = t->parts
	};
	struct walk_series s;
	struct walk *w = NULL;
	bool end = false, ok = walk_new(t->haystack, &range, &w, reterr);

	while (ok) {
		ok = walk_next(w, &s, &end, reterr);
		if (!ok || end)
			break;
		ok = read_series(t, rooms, &s, reterr);
	}
	walk_free(w);
	return ok;
}

static bool visit_part(size_t part, void *context, struct err *reterr)
{
	struct tour *t = context;
	void *rooms[TOUR_READERS_MAX] = { NULL };
	bool ok = true;

	for (size_t i = 0; i < t->count; i++) {
		rooms[i] = t->readers[i].open(t->readers[i].context, part);
		ok = ok && rooms[i] != NULL;
	}
	if (!ok)
		err_set_memory(reterr);
	ok = ok && read_part(t, part, rooms, reterr);
	for (size_t i = 0; i < t->count; i++)
		t->readers[i].close(rooms[i]);
	phase_step(&t->phase);
	return ok;
}

bool tour_run(struct haystack *h, unsigned parts, const struct tour_reader *readers, size_t count,
    unsigned jobs, const struct hunt_progress *progress, struct err *reterr)
{
	struct tour t = { .haystack = h, .readers = readers, .count = count, .parts = parts };

	assert(count <= TOUR_READERS_MAX);
	phase_init(&t.phase, progress, "other names", parts);
	return parallel_for(jobs, parts, visit_part, &t, reterr);
}
