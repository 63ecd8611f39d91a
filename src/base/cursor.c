/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cursor.h"

#include <endian.h>

/*
 * A number of up to eight bytes, where as many are left, without a loop: the lowest byte whose
 * high bit is clear is the last one; then the gaps that the high bits left are closed, between
 * bytes, pairs and fours.
 */
static bool read_at_once(struct cursor *c, uint64_t *ret)
{
	uint64_t x;
	uint64_t ends;

	if (cursor_left(c) < sizeof(x))
		return false;
	memcpy(&x, c->base + c->pos, sizeof(x));
	x = le64toh(x);
	ends = ~x & UINT64_C(0x8080808080808080);
	if (ends == 0)
		return false;
	c->pos += (size_t)(__builtin_ctzll(ends) + 1) / 8;
	x &= (ends ^ (ends - 1)) & UINT64_C(0x7f7f7f7f7f7f7f7f);
	x = (x & UINT64_C(0x007f007f007f007f)) | (x & UINT64_C(0x7f007f007f007f00)) >> 1;
	x = (x & UINT64_C(0x00003fff00003fff)) | (x & UINT64_C(0x3fff00003fff0000)) >> 2;
	*ret = (x & UINT64_C(0x000000000fffffff)) | (x & UINT64_C(0x0fffffff00000000)) >> 4;
	return true;
}

uint64_t cursor_varint_slow(struct cursor *c)
{
	uint64_t value = 0;

	if (read_at_once(c, &value))
		return value;
	for (unsigned shift = 0; shift < 64; shift += 7) {
		uint8_t byte = cursor_u8(c);

		if (c->err != NULL)
			return 0;
		if (shift == 63 && byte > 1)
			break;
		value |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return value;
	}
	cursor_fail(c, "number too long");
	return 0;
}

const uint8_t *cursor_until(struct cursor *c, uint8_t stop, size_t *ret_len)
{
	size_t left = cursor_left(c);
	const uint8_t *at;
	const uint8_t *end;

	*ret_len = 0;
	if (left == 0)
		return NULL;
	at = c->base + c->pos;
	end = memchr(at, stop, left);
	*ret_len = end == NULL ? left : (size_t)(end - at);
	c->pos += end == NULL ? left : *ret_len + 1;
	return at;
}
