/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A block of an MTBL file: sorted entries, each "shared, unshared, value length" as varints, then
 * the unshared part of the key, then the value; behind them the offsets of the restart points,
 * which are entries that share nothing, as le32, and their number. Reading never trusts them.
 */
#ifndef HAYSTACK_BLOCK_H
#define HAYSTACK_BLOCK_H

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
	struct key key;
};

/* Before the first entry. A block without room for its own numbers is damage. */
void block_iter_init(struct block_iter *it, struct cursor block);

/* Step to the next entry. False at the end and at damage (it->entries.err). */
bool block_iter_next(struct block_iter *it);

/* Step to the first entry whose key is not below the one given. The same result. */
bool block_iter_seek(struct block_iter *it, const uint8_t *key, size_t len);

/* memcmp order, a prefix first. */
int block_key_cmp(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len);

#endif
