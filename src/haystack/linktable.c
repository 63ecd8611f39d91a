/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Open addressing with linear probing, as in keytable.c, over records of one size. Sorting is a
 * counting sort by the rank of one end; what shares that end is then sorted by one number, which
 * holds all that a key says behind it, the rank of the other end last.
 */
#include "haystack/linktable.h"

#include <stdlib.h>

#include "base/hash.h"

#define FIRST_SLOTS   ((size_t)1 << 12)
#define REHASH_BATCH  64
#define LOOK_AHEAD    16
#define INSERTION_MAX 24
#define HASH_HALF     UINT64_C(0xffffffff00000000)

void linktable_init(struct linktable *t, enum linktable_use use, size_t record_bytes, uint64_t seed)
{
	*t = (struct linktable){ .use = use, .record_bytes = record_bytes, .seed = seed };
}

void linktable_release(struct linktable *t)
{
	region_release(&t->slots);
	region_release(&t->records);
	linktable_init(t, t->use, t->record_bytes, t->seed);
}

void linktable_clear(struct linktable *t)
{
	if (t->slots.base != NULL)
		memset(t->slots.base, 0, t->slots.bytes);
	t->count = 0;
}

uint64_t linktable_bytes(const struct linktable *t)
{
	return t->count * (uint64_t)t->record_bytes + (t->mask + 1) * sizeof(uint64_t);
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

static void place_batch(
    const struct linktable *t, uint32_t from, uint32_t to, uint64_t *slots, uint64_t mask)
{
	uint64_t hashes[REHASH_BATCH];

	for (uint32_t i = from; i < to; i++) {
		hashes[i - from] = hash_bytes(linktable_at(t, i), sizeof(struct link), t->seed);
		__builtin_prefetch(&slots[hashes[i - from] & mask], 1);
	}
	for (uint32_t i = from; i < to; i++) {
		uint64_t at = hashes[i - from] & mask;

		while (slots[at] != 0)
			at = (at + 1) & mask;
		slots[at] = (hashes[i - from] & HASH_HALF) | (i + 1);
	}
}

/* Room for so many more at most half full. */
static bool reserve_slots(struct linktable *t, size_t more)
{
	struct region slots = { .base = NULL };
	uint64_t count = t->slots.base == NULL ? FIRST_SLOTS : t->mask + 1;

	if (t->slots.base != NULL && 2 * (t->count + more) <= count)
		return true;
	while (2 * (t->count + more) > count)
		count *= 2;
	if (!region_reserve(&slots, count * sizeof(uint64_t)))
		return false;
	for (uint32_t i = 0; i < t->count; i += REHASH_BATCH)
		place_batch(t, i, t->count - i < REHASH_BATCH ? t->count : i + REHASH_BATCH,
		    slots.base, count - 1);
	region_release(&t->slots);
	t->slots = slots;
	t->mask = count - 1;
	return true;
}

static uint32_t find_or_append(struct linktable *t, const struct linktable_query *q)
{
	uint64_t *slots = t->slots.base;
	uint64_t at = q->hash & t->mask;
	void *record;

	for (; slots[at] != 0; at = (at + 1) & t->mask) {
		if (((slots[at] ^ q->hash) & HASH_HALF) != 0)
			continue;
		if (is_same(linktable_at(t, (uint32_t)slots[at] - 1), &q->link))
			return (uint32_t)slots[at] - 1;
	}
	slots[at] = (q->hash & HASH_HALF) | (t->count + 1);
	record = linktable_at(t, t->count);
	memset(record, 0, t->record_bytes);
	memcpy(record, &q->link, sizeof(q->link));
	return t->count++;
}

bool linktable_add(struct linktable *t, struct linktable_query *batch, size_t count)
{
	const uint64_t *slots;

	if (!reserve_slots(t, count) ||
	    !region_reserve(&t->records, (t->count + count) * t->record_bytes))
		return false;
	slots = t->slots.base;
	for (size_t i = 0; i < count; i++) {
		batch[i].hash = hash_bytes(&batch[i].link, sizeof(batch[i].link), t->seed);
		__builtin_prefetch(&slots[batch[i].hash & t->mask], 1);
	}
	for (size_t i = 0; i < count; i++) {
		uint64_t slot = slots[batch[i].hash & t->mask];

		if (slot != 0)
			__builtin_prefetch(linktable_at(t, (uint32_t)slot - 1), 1);
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

/* The links that share their first end. */
static void sort_group(const struct linktable *t, struct linkitem *items, size_t count)
{
	if (count > INSERTION_MAX) {
		qsort_r(items, count, sizeof(*items), compare_items, &t);
		return;
	}
	for (size_t i = 1; i < count; i++) {
		struct linkitem item = items[i];
		size_t at = i;

		for (; at > 0 && compare(t, &item, &items[at - 1]) < 0; at--)
			items[at] = items[at - 1];
		items[at] = item;
	}
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
	struct region firsts = { .base = NULL };
	struct region starts = { .base = NULL };
	const uint32_t *ends;
	uint32_t from = 0;

	*ret = (struct region){ .base = NULL };
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
