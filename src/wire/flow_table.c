/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Chained hashing over an array of slots, with a doubly linked list by age through the same slots.
 */
#include "wire/flow_table.h"

#include <assert.h>
#include <string.h>

#include "base/hash.h"

void flow_key_of(struct flow_key *k, const struct addr *source, const struct addr *destination,
    uint32_t number, uint16_t protocol)
{
	memset(k, 0, sizeof(*k));
	memcpy(k->source, source->bytes, source->len);
	memcpy(k->destination, destination->bytes, destination->len);
	k->number = number;
	k->protocol = protocol;
	k->family = source->len;
}

static uint32_t *bucket_of(const struct flow_table *t, const struct flow_key *k)
{
	return &t->buckets[hash_bytes(k, sizeof(*k), t->seed) & t->mask];
}

void flow_table_init(struct flow_table *t, struct flow_slot *slots, uint32_t slot_count,
    uint32_t *buckets, uint32_t bucket_count, uint64_t seed)
{
	assert(bucket_count > 0 && (bucket_count & (bucket_count - 1)) == 0);
	t->slots = slots;
	t->buckets = buckets;
	t->mask = bucket_count - 1;
	t->newest = t->oldest = FLOW_NONE;
	t->seed = seed;
	t->capacity = slot_count;
	t->used = 0;
	t->free = FLOW_NONE;
	for (uint32_t i = 0; i < bucket_count; i++)
		buckets[i] = FLOW_NONE;
}

uint32_t flow_table_find(const struct flow_table *t, const struct flow_key *k)
{
	uint32_t entry = *bucket_of(t, k);

	while (entry != FLOW_NONE && memcmp(&t->slots[entry].key, k, sizeof(*k)) != 0)
		entry = t->slots[entry].chain;
	return entry;
}

static void link_newest(struct flow_table *t, uint32_t entry)
{
	t->slots[entry].newer = FLOW_NONE;
	t->slots[entry].older = t->newest;
	if (t->newest != FLOW_NONE)
		t->slots[t->newest].newer = entry;
	else
		t->oldest = entry;
	t->newest = entry;
}

static void unlink_age(struct flow_table *t, uint32_t entry)
{
	const struct flow_slot *s = &t->slots[entry];

	if (s->newer != FLOW_NONE)
		t->slots[s->newer].older = s->older;
	else
		t->newest = s->older;
	if (s->older != FLOW_NONE)
		t->slots[s->older].newer = s->newer;
	else
		t->oldest = s->newer;
}

bool flow_table_is_full(const struct flow_table *t)
{
	return t->free == FLOW_NONE && t->used == t->capacity;
}

uint32_t flow_table_add(struct flow_table *t, const struct flow_key *k)
{
	uint32_t entry = t->free;
	uint32_t *bucket = bucket_of(t, k);

	if (flow_table_is_full(t))
		return FLOW_NONE;
	if (entry == FLOW_NONE)
		entry = t->used++;
	else
		t->free = t->slots[entry].chain;
	t->slots[entry].key = *k;
	t->slots[entry].chain = *bucket;
	*bucket = entry;
	link_newest(t, entry);
	return entry;
}

void flow_table_remove(struct flow_table *t, uint32_t entry)
{
	uint32_t *at = bucket_of(t, &t->slots[entry].key);

	while (*at != entry)
		at = &t->slots[*at].chain;
	*at = t->slots[entry].chain;
	unlink_age(t, entry);
	t->slots[entry].chain = t->free;
	t->free = entry;
}

void flow_table_touch(struct flow_table *t, uint32_t entry)
{
	if (t->newest == entry)
		return;
	unlink_age(t, entry);
	link_newest(t, entry);
}
