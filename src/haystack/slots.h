/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The slots of a hash table whose records lie elsewhere: a slot holds the high half of a record's
 * hash and its number. The home of a slot is given by the highest bits of the hash, so that a
 * table grows by one pass over its slots, which writes memory in order and looks at no record.
 * Probing is linear, and at most three quarters of the slots are in use.
 */
#ifndef HAYSTACK_SLOTS_H
#define HAYSTACK_SLOTS_H

#include <stdint.h>

#include "haystack/region.h"

/* Starts as zeros, but for the stock of its region. */
struct slots {
	struct region region; /* uint64_t: high half of the hash, number + 1; 0 is free */
	unsigned bits; /* of the hash that give the home: 2^bits slots; 0 while there are none */
};

void slots_release(struct slots *s);

/* Free all slots, keep the memory. */
void slots_clear(struct slots *s);

/* Room for so many more besides those in use. Places change. False: out of memory. */
bool slots_reserve(struct slots *s, uint64_t used, uint64_t more) MUST_USE;

static inline uint64_t slots_bytes(const struct slots *s)
{
	return s->bits == 0 ? 0 : sizeof(uint64_t) << s->bits;
}

/* Where to look first, and where next. */
static inline uint64_t *slots_home(const struct slots *s, uint64_t hash)
{
	return (uint64_t *)s->region.base + (hash >> (64 - s->bits));
}

static inline uint64_t *slots_next(const struct slots *s, uint64_t *at)
{
	uint64_t *base = s->region.base;

	return ++at == base + (UINT64_C(1) << s->bits) ? base : at;
}

/* May the slot in use be of that hash? Then its record decides. */
static inline bool slot_fits(uint64_t slot, uint64_t hash)
{
	return (slot ^ hash) >> 32 == 0;
}

static inline uint32_t slot_number(uint64_t slot)
{
	return (uint32_t)slot - 1;
}

static inline uint64_t slot_make(uint64_t hash, uint32_t number)
{
	return (hash >> 32 << 32) | (number + UINT64_C(1));
}

#endif
