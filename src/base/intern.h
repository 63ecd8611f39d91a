/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A set of byte strings, each stored once and known by a dense number 0, 1, 2, ... in order of
 * first sight.
 */
#ifndef BASE_INTERN_H
#define BASE_INTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"

struct interned {
	const uint8_t *bytes;
	size_t len;
};

struct intern {
	struct arena arena;
	struct interned *items;
	uint32_t *slots; /* item number + 1, 0 is free */
	uint32_t count;
	uint32_t capacity; /* of items */
	uint32_t mask;     /* slots - 1 */
	uint64_t seed;
};

#define INTERN_NONE UINT32_MAX

/* An empty set whose strings take at most max_bytes. Allocates nothing. */
void intern_init(struct intern *in, uint64_t seed, size_t max_bytes);
void intern_release(struct intern *in);

/* Number of the string, which is added when new. False: out of memory or over the maximum. */
bool intern_add(struct intern *in, const void *bytes, size_t len, uint32_t *ret_id) MUST_USE;

/* Number of the string, or INTERN_NONE. */
uint32_t intern_find(const struct intern *in, const void *bytes, size_t len);

/* The string of a number below count; borrowed until intern_release(). */
static inline struct interned intern_get(const struct intern *in, uint32_t id)
{
	return in->items[id];
}

#endif
