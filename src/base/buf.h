/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A growing run of bytes with a hard maximum and a sticky failure: writes after the first
 * failed one do nothing, and one buf_ok() at the end tells whether all of them arrived.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/swar.h"

struct buf {
	uint8_t *bytes; /* owned; NULL while capacity is 0 */
	size_t len;
	size_t capacity;
	size_t max;  /* never grows beyond */
	bool failed; /* out of memory, or max reached */
};

/* An empty buffer that will hold at most max bytes. Allocates nothing. */
void buf_init(struct buf *b, size_t max);

/* Free the bytes; the buffer is empty and usable again, with the same maximum. */
void buf_release(struct buf *b);

/* Forget contents and failure, keep the memory. */
void buf_clear(struct buf *b);

/* True unless a write was lost since the last clear. */
static inline bool buf_ok(const struct buf *b)
{
	return !b->failed;
}

/* Make room for n more bytes. False, and sticky, when that cannot be had. */
bool buf_grow(struct buf *b, size_t n);

static inline bool buf_reserve(struct buf *b, size_t n)
{
	return !b->failed && (n <= b->capacity - b->len || buf_grow(b, n));
}

void buf_put(struct buf *b, const void *bytes, size_t len);
static inline void buf_u8(struct buf *b, uint8_t byte)
{
	if (buf_reserve(b, 1))
		b->bytes[b->len++] = byte;
}

void buf_be16(struct buf *b, uint16_t value);
void buf_be32(struct buf *b, uint32_t value);

/* The longest number; what varint_write() may touch. */
#define VARINT_MAX 10

/*
 * The number as cursor_varint() reads it. Returns the place behind it. Up to eight bytes are made
 * without a loop, as cursor_varint_long() takes them apart: groups of 28, 14 and 7 bits move up.
 */
static inline uint8_t *varint_write(uint8_t to[static VARINT_MAX], uint64_t value)
{
	if (value < 0x80) {
		*to = (uint8_t)value;
		return to + 1;
	}
	if (value >> 56 == 0) {
		unsigned more =
		    (63 - (unsigned)__builtin_clzll(value)) / 7; /* bytes but the last */
		uint64_t w = value;

		w = (w & 0x000000000fffffff) | (w & 0x00fffffff0000000) << 4;
		w = (w & 0x00003fff00003fff) | (w & 0x0fffc0000fffc000) << 2;
		w = (w & 0x007f007f007f007f) | (w & 0x3f803f803f803f80) << 1;
		swar_store(to, w | (SWAR_TOPS & ((UINT64_C(1) << 8 * more) - 1)));
		return to + more + 1;
	}
	for (; value >= 0x80; value >>= 7)
		*to++ = (uint8_t)(value | 0x80);
	*to++ = (uint8_t)value;
	return to;
}

/* The number that stands for a signed one, as cursor_zigzag() reads it. */
static inline uint64_t zigzag_of(int64_t value)
{
	return (uint64_t)value << 1 ^ (uint64_t)(value >> 63);
}

void buf_varint_long(struct buf *b, uint64_t value);

/* As cursor_varint() reads it. Most numbers are small. */
static inline void buf_varint(struct buf *b, uint64_t value)
{
	if (value < 0x80)
		buf_u8(b, (uint8_t)value);
	else
		buf_varint_long(b, value);
}

void buf_zigzag(struct buf *b, int64_t value);  /* as cursor_zigzag() reads it */
void buf_text(struct buf *b, const char *text); /* without its NUL */
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3); /* without the NUL */

#endif
