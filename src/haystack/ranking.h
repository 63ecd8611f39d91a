/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The endpoints of a writer in the order of their keys: ranks from numbers, and names from ranks. */
#ifndef HAYSTACK_RANKING_H
#define HAYSTACK_RANKING_H

#include "haystack/keytable.h"

struct ranking {
	const struct keytable *endpoints; /* borrowed */
	struct region items;              /* struct keytable_item of each rank */
	struct region ranks;              /* uint32_t of each number */
};

/* Sort the endpoints, of which no more may come. False: out of memory. */
bool ranking_make(struct ranking *r, const struct keytable *endpoints) MUST_USE;

/* Also one that is zero. */
void ranking_release(struct ranking *r);

/* Bytes that it takes. */
uint64_t ranking_bytes(const struct keytable *endpoints);

static inline const uint32_t *ranking_of(const struct ranking *r)
{
	return r->ranks.base;
}

/* The endpoint's part of a key. */
static inline struct key_part ranking_part(const struct ranking *r, uint32_t rank)
{
	const struct keytable_item *items = r->items.base;
	struct keytable_key key = keytable_at(r->endpoints, items[rank].place);

	return (struct key_part){ key.bytes, key.len };
}

/* Have it fetched, in two steps: where it is, and later the part itself. */
static PREFETCHES void ranking_announce(const struct ranking *r, uint32_t rank)
{
	__builtin_prefetch((const struct keytable_item *)r->items.base + rank);
}

#define RANKING_PART_USUAL 32 /* octets of most parts, which may lie in two lines of the cache */

static PREFETCHES void ranking_fetch(const struct ranking *r, uint32_t rank)
{
	const struct keytable_item *items = r->items.base;

	const uint8_t *at = keytable_at_place(r->endpoints, items[rank].place);

	__builtin_prefetch(at);
	__builtin_prefetch(at + RANKING_PART_USUAL);
}

#endif
