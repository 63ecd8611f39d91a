/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "haystack/ranking.h"

#define LOOK_AHEAD 16

bool ranking_make(struct ranking *r, const struct keytable *endpoints)
{
	const struct keytable_item *items;
	uint32_t *ranks;

	*r = (struct ranking){ .endpoints = endpoints, .ranks.stock = endpoints->arena.stock };
	if (!keytable_sort(endpoints, &r->items) ||
	    !region_reserve(&r->ranks, (size_t)endpoints->count * sizeof(*ranks) + 1))
		return false;
	items = r->items.base;
	ranks = r->ranks.base;
	for (uint32_t rank = 0; rank < endpoints->count; rank++) {
		if (rank + LOOK_AHEAD < endpoints->count)
			__builtin_prefetch(
			    keytable_at_place(endpoints, items[rank + LOOK_AHEAD].place));
		ranks[keytable_at(endpoints, items[rank].place).id] = rank;
	}
	return true;
}

void ranking_release(struct ranking *r)
{
	region_release(&r->items);
	region_release(&r->ranks);
}

uint64_t ranking_bytes(const struct keytable *endpoints)
{
	return endpoints->count * (uint64_t)(sizeof(struct keytable_item) + sizeof(uint32_t));
}
