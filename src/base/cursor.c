/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cursor.h"

struct cursor cursor_varint_slow(struct cursor c, uint64_t *ret)
{
	uint64_t value = 0;

	*ret = 0;
	for (unsigned shift = 0; shift < 64; shift += 7) {
		uint8_t byte = cursor_u8(&c);

		if (c.err != NULL)
			return c;
		if (shift == 63 && byte > 1)
			break;
		value |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80) {
			*ret = value;
			return c;
		}
	}
	cursor_fail(&c, "number too long");
	return c;
}

const uint8_t *cursor_until_far(struct cursor *c, uint8_t stop, size_t from, size_t *ret_len)
{
	const size_t left = cursor_left(c);
	const uint8_t *at;
	const uint8_t *end;

	*ret_len = 0;
	if (left == 0)
		return NULL;
	at = c->base + c->pos;
	end = memchr(at + from, stop, left - from);
	*ret_len = end == NULL ? left : (size_t)(end - at);
	c->pos += end == NULL ? left : *ret_len + 1;
	return at;
}
