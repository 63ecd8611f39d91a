/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The first byte of an item has its kind in the upper three bits. The lower five are the value
 * below 24; 24 to 27: the value is in the next 1, 2, 4 or 8 bytes; 28 to 30: not well formed; 31:
 * open, or a break where the kind is 7 (RFC 8949 3).
 *
 * What is inside what is kept on a stack of our own, never in recursion: evidence decides it.
 */
#include "wire/cbor.h"

#include "base/limits.h"

#define INFO_ONE_BYTE 24
#define INFO_OPEN     31
#define SIMPLE_MIN    32 /* in a byte of its own; lower ones have a shorter form, the only one */

static const char why_broken[] = "broken CBOR";
static const char why_other[] = "CBOR of another kind than expected";

static uint64_t read_value(struct cursor *c, unsigned info)
{
	uint64_t high;

	switch (info) {
	case INFO_ONE_BYTE:
		return cursor_u8(c);
	case INFO_ONE_BYTE + 1:
		return cursor_be16(c);
	case INFO_ONE_BYTE + 2:
		return cursor_be32(c);
	case INFO_ONE_BYTE + 3:
		high = cursor_be32(c);
		return high << 32 | cursor_be32(c);
	default:
		return info;
	}
}

static bool may_be_open(enum cbor_major major)
{
	return major == CBOR_BYTES || major == CBOR_TEXT || major == CBOR_ARRAY ||
	       major == CBOR_MAP;
}

bool cbor_head_long(struct cursor *c, struct cbor_head *ret)
{
	const unsigned first = cursor_u8(c);
	const unsigned info = first & 0x1f;

	*ret = (struct cbor_head){ .major = (enum cbor_major)(first >> 5) };
	if (info == INFO_OPEN) {
		ret->is_break = ret->major == CBOR_SIMPLE;
		ret->is_open = may_be_open(ret->major);
		if (!ret->is_break && !ret->is_open)
			cursor_fail(c, why_broken);
		return c->err == NULL;
	}
	if (info > INFO_ONE_BYTE + 3)
		cursor_fail(c, why_broken);
	ret->value = read_value(c, info);
	if (ret->major == CBOR_SIMPLE && info == INFO_ONE_BYTE && ret->value < SIMPLE_MIN)
		cursor_fail(c, why_broken);
	return c->err == NULL;
}

static void skip_bytes(struct cursor *c, uint64_t len)
{
	/* as if by cursor_take(), whose length may be of fewer bits */
	cursor_skip(c, len > SIZE_MAX ? SIZE_MAX : (size_t)len);
}

/* The pieces of an open string, each of which is a whole one of the same kind. */
static void skip_pieces(struct cursor *c, enum cbor_major major)
{
	struct cbor_head h;

	while (cbor_head_read(c, &h) && !h.is_break) {
		if (h.major != major || h.is_open)
			cursor_fail(c, why_broken);
		skip_bytes(c, h.value);
	}
}

/* An array or a map that is not at its end. */
struct level {
	uint64_t left; /* items, two for each pair of a map */
	bool is_open;
	bool is_map;
	bool is_odd; /* of an open map: a key without its value */
};

/* The levels that a whole item ends: those that had no more to come. Returns how many are left. */
static size_t close_levels(struct level levels[static LIMIT_CBOR_DEPTH], size_t depth)
{
	while (depth > 0) {
		struct level *l = &levels[depth - 1];

		if (l->is_open) {
			l->is_odd = !l->is_odd;
			return depth;
		}
		if (--l->left > 0)
			return depth;
		depth--;
	}
	return 0;
}

/* The array or map that h begins. False: it has nothing inside, or c failed. */
static bool open_level(struct cursor *c, const struct cbor_head *h,
    struct level levels[static LIMIT_CBOR_DEPTH], size_t depth)
{
	const bool is_map = h->major == CBOR_MAP;

	if (!h->is_open && h->value == 0)
		return false;
	if (depth == LIMIT_CBOR_DEPTH)
		cursor_fail(c, "CBOR nested too deeply");
	/* every item has at least one byte: such a count cannot come true */
	if (h->value > UINT64_MAX / 2)
		cursor_fail(c, why_broken);
	if (c->err != NULL)
		return false;
	levels[depth] = (struct level){
		.left = is_map ? 2 * h->value : h->value, .is_open = h->is_open, .is_map = is_map
	};
	return true;
}

void cbor_skip(struct cursor *c)
{
	struct level levels[LIMIT_CBOR_DEPTH];
	struct cbor_head h;
	bool is_tagged = false;
	size_t depth = 0;

	while (cbor_head_read(c, &h)) {
		if (h.is_break) {
			if (depth == 0 || is_tagged || !levels[depth - 1].is_open ||
			    (levels[depth - 1].is_map && levels[depth - 1].is_odd))
				cursor_fail(c, why_broken);
			else
				depth--;
		} else if (h.major == CBOR_ARRAY || h.major == CBOR_MAP) {
			if (open_level(c, &h, levels, depth)) {
				depth++;
				is_tagged = false;
				continue;
			}
		} else if (h.major == CBOR_BYTES || h.major == CBOR_TEXT) {
			if (h.is_open)
				skip_pieces(c, h.major);
			else
				skip_bytes(c, h.value);
		}
		is_tagged = h.major == CBOR_TAG;
		if (is_tagged)
			continue;
		if (c->err != NULL)
			return;
		depth = close_levels(levels, depth);
		if (depth == 0)
			return;
	}
}

static struct cbor_items open_items(struct cursor *c, enum cbor_major major)
{
	struct cbor_items items = { .left = 0 };
	struct cbor_head h;

	if (!cbor_head_read(c, &h))
		return items;
	if (h.major != major)
		cursor_fail(c, why_other);
	items.left = h.value;
	items.is_open = h.is_open;
	return items;
}

struct cbor_items cbor_array(struct cursor *c)
{
	return open_items(c, CBOR_ARRAY);
}

struct cbor_items cbor_map(struct cursor *c)
{
	return open_items(c, CBOR_MAP);
}

bool cbor_more(struct cursor *c, struct cbor_items *items)
{
	const uint8_t *next;

	if (c->err != NULL)
		return false;
	if (!items->is_open) {
		if (items->left == 0)
			return false;
		items->left--;
		return true;
	}
	next = cursor_peek(c, 1);
	if (next == NULL) {
		cursor_fail(c, CURSOR_TRUNCATED);
		return false;
	}
	if (*next != (CBOR_SIMPLE << 5 | INFO_OPEN))
		return true;
	cursor_skip(c, 1);
	items->is_open = false;
	items->left = 0;
	return false;
}

uint64_t cbor_uint(struct cursor *c)
{
	struct cbor_head h;

	if (!cbor_head_read(c, &h))
		return 0;
	if (h.major == CBOR_UINT)
		return h.value;
	cursor_fail(c, why_other);
	return 0;
}

int64_t cbor_int(struct cursor *c)
{
	struct cbor_head h;

	if (!cbor_head_read(c, &h))
		return 0;
	if (h.major <= CBOR_NEGATIVE && h.value <= INT64_MAX)
		return h.major == CBOR_UINT ? (int64_t)h.value : -1 - (int64_t)h.value;
	cursor_fail(c, why_other);
	return 0;
}

const uint8_t *cbor_bytes(struct cursor *c, size_t *ret_len)
{
	struct cbor_head h;

	*ret_len = 0;
	if (!cbor_head_read(c, &h))
		return NULL;
	if ((h.major != CBOR_BYTES && h.major != CBOR_TEXT) || h.is_open)
		cursor_fail(c, why_other);
	if (h.value > cursor_left(c)) {
		cursor_fail(c, CURSOR_TRUNCATED);
		return NULL;
	}
	*ret_len = (size_t)h.value;
	return cursor_take(c, *ret_len);
}
