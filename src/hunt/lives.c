/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hunt/lives.h"

#include <stdlib.h>
#include <string.h>

#define OWN_RECORDS    8
#define OTHERS         4
#define OTHERS_RECORDS 3
#define LIVES_MAX      (1 + OWN_RECORDS + OTHERS * (1 + OTHERS_RECORDS))
#define FACTS_MAX      4096 /* an address may serve a million names: no more are looked at */

struct lives {
	struct finding_life items[LIVES_MAX];
	size_t count;
	uint64_t left_out;
};

/* Of a name what it points to, of an address what points to it. */
static bool read_record(
    const struct haystack_entry *e, bool points_here, struct finding_life *ret, struct err *reterr)
{
	struct factset set;
	struct fact f;

	if (!key_read_fact(e->key, e->key_len, &f) ||
	    !factset_decode(e->value, e->value_len, &set)) {
		err_set(
		    reterr, ERR_DAMAGED, "a fact of the haystack cannot be read; verify the case");
		return false;
	}
	ret->thing = points_here ? f.owner : f.data;
	ret->type = f.type;
	ret->count = set.count;
	ret->first = (struct stamp){ set.first_ns, set.digits };
	ret->last = (struct stamp){ set.last_ns, set.digits };
	return true;
}

/* Put it among the room records from `from` on, in the place of the one seen least if they are full. */
static void keep(struct lives *l, size_t from, size_t room, const struct finding_life *record)
{
	size_t least = from;

	if (l->count - from < room) {
		l->items[l->count++] = *record;
		return;
	}
	l->left_out++;
	for (size_t i = from + 1; i < l->count; i++)
		if (l->items[i].count < l->items[least].count)
			least = i;
	if (l->items[least].count < record->count)
		l->items[least] = *record;
}

/* They were read in the order of their keys, which decides between those that came together. */
static void sort_by_first(struct finding_life *items, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		struct finding_life moving = items[i];
		size_t at = i;

		for (; at > 0 && items[at - 1].first.ns > moving.first.ns; at--)
			items[at] = items[at - 1];
		items[at] = moving;
	}
}

static bool read_records(struct haystack *h, const struct endpoint *target, enum life_of of,
    size_t room, struct lives *l, struct err *reterr)
{
	bool points_here = target->form != ENDPOINT_NAME, end = false, ok;
	struct haystack_range range = { .tag = points_here ? KEY_TAG_REVERSE : KEY_TAG_FACT,
		.parts = 1 };
	struct haystack_scan *scan = NULL;
	struct finding_life record = { .of = of };
	struct haystack_entry e;
	size_t from = l->count;
	struct key prefix;

	key_of_target(&prefix, range.tag, target);
	range.prefix = &prefix;
	ok = haystack_scan_new(h, &range, &scan, reterr);
	for (size_t i = 0; i < FACTS_MAX && ok; i++) {
		ok = haystack_scan_next(scan, &e, &end, reterr);
		if (!ok || end)
			break;
		ok = read_record(&e, points_here, &record, reterr);
		if (ok)
			keep(l, from, room, &record);
	}
	haystack_scan_free(scan);
	sort_by_first(l->items + from, l->count - from);
	return ok;
}

static bool read_others(
    struct haystack *h, const struct finding *f, struct lives *l, struct err *reterr)
{
	const struct test_succession *t = &f->tests.succession;
	size_t shown = t->status.why != NULL ? 0 : t->count < OTHERS ? t->count : OTHERS;
	bool ok = true;

	for (size_t i = 0; i < shown && ok; i++) {
		const struct succession_entry *e = &t->entries[i];
		enum life_of of = e->successor ? LIFE_SUCCESSOR : LIFE_PREDECESSOR;

		l->items[l->count++] =
		    (struct finding_life){ e->target, of, 0, e->contacts, e->first, e->last };
		ok = read_records(h, &e->target, of, OTHERS_RECORDS, l, reterr);
	}
	return ok;
}

bool lives_fill(struct haystack *h, struct arena *memory, struct finding *f, struct err *reterr)
{
	struct lives *l = calloc(1, sizeof(*l));
	struct finding_life *kept = NULL;
	bool ok = false;

	if (l == NULL) {
		err_set_memory(reterr);
		return false;
	}
	l->items[l->count++] =
	    (struct finding_life){ f->target, LIFE_TARGET, 0, f->contacts, f->first, f->last };
	if (!read_records(h, &f->target, LIFE_TARGET, OWN_RECORDS, l, reterr) ||
	    !read_others(h, f, l, reterr))
		goto out;
	kept = arena_alloc(memory, l->count * sizeof(*kept));
	if (kept == NULL) {
		err_set_memory(reterr);
		goto out;
	}
	memcpy(kept, l->items, l->count * sizeof(*kept));
	f->lives = kept;
	f->life_count = l->count;
	f->lives_left_out = l->left_out;
	ok = true;
out:
	free(l);
	return ok;
}
