/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hunt/screen.h"

#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "base/size.h"
#include "hunt/walk.h"

struct screen {
	struct haystack *haystack;
	const struct funnel *funnel;
	const struct screen_settings *settings;
	struct eligible *found; /* room for every candidate; part by part */
	size_t *first;          /* of each part in found */
	size_t *counts;
	struct phase phase;
};

/* One part's work. */
struct desk {
	const struct funnel_part *part;
	size_t next; /* candidate that the walk has not reached yet */
	struct trace trace;
	struct timing_work *work;
};

static const uint8_t *key_of(const struct funnel_part *part, const struct candidate *c)
{
	return part->keys.bytes + c->key_at;
}

static double aggregate_share(const struct screen *s, const struct trace *t)
{
	uint64_t contacts = 0;

	if (s->settings->aggregate_from == UINT64_MAX)
		return 0;
	for (size_t i = 0; i < t->peer_count; i++) {
		uint32_t id = intern_find(&s->funnel->peers, t->peers[i].key, t->peers[i].key_len);

		if (id != INTERN_NONE &&
		    s->funnel->peer_totals[id].names > s->settings->aggregate_from)
			contacts += t->peers[i].count;
	}
	return t->contacts == 0 ? 0 : (double)contacts / (double)t->contacts;
}

/* The candidate under way is gathered: test it. */
static bool test_candidate(struct screen *s, struct desk *d, size_t part, struct err *reterr)
{
	const struct candidate *c = &d->part->candidates[d->next];
	const struct timing_settings timing = { .exposure = s->settings->exposure,
		.seed = s->settings->seed };
	struct eligible e = { .key = key_of(d->part, c), .key_len = c->key_len, .name = c->name };

	d->next++;
	if (!trace_close(&d->trace, reterr) ||
	    !timing_test(&d->trace, e.key, e.key_len, &timing, d->work, &e.timing, reterr))
		return false;
	if (e.timing.visits < ELIGIBLE_VISITS && !s->settings->keep_all)
		return true;
	e.p = e.timing.p;
	e.aggregate = aggregate_share(s, &d->trace);
	s->found[s->first[part] + s->counts[part]++] = e;
	return true;
}

static bool read_candidates(
    struct screen *s, struct desk *d, size_t part, struct walk *w, struct err *reterr)
{
	struct walk_series series;
	bool end, inside = false;

	while (inside || d->next < d->part->candidate_count) {
		if (!walk_next(w, &series, &end, reterr))
			return false;
		if (inside && (end || series.opens)) {
			if (!test_candidate(s, d, part, reterr))
				return false;
			inside = false;
		}
		if (end)
			break;
		if (series.opens && d->next < d->part->candidate_count) {
			const struct candidate *c = &d->part->candidates[d->next];

			inside = c->key_len == series.group_len &&
				 memcmp(key_of(d->part, c), series.key, series.group_len) == 0;
			trace_clear(&d->trace);
		}
		if (inside && !trace_add(&d->trace, &series, reterr))
			return false;
	}
	return true;
}

static bool screen_part(size_t i, void *context, struct err *reterr)
{
	struct screen *s = context;
	struct desk d = { .part = &s->funnel->parts[i] };
	struct haystack_range range = { .tag = KEY_TAG_SERIES,
		.prefix = s->funnel->prefix,
		.part = (unsigned)i,
		.parts = (unsigned)s->funnel->part_count };
	struct walk *w = NULL;
	bool ok = false;

	if (!trace_init(&d.trace, 0, reterr))
		return false;
	if (d.part->candidate_count == 0) {
		ok = true;
		goto out;
	}
	if (!timing_work_new(&d.work, reterr) || !walk_new(s->haystack, &range, &w, reterr))
		goto out;
	ok = read_candidates(s, &d, i, w, reterr);
out:
	walk_free(w);
	timing_work_free(d.work);
	trace_release(&d.trace);
	phase_step(&s->phase);
	return ok;
}

/* Close the gaps that names below the line have left between the parts. */
static size_t compact(struct screen *s)
{
	size_t count = 0;

	for (size_t i = 0; i < s->funnel->part_count; i++) {
		memmove(s->found + count, s->found + s->first[i], s->counts[i] * sizeof(*s->found));
		count += s->counts[i];
	}
	return count;
}

bool screen_run(struct haystack *h, const struct funnel *f, const struct screen_settings *settings,
    const struct hunt_progress *progress, struct eligible **ret, size_t *ret_count,
    struct err *reterr)
{
	struct screen s = { .haystack = h, .funnel = f, .settings = settings };
	size_t candidates = 0;
	bool ok = false;

	s.first = calloc(f->part_count, sizeof(*s.first));
	s.counts = calloc(f->part_count, sizeof(*s.counts));
	for (size_t i = 0; i < f->part_count && s.first != NULL; i++) {
		s.first[i] = candidates;
		candidates += f->parts[i].candidate_count;
	}
	s.found = calloc(candidates + 1, sizeof(*s.found));
	if (s.first == NULL || s.counts == NULL || s.found == NULL) {
		err_set_memory(reterr);
		goto out;
	}
	phase_init(&s.phase, progress, "rhythm", f->part_count);
	if (!parallel_for(settings->jobs, f->part_count, screen_part, &s, reterr))
		goto out;
	*ret_count = compact(&s);
	*ret = s.found;
	s.found = NULL;
	ok = true;
out:
	free(s.first);
	free(s.counts);
	free(s.found);
	return ok;
}
