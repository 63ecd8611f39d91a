/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/intern.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/size.h"

#define FIRST_SLOTS 1024u

void intern_init(struct intern *in, uint64_t seed, size_t max_bytes)
{
	*in = (struct intern){ .seed = seed };
	arena_init(&in->arena, max_bytes);
}

void intern_release(struct intern *in)
{
	uint64_t seed = in->seed;
	size_t max_bytes = in->arena.max_bytes;

	arena_release(&in->arena);
	free(in->items);
	free(in->slots);
	intern_init(in, seed, max_bytes);
}

/* The slot that holds the string, or the free one where it belongs. */
static uint32_t slot_of(const struct intern *in, const void *bytes, size_t len)
{
	uint32_t at = (uint32_t)hash_bytes(bytes, len, in->seed) & in->mask;

	while (in->slots[at] != 0) {
		const struct interned *item = &in->items[in->slots[at] - 1];

		if (item->len == len && (len == 0 || memcmp(item->bytes, bytes, len) == 0))
			break;
		at = (at + 1) & in->mask;
	}
	return at;
}

static bool grow(struct intern *in)
{
	uint32_t slot_count = in->slots == NULL ? FIRST_SLOTS : (in->mask + 1) * 2;
	struct interned *items;
	uint32_t *slots;

	if (slot_count > UINT32_MAX / 2)
		return false;
	items = realloc(in->items, size_mul(slot_count / 2, sizeof(*items)));
	if (items == NULL)
		return false;
	in->items = items;
	in->capacity = slot_count / 2;
	slots = calloc(slot_count, sizeof(*slots));
	if (slots == NULL)
		return false;
	free(in->slots);
	in->slots = slots;
	in->mask = slot_count - 1;
	for (uint32_t id = 0; id < in->count; id++)
		slots[slot_of(in, items[id].bytes, items[id].len)] = id + 1;
	return true;
}

bool intern_add(struct intern *in, const void *bytes, size_t len, uint32_t *ret_id)
{
	uint32_t at;
	uint8_t *copy;

	if ((in->slots == NULL || in->count >= (in->mask + 1) / 2) && !grow(in))
		return false;
	at = slot_of(in, bytes, len);
	if (in->slots[at] == 0) {
		copy = arena_copy(&in->arena, bytes, len);
		if (copy == NULL)
			return false;
		in->items[in->count] = (struct interned){ .bytes = copy, .len = len };
		in->slots[at] = ++in->count;
	}
	*ret_id = in->slots[at] - 1;
	return true;
}

uint32_t intern_find(const struct intern *in, const void *bytes, size_t len)
{
	if (in->slots == NULL)
		return INTERN_NONE;
	/* a free slot holds 0, and 0 - 1 is INTERN_NONE */
	return in->slots[slot_of(in, bytes, len)] - 1;
}
