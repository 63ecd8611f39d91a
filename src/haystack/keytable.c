/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "haystack/keytable.h"

#define PLACE_GRAIN 4
#define ARENA_MAX   ((size_t)UINT32_MAX * PLACE_GRAIN)

void keytable_init(struct keytable *t, struct stock *stock, uint64_t seed)
{
	*t = (struct keytable){ .slots.region.stock = stock, .arena.stock = stock, .seed = seed };
}

void keytable_release(struct keytable *t)
{
	slots_release(&t->slots);
	region_release(&t->arena);
	keytable_init(t, t->arena.stock, t->seed);
}

void keytable_clear(struct keytable *t)
{
	slots_clear(&t->slots);
	t->used = 0;
	t->count = 0;
}

void keytable_seal(struct keytable *t)
{
	slots_release(&t->slots);
}

uint64_t keytable_bytes(const struct keytable *t)
{
	return t->used + slots_bytes(&t->slots) + (uint64_t)t->count * sizeof(struct keytable_item);
}

bool keytable_is_full(const struct keytable *t)
{
	return t->used > ARENA_MAX - KEYTABLE_BATCH * (sizeof(struct key) + 16) ||
	       t->count > UINT32_MAX - 2 * KEYTABLE_BATCH;
}

static size_t record_bytes(size_t key_len)
{
	return (KEYTABLE_RECORD_BYTES + key_len + PLACE_GRAIN - 1) / PLACE_GRAIN * PLACE_GRAIN;
}

static uint32_t append(struct keytable *t, const struct keytable_query *q)
{
	uint8_t *at = (uint8_t *)t->arena.base + t->used;
	struct keytable_record r = { .id = t->count++, .len = (uint16_t)q->len };

	memcpy(at, &r, KEYTABLE_RECORD_BYTES);
	memcpy(at + KEYTABLE_RECORD_BYTES, q->key, q->len);
	t->used += record_bytes(q->len);
	return r.id;
}

static uint32_t find_or_append(struct keytable *t, const struct keytable_query *q)
{
	uint64_t *at = slots_home(&t->slots, q->hash);

	for (; *at != 0; at = slots_next(&t->slots, at)) {
		struct keytable_key k;

		if (!slot_fits(*at, q->hash))
			continue;
		k = keytable_at(t, slot_number(*at));
		if (k.len == q->len && memcmp(k.bytes, q->key, q->len) == 0)
			return k.id;
	}
	*at = slot_make(q->hash, (uint32_t)(t->used / PLACE_GRAIN));
	return append(t, q);
}

bool keytable_add(struct keytable *t, struct keytable_query *batch, size_t count)
{
	size_t bytes = 0;

	for (size_t i = 0; i < count; i++)
		bytes += record_bytes(batch[i].len);
	/* a key's head may be read beyond its end when it is sorted */
	if (!slots_reserve(&t->slots, t->count, count) ||
	    !region_reserve(&t->arena, t->used + bytes + sizeof(uint64_t)))
		return false;
	for (size_t i = 0; i < count; i++)
		__builtin_prefetch(slots_home(&t->slots, batch[i].hash), 1);
	for (size_t i = 0; i < count; i++) {
		uint64_t slot = *slots_home(&t->slots, batch[i].hash);
		const uint8_t *at;

		if (slot == 0)
			continue;
		/* it may end in the next line of the cache */
		at = keytable_at_place(t, slot_number(slot));
		__builtin_prefetch(at);
		__builtin_prefetch(at + record_bytes(batch[i].len) - 1);
	}
	for (size_t i = 0; i < count; i++)
		batch[i].id = find_or_append(t, &batch[i]);
	return true;
}
