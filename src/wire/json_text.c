/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/json_text.h"

#include <string.h>

#include "wire/json_line.h"

static inline bool is_digit(uint8_t byte)
{
	return byte >= '0' && byte <= '9';
}

static int hex_value(uint8_t byte)
{
	if (is_digit(byte))
		return byte - '0';
	byte |= 0x20;
	return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

static bool read_hex4(struct cursor *c, uint32_t *ret)
{
	uint32_t value = 0;

	for (int i = 0; i < 4; i++) {
		int digit = hex_value(json_peek(c));

		if (digit < 0)
			return json_fail(c, "bad JSON escape");
		value = value << 4 | (uint32_t)digit;
		c->pos++;
	}
	*ret = value;
	return true;
}

bool json_text_escape(struct cursor *c, uint32_t *ret)
{
	static const char letters[] = "\"\\/bfnrt";
	static const char meanings[] = "\"\\/\b\f\n\r\t";
	uint8_t byte = json_peek(c);
	const char *letter = byte == 0 ? NULL : strchr(letters, byte);
	uint32_t low;

	if (letter != NULL) {
		c->pos++;
		*ret = (uint8_t)meanings[letter - letters];
		return true;
	}
	if (!json_accept(c, 'u'))
		return json_fail(c, "bad JSON escape");
	if (!read_hex4(c, ret))
		return false;
	if (*ret < 0xd800 || *ret > 0xdfff)
		return true;
	/* half a pair has no UTF-8 form */
	if (*ret > 0xdbff || !json_accept(c, '\\') || !json_accept(c, 'u'))
		return json_fail(c, "bad JSON escape");
	if (!read_hex4(c, &low))
		return false;
	if (low < 0xdc00 || low > 0xdfff)
		return json_fail(c, "bad JSON escape");
	*ret = 0x10000 + ((*ret - 0xd800) << 10) + (low - 0xdc00);
	return true;
}

/* The code point in UTF-8 (RFC 3629, section 3). Returns its length. */
static size_t encode_utf8(uint32_t code_point, uint8_t out[static 4])
{
	if (code_point < 0x80) {
		out[0] = (uint8_t)code_point;
		return 1;
	}
	if (code_point < 0x800) {
		out[0] = (uint8_t)(0xc0 | code_point >> 6);
		out[1] = (uint8_t)(0x80 | (code_point & 0x3f));
		return 2;
	}
	if (code_point < 0x10000) {
		out[0] = (uint8_t)(0xe0 | code_point >> 12);
		out[1] = (uint8_t)(0x80 | (code_point >> 6 & 0x3f));
		out[2] = (uint8_t)(0x80 | (code_point & 0x3f));
		return 3;
	}
	out[0] = (uint8_t)(0xf0 | code_point >> 18);
	out[1] = (uint8_t)(0x80 | (code_point >> 12 & 0x3f));
	out[2] = (uint8_t)(0x80 | (code_point >> 6 & 0x3f));
	out[3] = (uint8_t)(0x80 | (code_point & 0x3f));
	return 4;
}

bool json_text(
    const struct json_value *v, uint8_t *room, size_t max, const uint8_t **ret, size_t *ret_len)
{
	struct cursor c = cursor_of(v->bytes, v->len);
	size_t len = 0;

	if (v->kind != JSON_STRING || (!v->escaped && v->len > max))
		return false;
	if (!v->escaped) {
		*ret = v->bytes;
		*ret_len = v->len;
		return true;
	}
	while (c.pos < c.len) {
		uint8_t piece[4] = { cursor_u8(&c) };
		size_t piece_len = 1;
		uint32_t code_point;

		if (piece[0] == '\\') {
			if (!json_text_escape(&c, &code_point))
				return false;
			piece_len = encode_utf8(code_point, piece);
		}
		if (piece_len > max - len)
			return false;
		memcpy(&room[len], piece, piece_len);
		len += piece_len;
	}
	*ret = room;
	*ret_len = len;
	return true;
}

bool json_whole(const struct json_value *v, uint32_t max, uint32_t *ret)
{
	uint64_t value = 0;

	if (v->kind != JSON_NUMBER || v->len > 10)
		return false;
	for (size_t i = 0; i < v->len; i++) {
		if (v->bytes[i] < '0' || v->bytes[i] > '9')
			return false;
		value = value * 10 + (uint64_t)(v->bytes[i] - '0');
	}
	if (value > max)
		return false;
	*ret = (uint32_t)value;
	return true;
}
