/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * CBOR (RFC 8949) through a cursor, item by item, without a tree and without allocation:
 *
 *	items = cbor_map(&c);
 *	while (cbor_more(&c, &items))
 *		switch (cbor_int(&c)) {
 *		case KEY_PORT:
 *			port = cbor_uint(&c);
 *			break;
 *		default:
 *			cbor_skip(&c);
 *		}
 *	if (c.err != NULL)
 *		...
 *
 * An item of another kind than the one asked for fails the cursor, as does one that is not well
 * formed. Where there are only too few bytes the error is CURSOR_TRUNCATED, so that a caller with
 * more of them can try again.
 */
#ifndef WIRE_CBOR_H
#define WIRE_CBOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/cursor.h"

enum cbor_major {
	CBOR_UINT = 0,
	CBOR_NEGATIVE = 1, /* the number is -1 - value */
	CBOR_BYTES = 2,
	CBOR_TEXT = 3,
	CBOR_ARRAY = 4,
	CBOR_MAP = 5,
	CBOR_TAG = 6, /* belongs to the item behind it */
	CBOR_SIMPLE = 7,
};

/* What begins every item. */
struct cbor_head {
	enum cbor_major major;
	bool is_open;  /* of unknown length: a break ends it */
	bool is_break; /* not an item: the end of an open one */
	/* the number, the length, the count of items or pairs, the tag, or the bits of a float */
	uint64_t value;
};

#define CBOR_SHORT_MAX 23 /* a value that is in the first byte itself */

/* The rest of cbor_head_read(), not its own use: a head of any form, good or bad. */
bool cbor_head_long(struct cursor *c, struct cbor_head *ret) MUST_USE;

/*
 * False, with c->err: cut, or not well formed. Bytes of a string are not stepped over. Most heads
 * are of one byte or two, and looked at here, without a call.
 */
static inline bool cbor_head_read(struct cursor *c, struct cbor_head *ret)
{
	const uint8_t *at = cursor_peek(c, 2);
	unsigned info;

	if (at == NULL || (at[0] & 0x1f) > CBOR_SHORT_MAX + 1 || at[0] >> 5 == CBOR_SIMPLE)
		return cbor_head_long(c, ret);
	info = at[0] & 0x1f;
	*ret = (struct cbor_head){ .major = (enum cbor_major)(at[0] >> 5),
		.value = info > CBOR_SHORT_MAX ? at[1] : info };
	c->pos += 1u + (info > CBOR_SHORT_MAX);
	return true;
}

/* Step over one whole item, at most LIMIT_CBOR_DEPTH containers deep. */
void cbor_skip(struct cursor *c);

/* What is left of an array, in items, or of a map, in pairs. */
struct cbor_items {
	uint64_t left;
	bool is_open;
};

struct cbor_items cbor_array(struct cursor *c);
struct cbor_items cbor_map(struct cursor *c);

/*
 * Does another item, or pair, begin here? Then it counts as taken. False at the end, or after an
 * error.
 */
bool cbor_more(struct cursor *c, struct cbor_items *items) MUST_USE;

/* 0 after a failure. A number that the type cannot hold fails. */
uint64_t cbor_uint(struct cursor *c);
int64_t cbor_int(struct cursor *c);

/* A string of bytes or of text, in one piece; borrowed as long as the window. NULL: failed. */
const uint8_t *cbor_bytes(struct cursor *c, size_t *ret_len);

/* The kind of the next item, which is not stepped over; CBOR_SIMPLE at the end. */
static inline enum cbor_major cbor_peek(const struct cursor *c)
{
	const uint8_t *next = cursor_peek(c, 1);

	return next == NULL ? CBOR_SIMPLE : (enum cbor_major)(*next >> 5);
}

#endif
