/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memory of one lifetime: one arena per batch of evidence and one per hunt, passed explicitly.
 * Nothing in it is freed alone. Blocks are aligned for any object and zeroed.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

#include "base/attr.h"

struct arena_chunk;

struct arena {
	struct arena_chunk *chunks; /* newest first */
	size_t used_bytes;          /* of the newest chunk */
	size_t total_bytes;         /* held from the system */
	size_t max_bytes;           /* never holds more */
};

/* An empty arena that will hold at most max_bytes. Allocates nothing. */
void arena_init(struct arena *a, size_t max_bytes);

/* Give everything back; all pointers into the arena end here. The arena is empty and usable. */
void arena_release(struct arena *a);

/* n zeroed bytes that live until arena_release(), or NULL: out of memory, or over the maximum. */
void *arena_alloc(struct arena *a, size_t n) MUST_USE;

/* A copy of len bytes with a NUL behind them. */
void *arena_copy(struct arena *a, const void *bytes, size_t len) MUST_USE;

/*
 * Everything in `from` lives on in `into`, where it was; from is empty then. So can threads fill
 * arenas of their own. The maximum of `into` is not asked.
 */
void arena_adopt(struct arena *into, struct arena *from);

#endif
