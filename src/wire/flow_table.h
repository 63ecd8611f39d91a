/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The most recent N flows by key, in memory of the caller: a hash table whose entries are also
 * linked by age. Entries are numbers below N, so that callers keep what belongs to a flow in
 * arrays beside it. Which entry makes room for another depends on the order of calls alone,
 * never on the hash.
 */
#ifndef WIRE_FLOW_TABLE_H
#define WIRE_FLOW_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

#define FLOW_NONE UINT32_MAX

struct flow_key {
	uint8_t source[16];
	uint8_t destination[16];
	uint32_t number; /* both ports, or a fragment's identification */
	uint16_t protocol;
	uint16_t family; /* length of the addresses */
};

struct flow_slot {
	struct flow_key key;
	uint32_t chain; /* next of the same bucket, or of the free ones */
	uint32_t newer;
	uint32_t older;
};

struct flow_table {
	struct flow_slot *slots; /* of the caller; capacity of them */
	uint32_t *buckets;       /* of the caller; mask + 1 of them */
	uint32_t mask;
	uint32_t capacity;
	uint32_t used; /* slots behind these were never touched */
	uint32_t free; /* first of those that were given back */
	uint32_t newest;
	uint32_t oldest;
	uint64_t seed;
};

void flow_key_of(struct flow_key *k, const struct addr *source, const struct addr *destination,
    uint32_t number, uint16_t protocol);

/*
 * An empty table of slot_count entries; bucket_count is a power of two. The slots may hold
 * anything, and are not touched before they are used.
 */
void flow_table_init(struct flow_table *t, struct flow_slot *slots, uint32_t slot_count,
    uint32_t *buckets, uint32_t bucket_count, uint64_t seed);

/* The entry of a key, or FLOW_NONE. */
uint32_t flow_table_find(const struct flow_table *t, const struct flow_key *k);

bool flow_table_is_full(const struct flow_table *t);

/* A new entry for a key that is not there, as the newest. FLOW_NONE: the table is full. */
uint32_t flow_table_add(struct flow_table *t, const struct flow_key *k);

void flow_table_remove(struct flow_table *t, uint32_t entry);

/* Make an entry the newest. */
void flow_table_touch(struct flow_table *t, uint32_t entry);

#endif
