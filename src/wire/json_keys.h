/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The keys of an object that a reader of JSON wants, each with the place of its value. They are
 * found by their text; faster, though, by where they are expected: lines of one log have their
 * keys in one order, with some left out, so that two words of eight bytes settle that the next
 * key is the one that came next before. Order is learned on the way, and decides nothing.
 */
#ifndef WIRE_JSON_KEYS_H
#define WIRE_JSON_KEYS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/swar.h"

struct json_value;

/* A wanted key and the place of its value; several keys may share a place. */
struct json_key {
	const char *text; /* borrowed as long as the table */
	unsigned slot;
};

#define JSON_KEYS_MAX     48
#define JSON_KEY_TEXT_MAX 64
#define JSON_BUCKETS      64
#define JSON_NO_SLOT      UINT_MAX
#define JSON_ORDER_MAX    64
#define JSON_ORDER_WORDS  3                /* of a key from the comma to the value */
#define JSON_ORDER_LEAST  (2 * SWAR_BYTES) /* looked at always; the third word is of long keys */
#define JSON_ORDER_BYTES  (JSON_ORDER_WORDS * SWAR_BYTES)

/* No members for callers, but for slots. */
struct json_keys {
	const struct json_key *keys;
	size_t slots;
	uint8_t lens[JSON_KEYS_MAX];
	uint8_t next[JSON_KEYS_MAX];  /* key of the same bucket, + 1; 0 ends */
	uint8_t bucket[JSON_BUCKETS]; /* first key, + 1 */
	/* keys as they came, wanted ones and others */
	struct json_expected {
		uint64_t text[JSON_ORDER_WORDS];
		uint64_t mask[JSON_ORDER_WORDS]; /* ones in the places of the text */
		unsigned slot;
		unsigned len;        /* of the text: quotes and colon included */
	} order[JSON_ORDER_MAX + 1]; /* the last place stays empty, and fits no text */
	unsigned order_count;
	unsigned expected; /* the next key is the one at this place, or soon behind it */
	/* see json_keys_nest(); NULL: no object inside this one is of interest */
	struct json_keys *inner;
	struct json_value *inner_values;
	unsigned inner_slot;
};

/* At most JSON_KEYS_MAX keys, shorter than JSON_KEY_TEXT_MAX, with slots below the number given. */
void json_keys_init(struct json_keys *k, const struct json_key *keys, size_t count, size_t slots);

/*
 * An object in that slot is read by inner's keys into values as it is passed, rather than once
 * more behind that. They are valid if the slot's value is an object. Inner has none of its own.
 * Both are borrowed as long as the table.
 */
void json_keys_nest(
    struct json_keys *k, unsigned slot, struct json_keys *inner, struct json_value *values);

/* The slot of the key of that text (without escapes), or JSON_NO_SLOT. */
unsigned json_keys_find(const struct json_keys *k, const uint8_t *text, size_t len);

/*
 * Expect a key, here from now on: len bytes of text from the comma before it to its value, free of
 * escapes. What is longer than JSON_ORDER_BYTES is left out, and all when the table is full.
 */
void json_keys_learn(struct json_keys *k, const uint8_t *text, size_t len, unsigned slot);

/* Is this text, of left bytes, JSON_ORDER_LEAST at least, the key expected? */
static inline bool json_keys_fits(const struct json_expected *e, const uint8_t *text, size_t left)
{
	return ((swar_load(text) ^ e->text[0]) & e->mask[0]) == 0 &&
	       ((swar_load(text + SWAR_BYTES) ^ e->text[1]) & e->mask[1]) == 0 &&
	       (e->len <= JSON_ORDER_LEAST ||
		   (left >= JSON_ORDER_BYTES &&
		       ((swar_load(text + JSON_ORDER_LEAST) ^ e->text[2]) & e->mask[2]) == 0));
}

/* One of those behind the one expected, which was left out, that fits; or NULL. */
const struct json_expected *json_keys_look_on(const struct json_keys *k,
    const struct json_expected *expected, const uint8_t *text, size_t left);

#endif
