/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Open addressing with linear probing over slots of eight bytes that hold half of the hash, so
 * that a probe rarely touches a key that is not the one. The hash is seeded: names in evidence
 * cannot be made to collide.
 */
#include "haystack/keytable.h"

#include "base/hash.h"

#define FIRST_SLOTS ((size_t)1 << 12)
#define PLACE_GRAIN 4
#define ARENA_MAX   ((size_t)UINT32_MAX * PLACE_GRAIN)

void keytable_init(struct keytable *t, uint64_t seed)
{
	*t = (struct keytable){ .seed = seed };
}

void keytable_release(struct keytable *t)
{
	region_release(&t->slots);
	region_release(&t->arena);
	keytable_init(t, t->seed);
}

void keytable_clear(struct keytable *t)
{
	if (t->slots.base != NULL)
		memset(t->slots.base, 0, t->slots.bytes);
	t->used = 0;
	t->count = 0;
}

uint64_t keytable_bytes(const struct keytable *t)
{
	return t->used + (t->mask + 1) * sizeof(uint64_t) +
	       (uint64_t)t->count * sizeof(struct keytable_item);
}

bool keytable_is_full(const struct keytable *t)
{
	return t->used > ARENA_MAX - KEYTABLE_BATCH * (sizeof(struct key) + 16) ||
	       t->count > UINT32_MAX - 2 * KEYTABLE_BATCH;
}

static void place_slot(uint64_t *slots, uint64_t mask, uint64_t hash, uint64_t slot)
{
	uint64_t at = hash & mask;

	while (slots[at] != 0)
		at = (at + 1) & mask;
	slots[at] = slot;
}

static size_t record_bytes(size_t key_len)
{
	return (KEYTABLE_RECORD_BYTES + key_len + PLACE_GRAIN - 1) / PLACE_GRAIN * PLACE_GRAIN;
}

/* Room for one more batch at most half full. Keys are rehashed in the order they lie in. */
static bool reserve_slots(struct keytable *t)
{
	struct region slots = { .base = NULL };
	uint64_t count = t->slots.base == NULL ? FIRST_SLOTS : t->mask + 1;

	if (t->slots.base != NULL && 2 * ((uint64_t)t->count + KEYTABLE_BATCH) <= count)
		return true;
	while (2 * ((uint64_t)t->count + KEYTABLE_BATCH) > count)
		count *= 2;
	if (!region_reserve(&slots, count * sizeof(uint64_t)))
		return false;
	for (size_t at = 0; at < t->used;) {
		struct keytable_key k = keytable_at(t, (uint32_t)(at / PLACE_GRAIN));
		uint64_t hash = hash_bytes(k.bytes, k.len, t->seed);

		place_slot(slots.base, count - 1, hash,
		    (hash & 0xffffffff00000000u) | (at / PLACE_GRAIN + 1));
		at += record_bytes(k.len);
	}
	region_release(&t->slots);
	t->slots = slots;
	t->mask = count - 1;
	return true;
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
	uint64_t *slots = t->slots.base;
	uint64_t at = q->hash & t->mask;

	for (; slots[at] != 0; at = (at + 1) & t->mask) {
		struct keytable_key k;

		if ((slots[at] ^ q->hash) >> 32 != 0)
			continue;
		k = keytable_at(t, (uint32_t)slots[at] - 1);
		if (k.len == q->len && memcmp(k.bytes, q->key, q->len) == 0)
			return k.id;
	}
	slots[at] = (q->hash & 0xffffffff00000000u) | (t->used / PLACE_GRAIN + 1);
	return append(t, q);
}

bool keytable_add(struct keytable *t, struct keytable_query *batch, size_t count)
{
	const uint64_t *slots;
	size_t bytes = 0;

	for (size_t i = 0; i < count; i++)
		bytes += record_bytes(batch[i].len);
	/* a key's head may be read beyond its end when it is sorted */
	if (!reserve_slots(t) || !region_reserve(&t->arena, t->used + bytes + sizeof(uint64_t)))
		return false;
	slots = t->slots.base;
	for (size_t i = 0; i < count; i++) {
		batch[i].hash = hash_bytes(batch[i].key, batch[i].len, t->seed);
		__builtin_prefetch(&slots[batch[i].hash & t->mask]);
	}
	for (size_t i = 0; i < count; i++) {
		uint64_t slot = slots[batch[i].hash & t->mask];

		if (slot != 0)
			__builtin_prefetch((const uint8_t *)t->arena.base +
					   PLACE_GRAIN * (size_t)((uint32_t)slot - 1));
	}
	for (size_t i = 0; i < count; i++)
		batch[i].id = find_or_append(t, &batch[i]);
	return true;
}
