/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/size.h"

#define CHUNK_BYTES (64u << 10)

struct arena_chunk {
	struct arena_chunk *next;
	size_t size;
	alignas(max_align_t) unsigned char bytes[];
};

void arena_init(struct arena *a, size_t max_bytes)
{
	*a = (struct arena){ .max_bytes = max_bytes };
}

void arena_release(struct arena *a)
{
	while (a->chunks != NULL) {
		struct arena_chunk *next = a->chunks->next;

		free(a->chunks);
		a->chunks = next;
	}
	arena_init(a, a->max_bytes);
}

static struct arena_chunk *chunk_new(struct arena *a, size_t at_least)
{
	size_t size = at_least > CHUNK_BYTES ? at_least : CHUNK_BYTES;
	size_t held = size_add(a->total_bytes, size);
	struct arena_chunk *chunk;

	if (held > a->max_bytes)
		return NULL;
	chunk = calloc(1, size_add(sizeof(*chunk), size));
	if (chunk == NULL)
		return NULL;
	chunk->size = size;
	chunk->next = a->chunks;
	a->chunks = chunk;
	a->used_bytes = 0;
	a->total_bytes = held;
	return chunk;
}

void *arena_alloc(struct arena *a, size_t n)
{
	size_t align = alignof(max_align_t);
	size_t rounded = size_mul(size_add(n, align - 1) / align, align);
	struct arena_chunk *chunk = a->chunks;
	void *at;

	if (rounded == 0)
		rounded = align;
	if (chunk == NULL || rounded > chunk->size - a->used_bytes) {
		chunk = chunk_new(a, rounded);
		if (chunk == NULL)
			return NULL;
	}
	at = chunk->bytes + a->used_bytes;
	a->used_bytes += rounded;
	return at;
}

void *arena_copy(struct arena *a, const void *bytes, size_t len)
{
	unsigned char *copy = arena_alloc(a, size_add(len, 1));

	if (copy != NULL && len > 0)
		memcpy(copy, bytes, len);
	return copy;
}

void arena_adopt(struct arena *into, struct arena *from)
{
	struct arena_chunk *oldest = from->chunks;

	if (oldest == NULL)
		return;
	while (oldest->next != NULL)
		oldest = oldest->next;
	oldest->next = into->chunks;
	into->chunks = from->chunks;
	into->used_bytes = from->used_bytes;
	into->total_bytes += from->total_bytes;
	arena_init(from, from->max_bytes);
}
