/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The set of endpoints that a writer has met, as parts of keys, each with a dense number in order
 * of first sight, and their order. They are looked up in batches: a lone random access waits some 300 ns for memory,
 * one of many that were announced some 7.
 */
#ifndef HAYSTACK_KEYTABLE_H
#define HAYSTACK_KEYTABLE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/attr.h"
#include "contact/key.h"
#include "haystack/region.h"
#include "haystack/slots.h"

struct keytable {
	struct slots slots;  /* of places */
	struct region arena; /* struct keytable_record and the key's bytes, at multiples of 4 */
	size_t used;         /* bytes of the arena */
	uint32_t count;
	uint64_t seed; /* of the choices that sorting makes */
};

struct keytable_record {
	uint32_t id;
	uint16_t len;
};

#define KEYTABLE_RECORD_BYTES 6   /* without padding */
#define KEYTABLE_BATCH        192 /* keys at most that are looked up at once */

struct keytable_query {
	const uint8_t *key;
	size_t len;
	uint64_t hash; /* of what the key says, seeded: names cannot be made to collide */
	uint32_t id;   /* the answer */
};

/* Its memory comes from the stock, and goes back there. */
void keytable_init(struct keytable *t, struct stock *stock, uint64_t seed);
void keytable_release(struct keytable *t);

/* Forget all keys, keep the memory. */
void keytable_clear(struct keytable *t);

/* Bytes in use, with what sorting will take. */
uint64_t keytable_bytes(const struct keytable *t);

/* No more keys fit: places are 32 bits wide. */
bool keytable_is_full(const struct keytable *t);

/* Number every key of the batch, new ones too. False: out of memory. */
bool keytable_add(struct keytable *t, struct keytable_query *batch, size_t count) MUST_USE;

/* A key by its place, in units of four bytes. Borrowed until the next key comes. */
struct keytable_key {
	const uint8_t *bytes;
	size_t len;
	uint32_t id;
};

static inline const uint8_t *keytable_at_place(const struct keytable *t, uint32_t place)
{
	return (const uint8_t *)t->arena.base + 4 * (size_t)place;
}

static inline struct keytable_key keytable_at(const struct keytable *t, uint32_t place)
{
	const uint8_t *at = keytable_at_place(t, place);
	struct keytable_record r;

	memcpy(&r, at, KEYTABLE_RECORD_BYTES);
	return (struct keytable_key){ at + KEYTABLE_RECORD_BYTES, r.len, r.id };
}

/* The place behind a key of that length: that of the key with the next number. */
static inline uint32_t keytable_next(uint32_t place, size_t len)
{
	return place + (uint32_t)((KEYTABLE_RECORD_BYTES + len + 3) / 4);
}

/*
 * What finds keys goes back to the stock, for those who sort. No key may come before the table is
 * cleared.
 */
void keytable_seal(struct keytable *t);

/* All keys in memcmp order: count items in *ret, which the caller releases. */
struct keytable_item {
	uint64_t head; /* bytes of the key; of no meaning afterwards */
	uint32_t place;
};
bool keytable_sort(const struct keytable *t, struct region *ret) MUST_USE;

#endif
