/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The only way to read bytes that come from outside. A cursor is a window over borrowed bytes
 * with a position and a sticky error: a read past the end yields NULL or 0, sets err, and every
 * later read does nothing, so that one check per record is enough. It never overruns and never
 * allocates. Make one read per statement: C17 does not fix the order of evaluation in calls and
 * initializers.
 *
 * The idea is Knot DNS's wire_ctx and djb's bytestream; the names are ours.
 */
#ifndef BASE_CURSOR_H
#define BASE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/swar.h"

#define CURSOR_TRUNCATED "truncated" /* the error of a window that is too short, and of no other */

struct cursor {
	const uint8_t *base; /* borrowed; never NULL, to which not even 0 may be added */
	size_t len;
	size_t pos;      /* <= len, always */
	const char *err; /* NULL, or a static string: why reading stopped */
};

static inline struct cursor cursor_of(const void *bytes, size_t len)
{
	static const uint8_t nothing[1] = { 0 };
	struct cursor c = { .base = nothing, .len = 0, .pos = 0, .err = NULL };

	if (bytes != NULL) {
		c.base = bytes;
		c.len = len;
	}
	return c;
}

static inline size_t cursor_left(const struct cursor *c)
{
	return c->err != NULL ? 0 : c->len - c->pos;
}

/* Stop reading for the reason given (a string that outlives the cursor). The first one stays. */
static inline void cursor_fail(struct cursor *c, const char *why)
{
	if (c->err == NULL)
		c->err = why;
}

/* The next n bytes, borrowed as long as the window; NULL, with err "truncated", if there are fewer. */
static inline const uint8_t *cursor_take(struct cursor *c, size_t n)
{
	const uint8_t *at;

	if (c->err != NULL)
		return NULL;
	if (n > c->len - c->pos) {
		c->err = CURSOR_TRUNCATED;
		return NULL;
	}
	at = c->base + c->pos;
	c->pos += n;
	return at;
}

/* The same without stepping over them, and without an error when there are fewer. */
static inline const uint8_t *cursor_peek(const struct cursor *c, size_t n)
{
	return n <= cursor_left(c) ? c->base + c->pos : NULL;
}

static inline void cursor_skip(struct cursor *c, size_t n)
{
	(void)cursor_take(c, n);
}

/* A window over the next n bytes, which the outer cursor steps over; it cannot read past them. */
static inline struct cursor cursor_sub(struct cursor *c, size_t n)
{
	const uint8_t *at = cursor_take(c, n);
	struct cursor sub = cursor_of(at, at == NULL ? 0 : n);

	sub.err = c->err;
	return sub;
}

static inline uint8_t cursor_u8(struct cursor *c)
{
	const uint8_t *p = cursor_take(c, 1);

	return p == NULL ? 0 : p[0];
}

static inline uint16_t cursor_be16(struct cursor *c)
{
	const uint8_t *p = cursor_take(c, 2);

	return p == NULL ? 0 : (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t cursor_be32(struct cursor *c)
{
	const uint8_t *p = cursor_take(c, 4);

	return p == NULL ? 0
			 : (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline uint16_t cursor_le16(struct cursor *c)
{
	const uint8_t *p = cursor_take(c, 2);

	return p == NULL ? 0 : (uint16_t)(p[1] << 8 | p[0]);
}

static inline uint32_t cursor_le32(struct cursor *c)
{
	const uint8_t *p = cursor_take(c, 4);

	return p == NULL ? 0
			 : (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

/*
 * The slow way of the two below. It takes and returns the cursor by value, so that a caller's own
 * can stay in registers.
 */
struct cursor cursor_varint_slow(struct cursor c, uint64_t *ret);

/*
 * cursor_varint() for numbers that usually take several bytes: up to eight of them without a
 * loop. The lowest byte whose high bit is clear is the last one; then the gaps that the high bits
 * left are closed, between bytes, pairs and fours.
 */
static inline uint64_t cursor_varint_long(struct cursor *c)
{
	size_t left = cursor_left(c);
	uint64_t x = UINT64_MAX, ends, slow = 0;
	size_t bytes = SIZE_MAX;

	/* close to the end of the window: its last eight bytes, without those before */
	if (left >= SWAR_BYTES)
		x = swar_load(c->base + c->pos);
	else if (left > 0 && c->len >= SWAR_BYTES)
		x = swar_load(c->base + c->len - SWAR_BYTES) >> 8 * (SWAR_BYTES - left);
	ends = ~x & SWAR_TOPS;
	if (ends != 0)
		bytes = swar_first(ends) + 1;
	if (bytes > left) {
		*c = cursor_varint_slow(*c, &slow);
		return slow;
	}
	c->pos += bytes;
	x &= (ends ^ (ends - 1)) & ~SWAR_TOPS;
	x = (x & UINT64_C(0x007f007f007f007f)) | (x & UINT64_C(0x7f007f007f007f00)) >> 1;
	x = (x & UINT64_C(0x00003fff00003fff)) | (x & UINT64_C(0x3fff00003fff0000)) >> 2;
	return (x & UINT64_C(0x000000000fffffff)) | (x & UINT64_C(0x0fffffff00000000)) >> 4;
}

/*
 * An unsigned LEB128 number of at most 64 bits, seven bits a byte, least significant first.
 * More than ten bytes, or bits beyond the 64th, fail with err "number too long".
 */
static inline uint64_t cursor_varint(struct cursor *c)
{
	if (c->err == NULL && c->pos < c->len && c->base[c->pos] < 0x80)
		return c->base[c->pos++];
	return cursor_varint_long(c);
}

/* A signed number in zigzag form: 0, -1, 1, -2, ... */
static inline int64_t cursor_zigzag(struct cursor *c)
{
	uint64_t v = cursor_varint_long(c);

	return (int64_t)(v >> 1) ^ -(int64_t)(v & 1);
}

/* The rest of cursor_until(), from so far behind the position on; not its own use. */
const uint8_t *cursor_until_far(struct cursor *c, uint8_t stop, size_t from, size_t *ret_len);

/*
 * The bytes before the next stop byte, which is stepped over; the rest of the window when there
 * is none. *ret_len is set either way. NULL only after an earlier failure or at the end. Words of
 * logs are short: the first sixteen bytes are looked at here, without a call.
 */
static inline const uint8_t *cursor_until(struct cursor *c, uint8_t stop, size_t *ret_len)
{
	const size_t left = cursor_left(c);
	size_t from = 0;

	for (; from <= SWAR_BYTES && left - from >= SWAR_BYTES; from += SWAR_BYTES) {
		const uint8_t *at = c->base + c->pos;
		const uint64_t stops = swar_zeros(swar_load(at + from) ^ swar_fill(stop));

		if (stops != 0) {
			*ret_len = from + swar_first(stops);
			c->pos += *ret_len + 1;
			return at;
		}
	}
	return cursor_until_far(c, stop, from, ret_len);
}

#endif
