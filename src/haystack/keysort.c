/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Caching multikey quicksort (Bentley & Sedgewick, "Fast algorithms for sorting and searching
 * strings", SODA 1997; Rantala's and Kärkkäinen's caching of eight bytes): items carry the next
 * eight bytes of their keys, so that a partition reads memory in order, and keys are visited only
 * where eight bytes were equal. The pivot is taken at random: no order of the evidence is slow.
 */
#include "haystack/keytable.h"

#define INSERTION_MAX 16
#define LOOK_AHEAD    16

struct part {
	struct keytable_item *items;
	size_t count;
	size_t depth; /* bytes that all keys of the part share */
};

/*
 * The smallest of three parts goes first, the others wait: it holds at most a third, so that two
 * for each of log3(2^32) levels is all that can ever wait.
 */
#define PARTS_MAX 48

static uint64_t read_head(const struct keytable *t, uint32_t place, size_t depth)
{
	struct keytable_key k = keytable_at(t, place);
	uint64_t head = 0;
	size_t left = k.len > depth ? k.len - depth : 0;

	memcpy(&head, k.bytes + depth, left < sizeof(head) ? left : sizeof(head));
	return __builtin_bswap64(head);
}

static void read_heads(const struct keytable *t, const struct part *p)
{
	for (size_t i = 0; i < p->count; i++) {
		if (i + LOOK_AHEAD < p->count)
			__builtin_prefetch(
			    keytable_at(t, p->items[i + LOOK_AHEAD].place).bytes + p->depth);
		p->items[i].head = read_head(t, p->items[i].place, p->depth);
	}
}

static bool is_less(const struct keytable *t, const struct keytable_item *a,
    const struct keytable_item *b, size_t depth)
{
	struct keytable_key x;
	struct keytable_key y;
	int order;

	if (a->head != b->head)
		return a->head < b->head;
	x = keytable_at(t, a->place);
	y = keytable_at(t, b->place);
	if (x.len <= depth || y.len <= depth)
		return x.len < y.len;
	order = memcmp(x.bytes + depth, y.bytes + depth, (x.len < y.len ? x.len : y.len) - depth);
	return order != 0 ? order < 0 : x.len < y.len;
}

static void insertion_sort(const struct keytable *t, const struct part *p)
{
	for (size_t i = 1; i < p->count; i++) {
		struct keytable_item item = p->items[i];
		size_t at = i;

		for (; at > 0 && is_less(t, &item, &p->items[at - 1], p->depth); at--)
			p->items[at] = p->items[at - 1];
		p->items[at] = item;
	}
}

/*
 * Those with heads below the bound to the front; returns how many they are. No branch depends on
 * a head: half of them would be mispredicted, which costs more than moving every item. The moves
 * are by field, so that a processor can hand a store on to the load that follows it.
 */
static size_t split(struct keytable_item *items, size_t count, uint64_t bound)
{
	size_t low = 0;

	for (size_t i = 0; i < count; i++) {
		uint64_t head = items[i].head;
		uint32_t place = items[i].place;

		items[i].head = items[low].head;
		items[i].place = items[low].place;
		items[low].head = head;
		items[low].place = place;
		low += head < bound;
	}
	return low;
}

/* Three ways by the head: below, as, and above the pivot. */
static void partition(const struct part *p, uint64_t pivot, struct part parts[static 3])
{
	size_t low = split(p->items, p->count, pivot);
	size_t equal =
	    pivot == UINT64_MAX ? p->count - low : split(p->items + low, p->count - low, pivot + 1);

	parts[0] = (struct part){ p->items, low, p->depth };
	parts[1] = (struct part){ p->items + low, equal, p->depth };
	parts[2] = (struct part){ p->items + low + equal, p->count - low - equal, p->depth };
}

/*
 * Of keys with equal heads, those that end within them come first. They differ in nothing but
 * length, so that they are fewer than nine. The others are known to share eight bytes more.
 */
static void go_deeper(const struct keytable *t, struct part *p)
{
	struct part ended = { p->items, 0, p->depth };

	for (size_t i = 0; i < p->count; i++) {
		struct keytable_item item = p->items[i];

		if (i + LOOK_AHEAD < p->count)
			__builtin_prefetch(keytable_at(t, p->items[i + LOOK_AHEAD].place).bytes);
		if (keytable_at(t, item.place).len > p->depth + sizeof(item.head))
			continue;
		p->items[i] = p->items[ended.count];
		p->items[ended.count++] = item;
	}
	insertion_sort(t, &ended);
	p->items += ended.count;
	p->count -= ended.count;
	p->depth += sizeof(p->items->head);
	read_heads(t, p);
}

static void swap_parts(struct part *a, struct part *b)
{
	struct part c = *a;

	*a = *b;
	*b = c;
}

static void sort(const struct keytable *t, struct part whole)
{
	struct part waiting[PARTS_MAX] = { whole };
	size_t count = 1;
	uint64_t random = t->seed | 1;

	while (count > 0) {
		struct part p = waiting[--count];
		struct part parts[3];

		while (p.count > INSERTION_MAX) {
			random = random * 6364136223846793005u + 1442695040888963407u;
			partition(&p, p.items[(random >> 32) % p.count].head, parts);
			if (parts[1].count > 1)
				go_deeper(t, &parts[1]);
			if (parts[1].count < parts[0].count)
				swap_parts(&parts[0], &parts[1]);
			if (parts[2].count < parts[0].count)
				swap_parts(&parts[0], &parts[2]);
			p = parts[0];
			waiting[count++] = parts[1];
			waiting[count++] = parts[2];
		}
		insertion_sort(t, &p);
	}
}

bool keytable_sort(const struct keytable *t, struct region *ret)
{
	struct part whole = { .count = t->count };
	uint32_t place = 0;

	*ret = (struct region){ .stock = t->arena.stock };
	if (!region_reserve(ret, (size_t)t->count * sizeof(struct keytable_item) + 1))
		return false;
	whole.items = ret->base;
	for (size_t i = 0; i < t->count; i++) {
		whole.items[i].place = place;
		place = keytable_next(place, keytable_at(t, place).len);
	}
	read_heads(t, &whole);
	sort(t, whole);
	return true;
}
