/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/json_keys.h"

#include <assert.h>
#include <string.h>

#define LOOK_ON 12 /* keys left out in a row; behind them looking up costs less */

/* Of the length and two bytes: enough to tell the keys of a log apart. */
static inline unsigned bucket_of(const uint8_t *text, size_t len)
{
	return (unsigned)(len * 5 + text[0] * 3u + text[len - 1]) % JSON_BUCKETS;
}

void json_keys_init(struct json_keys *k, const struct json_key *keys, size_t count, size_t slots)
{
	assert(count <= JSON_KEYS_MAX);
	*k = (struct json_keys){ .keys = keys, .slots = slots };
	for (size_t i = 0; i < count; i++) {
		size_t len = strlen(keys[i].text);
		uint8_t *bucket;

		assert(len > 0 && len < JSON_KEY_TEXT_MAX && keys[i].slot < slots);
		bucket = &k->bucket[bucket_of((const uint8_t *)keys[i].text, len)];
		k->lens[i] = (uint8_t)len;
		k->next[i] = *bucket;
		*bucket = (uint8_t)(i + 1);
	}
	/* an empty place fits no text: eight octets 0xff are no JSON */
	for (unsigned i = 0; i <= JSON_ORDER_MAX; i++) {
		k->order[i].text[0] = UINT64_MAX;
		k->order[i].mask[0] = UINT64_MAX;
	}
}

void json_keys_nest(
    struct json_keys *k, unsigned slot, struct json_keys *inner, struct json_value *values)
{
	assert(slot < k->slots && inner->inner == NULL);
	k->inner = inner;
	k->inner_values = values;
	k->inner_slot = slot;
}

unsigned json_keys_find(const struct json_keys *k, const uint8_t *text, size_t len)
{
	if (len == 0)
		return JSON_NO_SLOT;
	for (unsigned i = k->bucket[bucket_of(text, len)]; i != 0; i = k->next[i - 1])
		if (k->lens[i - 1] == len && memcmp(k->keys[i - 1].text, text, len) == 0)
			return k->keys[i - 1].slot;
	return JSON_NO_SLOT;
}

static bool is_same(const struct json_expected *a, const struct json_expected *b)
{
	return a->len == b->len && memcmp(a->text, b->text, sizeof(a->text)) == 0;
}

void json_keys_learn(struct json_keys *k, const uint8_t *text, size_t len, unsigned slot)
{
	struct json_expected e = { .slot = slot, .len = (unsigned)len };
	uint8_t padded[JSON_ORDER_BYTES] = { 0 };
	uint8_t ones[JSON_ORDER_BYTES] = { 0 };

	if (len > JSON_ORDER_BYTES)
		return;
	memcpy(padded, text, len);
	memset(ones, 0xff, len);
	for (size_t i = 0; i < JSON_ORDER_WORDS; i++) {
		e.text[i] = swar_load(padded + i * SWAR_BYTES);
		e.mask[i] = swar_load(ones + i * SWAR_BYTES);
	}
	for (unsigned i = 0; i < k->order_count; i++) {
		if (is_same(&k->order[i], &e)) {
			k->expected = i + 1;
			return;
		}
	}
	if (k->order_count == JSON_ORDER_MAX)
		return;
	if (k->expected > k->order_count)
		k->expected = k->order_count;
	memmove(&k->order[k->expected + 1], &k->order[k->expected],
	    (k->order_count - k->expected) * sizeof(e));
	k->order[k->expected++] = e;
	k->order_count++;
}

const struct json_expected *json_keys_look_on(const struct json_keys *k,
    const struct json_expected *expected, const uint8_t *text, size_t left)
{
	const struct json_expected *end = &k->order[k->order_count];

	for (unsigned i = 0; i < LOOK_ON && expected < end; i++, expected++)
		if (json_keys_fits(expected, text, left))
			return expected;
	return NULL;
}
