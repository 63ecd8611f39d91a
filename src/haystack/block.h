/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A block of an MTBL file: sorted entries, each "shared, unshared, value length" as varints, then
 * the unshared part of the key, then the value; behind them the offsets of the restart points,
 * which are entries that share nothing, as le32, and their number. Reading never trusts them.
 */
#ifndef HAYSTACK_BLOCK_H
#define HAYSTACK_BLOCK_H

#include <string.h>

#include "base/buf.h"
#include "base/cursor.h"
#include "contact/key.h"

/* Every restart point costs a whole key: the larger the interval, the smaller the file. */
#define BLOCK_RESTART_INTERVAL 64

/* ---- writing ---- */

struct block_builder {
	struct buf entries;
	struct buf restarts;
	size_t since_restart;
	size_t count;
	struct key last;
};

void block_builder_init(struct block_builder *b);
void block_builder_release(struct block_builder *b);

/* Bytes that the block would take if it was finished now. */
size_t block_builder_bytes(const struct block_builder *b);

/* Keys come in strictly increasing order. */
void block_builder_add(struct block_builder *b, const uint8_t *key, size_t key_len,
    const uint8_t *value, size_t value_len);

/* Append the restart points: b->entries is then the whole block. False: out of memory. */
bool block_builder_finish(struct block_builder *b) MUST_USE;
void block_builder_clear(struct block_builder *b);

/* ---- reading ---- */

struct block_iter {
	struct cursor entries; /* up to the restart points; err tells damage */
	struct cursor restarts;
	const uint8_t *value; /* NULL: no entry is current */
	size_t value_len;
	size_t shared; /* how many bytes this key and the one read before it begin with alike */
	struct key key;
};

/* Before the first entry. A block without room for its own numbers is damage. */
void block_iter_init(struct block_iter *it, struct cursor block);

/* Of block_iter_next(), any entry. */
bool block_iter_next_any(struct block_iter *it);

/* A suffix up to this is copied in one piece, with what follows it. */
#define BLOCK_SUFFIX_SHORT 32

/*
 * Step to the next entry. False at the end and at damage (it->entries.err); a key that is not
 * above the one before it is damage too. Inline for nearly all entries: three numbers of one
 * byte, a short suffix, and no restart point, where a key shares more than is written.
 */
static inline bool block_iter_next(struct block_iter *it)
{
	struct cursor *c = &it->entries;
	const uint8_t *head = cursor_peek(c, 3 + BLOCK_SUFFIX_SHORT);
	size_t shared, unshared, value_len;
	const uint8_t *suffix;

	if (head == NULL || (head[0] | head[1] | head[2]) >= 0x80)
		return block_iter_next_any(it);
	shared = head[0];
	unshared = head[1];
	value_len = head[2];
	suffix = &head[3];
	if (shared > it->key.len || unshared - 1 >= BLOCK_SUFFIX_SHORT ||
	    (shared < it->key.len && suffix[0] <= it->key.bytes[shared]))
		return block_iter_next_any(it);
	cursor_skip(c, 3 + unshared);
	memcpy(it->key.bytes + shared, suffix, BLOCK_SUFFIX_SHORT);
	it->key.len = shared + unshared;
	it->shared = shared;
	it->value_len = value_len;
	it->value = cursor_take(c, value_len);
	return it->value != NULL;
}

/* Step to the first entry whose key is not below the one given. The same result. */
bool block_iter_seek(struct block_iter *it, const uint8_t *key, size_t len);

/* How many bytes two strings, of at least len each, begin with alike. */
size_t block_shared_prefix(const uint8_t *a, const uint8_t *b, size_t len);

/* memcmp order, a prefix first. */
int block_key_cmp(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len);

#endif
