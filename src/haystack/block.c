/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * MTBL's blocks, after LevelDB's. libmtbl itself asserts on what it reads and writes, so that a
 * damaged file or a full disk would end the program; its format is simple enough to be read and
 * written here. Tests hold both against libmtbl.
 */
#include "haystack/block.h"

#include <string.h>

#include "base/swar.h"

#define BLOCK_MAX ((size_t)UINT32_MAX) /* restart points are 32 bits wide */

void block_builder_init(struct block_builder *b)
{
	buf_init(&b->entries, BLOCK_MAX);
	buf_init(&b->restarts, BLOCK_MAX);
	block_builder_clear(b);
}

void block_builder_release(struct block_builder *b)
{
	buf_release(&b->entries);
	buf_release(&b->restarts);
}

void block_builder_clear(struct block_builder *b)
{
	buf_clear(&b->entries);
	buf_clear(&b->restarts);
	b->since_restart = BLOCK_RESTART_INTERVAL;
	b->count = 0;
	b->last.len = 0;
}

static void put_le32(struct buf *b, uint32_t value)
{
	const uint8_t bytes[] = { (uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16),
		(uint8_t)(value >> 24) };

	buf_put(b, bytes, sizeof(bytes));
}

size_t block_builder_bytes(const struct block_builder *b)
{
	return b->entries.len + b->restarts.len + 4;
}

size_t block_shared_prefix(const uint8_t *a, const uint8_t *b, size_t len)
{
	size_t at = 0;

	for (; len - at >= SWAR_BYTES; at += SWAR_BYTES) {
		uint64_t differ = swar_load(a + at) ^ swar_load(b + at);

		if (differ != 0)
			return at + swar_first(differ);
	}
	while (at < len && a[at] == b[at])
		at++;
	return at;
}

#define ENTRY_HEAD_MAX ((size_t)3 * VARINT_MAX)

/* There is room for it. The rest of the key goes behind what it shares with the last one, too. */
static inline void put_entry(struct block_builder *b, size_t shared, const uint8_t *rest,
    size_t rest_len, const uint8_t *value, size_t value_len)
{
	uint8_t *to = b->entries.bytes + b->entries.len;

	if ((shared | rest_len | value_len) < 0x80) {
		*to++ = (uint8_t)shared;
		*to++ = (uint8_t)rest_len;
		*to++ = (uint8_t)value_len;
	} else {
		to = varint_write(varint_write(varint_write(to, shared), rest_len), value_len);
	}
	memcpy(to, rest, rest_len);
	memcpy(to + rest_len, value, value_len);
	memcpy(b->last.bytes + shared, rest, rest_len);
	b->entries.len = (size_t)(to + rest_len + value_len - b->entries.bytes);
}

void block_builder_add(struct block_builder *b, const uint8_t *key, size_t key_len,
    const uint8_t *value, size_t value_len)
{
	size_t min_len = key_len < b->last.len ? key_len : b->last.len;
	size_t shared = 0;

	if (b->since_restart == BLOCK_RESTART_INTERVAL) {
		put_le32(&b->restarts, (uint32_t)b->entries.len);
		b->since_restart = 0;
	} else {
		shared = block_shared_prefix(b->last.bytes, key, min_len);
	}
	if (buf_reserve(&b->entries, ENTRY_HEAD_MAX + key_len + value_len))
		put_entry(b, shared, key + shared, key_len - shared, value, value_len);
	b->last.len = key_len;
	b->since_restart++;
	b->count++;
}

bool block_builder_finish(struct block_builder *b)
{
	if (b->count == 0)
		put_le32(&b->restarts, 0); /* a block has one restart point at least */
	buf_put(&b->entries, b->restarts.bytes, b->restarts.len);
	put_le32(&b->entries, (uint32_t)(b->restarts.len / 4));
	return buf_ok(&b->entries) && buf_ok(&b->restarts);
}

void block_iter_init(struct block_iter *it, struct cursor block)
{
	size_t len = cursor_left(&block);
	struct cursor tail = block;
	uint64_t restarts_len;

	it->entries = block;
	it->restarts = cursor_of(NULL, 0);
	it->value = NULL;
	it->value_len = 0;
	it->shared = 0;
	it->key.len = 0;
	if (len < 4) {
		cursor_fail(&it->entries, "block too short");
		return;
	}
	cursor_skip(&tail, len - 4);
	restarts_len = UINT64_C(4) * cursor_le32(&tail);
	if (restarts_len == 0 || restarts_len > len - 4) {
		cursor_fail(&it->entries, "restart points outside of their block");
		return;
	}
	it->entries = cursor_sub(&block, len - 4 - restarts_len);
	it->restarts = cursor_sub(&block, restarts_len);
}

/* Both keys have `shared` bytes in common; how many more, and is the new one the greater? */
static bool put_suffix(struct block_iter *it, size_t shared, const uint8_t *suffix, size_t len)
{
	struct key *k = &it->key;
	size_t old_len = k->len - shared;
	size_t more = block_shared_prefix(k->bytes + shared, suffix, len < old_len ? len : old_len);

	if (more == len || (more < old_len && suffix[more] < k->bytes[shared + more])) {
		cursor_fail(&it->entries, "keys out of order");
		return false;
	}
	memcpy(k->bytes + shared, suffix, len);
	k->len = shared + len;
	it->shared = shared + more;
	return true;
}

bool block_iter_next_any(struct block_iter *it)
{
	struct cursor *c = &it->entries;
	uint64_t shared;
	uint64_t unshared;
	uint64_t value_len;
	const uint8_t *suffix;
	const uint8_t *value;

	it->value = NULL;
	if (cursor_left(c) == 0)
		return false;
	shared = cursor_varint(c);
	unshared = cursor_varint(c);
	value_len = cursor_varint(c);
	if (shared > it->key.len || unshared > KEY_MAX - shared) {
		cursor_fail(c, "key longer than any");
		return false;
	}
	suffix = cursor_take(c, unshared);
	value = cursor_take(c, value_len);
	if (c->err != NULL || !put_suffix(it, shared, suffix, unshared))
		return false;
	it->value = value;
	it->value_len = value_len;
	return true;
}

/* Stand before the restart point. */
static void go_to(struct block_iter *it, size_t restart)
{
	struct cursor at = it->restarts;
	uint32_t offset;

	cursor_skip(&at, 4 * restart);
	offset = cursor_le32(&at);
	it->entries.pos = 0;
	it->key.len = 0;
	cursor_skip(&it->entries, offset);
}

int block_key_cmp(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len)
{
	int order = memcmp(a, b, a_len < b_len ? a_len : b_len);

	return order != 0 ? order : (a_len > b_len) - (a_len < b_len);
}

bool block_iter_seek(struct block_iter *it, const uint8_t *key, size_t len)
{
	size_t low = 0;
	size_t high = cursor_left(&it->restarts) / 4;

	/* the last restart point below the key: the one sought is after it, or is the first */
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		go_to(it, middle);
		if (!block_iter_next(it))
			return false;
		if (block_key_cmp(it->key.bytes, it->key.len, key, len) < 0)
			low = middle;
		else
			high = middle;
	}
	go_to(it, low);
	while (block_iter_next(it))
		if (block_key_cmp(it->key.bytes, it->key.len, key, len) >= 0)
			return true;
	return false;
}
