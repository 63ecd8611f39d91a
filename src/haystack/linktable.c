/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Records of one size, found by their slots. Sorting is a counting sort by the rank of one end;
 * what shares that end is then sorted by one number, which holds all that a key says behind it,
 * the rank of the other end last.
 */
#include "haystack/linktable.h"

#include <stdlib.h>

#include "base/hash.h"

#define LOOK_AHEAD    16
#define INSERTION_MAX 24
#define PARTS_MAX     32 /* the smaller of two parts is at most a half, of at most 2^32 links */

void linktable_init(struct linktable *t, enum linktable_use use, size_t record_bytes,
    struct stock *stock, uint64_t seed)
{
	*t = (struct linktable){ .slots.region.stock = stock,
		.records.stock = stock,
		.use = use,
		.record_bytes = record_bytes,
		.seed = seed };
}

void linktable_release(struct linktable *t)
{
	slots_release(&t->slots);
	region_release(&t->records);
	linktable_init(t, t->use, t->record_bytes, t->records.stock, t->seed);
}

void linktable_clear(struct linktable *t)
{
	slots_clear(&t->slots);
	t->count = 0;
}

void linktable_seal(struct linktable *t)
{
	slots_release(&t->slots);
}

uint64_t linktable_bytes(const struct linktable *t)
{
	return t->count * (uint64_t)t->record_bytes + slots_bytes(&t->slots);
}

uint64_t linktable_sort_bytes(const struct linktable *t, uint32_t endpoint_count)
{
	return t->count * (uint64_t)(sizeof(struct linkitem) + sizeof(uint32_t)) +
	       endpoint_count * (uint64_t)sizeof(uint32_t);
}

static bool is_same(const struct link *a, const struct link *b)
{
	return a->first == b->first && a->second == b->second && a->extra == b->extra &&
	       a->type == b->type && a->more == b->more;
}

/* ---- find ---- */

static uint32_t find_or_append(struct linktable *t, const struct linktable_query *q)
{
	uint64_t *at = slots_home(&t->slots, q->hash);
	void *record;

	for (; *at != 0; at = slots_next(&t->slots, at))
		if (slot_fits(*at, q->hash) && is_same(linktable_at(t, slot_number(*at)), &q->link))
			return slot_number(*at);
	*at = slot_make(q->hash, t->count);
	record = linktable_at(t, t->count);
	memset(record, 0, t->record_bytes);
	memcpy(record, &q->link, sizeof(q->link));
	return t->count++;
}

bool linktable_add(struct linktable *t, struct linktable_query *batch, size_t count)
{
	if (!slots_reserve(&t->slots, t->count, count) ||
	    !region_reserve(&t->records, (t->count + count) * t->record_bytes))
		return false;
	for (size_t i = 0; i < count; i++) {
		batch[i].hash = hash_bytes(&batch[i].link, sizeof(batch[i].link), t->seed);
		__builtin_prefetch(slots_home(&t->slots, batch[i].hash), 1);
	}
	for (size_t i = 0; i < count; i++) {
		uint64_t slot = *slots_home(&t->slots, batch[i].hash);

		if (slot != 0)
			__builtin_prefetch(linktable_at(t, slot_number(slot)), 1);
	}
	for (size_t i = 0; i < count; i++)
		batch[i].number = find_or_append(t, &batch[i]);
	return true;
}

/* ---- sort ---- */

static int compare(const struct linktable *t, const struct linkitem *x, const struct linkitem *y)
{
	const struct link *p;
	const struct link *q;

	if (x->minor != y->minor)
		return x->minor < y->minor ? -1 : 1;
	p = linktable_at(t, x->number);
	q = linktable_at(t, y->number);
	if (p->extra != q->extra)
		return p->extra < q->extra ? -1 : 1;
	return (p->more > q->more) - (p->more < q->more);
}

static int compare_items(const void *a, const void *b, void *table)
{
	const struct linktable *const *t = table;

	return compare(*t, a, b);
}

static void insertion_sort(const struct linktable *t, struct linkitem *items, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		struct linkitem item = items[i];
		size_t at = i;

		for (; at > 0 && compare(t, &item, &items[at - 1]) < 0; at--)
			items[at] = items[at - 1];
		items[at] = item;
	}
}

/* Those with a minor below the bound to the front, without a branch that depends on one. */
static size_t split(struct linkitem *items, size_t count, uint64_t bound)
{
	size_t low = 0;

	for (size_t i = 0; i < count; i++) {
		struct linkitem item = items[i];

		items[i] = items[low];
		items[low] = item;
		low += item.minor < bound;
	}
	return low;
}

/*
 * Quicksort by minors, the smaller part first, so that few wait. Those that share a minor, too,
 * differ behind the second end, and are few unless somebody makes them many: they are told from
 * the others when nothing is below them.
 */
static void sort_big_group(const struct linktable *t, struct linkitem *items, size_t count)
{
	UNINITIALIZED struct {
		struct linkitem *items;
		size_t count;
	} waiting[PARTS_MAX];
	uint64_t random = t->seed | 1;
	size_t parts = 0;

	for (;;) {
		while (count > INSERTION_MAX) {
			uint64_t pivot;
			size_t low;

			random = random * 6364136223846793005u + 1442695040888963407u;
			pivot = items[(random >> 32) % count].minor;
			low = split(items, count, pivot);
			if (low == 0) {
				low = split(items, count, pivot + 1);
				qsort_r(items, low, sizeof(*items), compare_items, &t);
				items += low;
				count -= low;
			} else if (low < count - low) {
				waiting[parts].items = items + low;
				waiting[parts++].count = count - low;
				count = low;
			} else {
				waiting[parts].items = items;
				waiting[parts++].count = low;
				items += low;
				count -= low;
			}
		}
		insertion_sort(t, items, count);
		if (parts == 0)
			return;
		items = waiting[--parts].items;
		count = waiting[parts].count;
	}
}

/* The links that share their first end. */
static void sort_group(const struct linktable *t, struct linkitem *items, size_t count)
{
	if (count > INSERTION_MAX)
		sort_big_group(t, items, count);
	else
		insertion_sort(t, items, count);
}

static uint64_t minor_of(const struct linktable *t, const struct link *link, uint32_t second)
{
	uint64_t kind = t->use == LINK_SERIES ? link->more : 0;

	return kind << 48 | (uint64_t)link->type << 32 | second;
}

/* The rank of every link's first end, and where the links of each rank begin. */
static void count_ranks(const struct linktable *t, const struct ranking *ranking,
    enum linktable_end by, uint32_t *firsts, uint32_t *starts)
{
	const uint32_t *ranks = ranking_of(ranking);
	uint32_t sum = 0;

	for (uint32_t i = 0; i < t->count; i++) {
		const struct link *link = linktable_at(t, i);

		if (i + LOOK_AHEAD < t->count) {
			const struct link *soon = linktable_at(t, i + LOOK_AHEAD);

			__builtin_prefetch(
			    &ranks[by == LINK_BY_FIRST ? soon->first : soon->second]);
		}
		firsts[i] = ranks[by == LINK_BY_FIRST ? link->first : link->second];
	}
	for (uint32_t i = 0; i < t->count; i++) {
		if (i + LOOK_AHEAD < t->count)
			__builtin_prefetch(&starts[firsts[i + LOOK_AHEAD]], 1);
		starts[firsts[i]]++;
	}
	for (uint32_t rank = 0; rank < ranking->endpoints->count; rank++) {
		uint32_t here = starts[rank];

		starts[rank] = sum;
		sum += here;
	}
}

/* Afterwards starts say where the links of each rank end. */
static void scatter(const struct linktable *t, const struct ranking *ranking, enum linktable_end by,
    const uint32_t *firsts, uint32_t *starts, struct linkitem *items)
{
	const uint32_t *ranks = ranking_of(ranking);

	for (uint32_t i = 0; i < t->count; i++) {
		const struct link *link = linktable_at(t, i);
		uint32_t second = ranks[by == LINK_BY_FIRST ? link->second : link->first];

		if (i + LOOK_AHEAD < t->count) {
			const struct link *soon = linktable_at(t, i + LOOK_AHEAD);

			__builtin_prefetch(
			    &ranks[by == LINK_BY_FIRST ? soon->second : soon->first]);
			__builtin_prefetch(&starts[firsts[i + LOOK_AHEAD]], 1);
		}
		items[starts[firsts[i]]++] =
		    (struct linkitem){ minor_of(t, link, second), firsts[i], i };
	}
}

bool linktable_sort(const struct linktable *t, const struct ranking *ranking, enum linktable_end by,
    struct region *ret)
{
	bool ok = false;
	uint32_t endpoints = ranking->endpoints->count;
	struct region firsts = { .stock = t->records.stock };
	struct region starts = { .stock = t->records.stock };
	const uint32_t *ends;
	uint32_t from = 0;

	*ret = (struct region){ .stock = t->records.stock };
	if (!region_reserve(ret, (size_t)t->count * sizeof(struct linkitem) + 1) ||
	    !region_reserve(&firsts, (size_t)t->count * sizeof(uint32_t) + 1) ||
	    !region_reserve(&starts, (size_t)endpoints * sizeof(uint32_t) + 1))
		goto out;
	count_ranks(t, ranking, by, firsts.base, starts.base);
	scatter(t, ranking, by, firsts.base, starts.base, ret->base);
	ends = starts.base;
	for (uint32_t rank = 0; rank < endpoints; rank++) {
		sort_group(t, (struct linkitem *)ret->base + from, ends[rank] - from);
		from = ends[rank];
	}
	ok = true;
out:
	region_release(&firsts);
	region_release(&starts);
	return ok;
}
