/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Well-formed UTF-8 is Table 3-7 of the Unicode standard: the lead byte gives the number of
 * continuation bytes and the range of the first of them, which shuts out overlong forms,
 * surrogates and numbers over 10ffff. The hidden code points are those that were used to make
 * one text look like another (Boucher & Anderson, "Trojan Source", 2021; UTR #36).
 */
#include "report/unicode.h"

#include <stddef.h>

#include "base/attr.h"

struct lead {
	uint8_t first, last; /* range of the lead byte */
	uint8_t more;        /* continuation bytes */
	uint8_t second_first, second_last;
};

static const struct lead leads[] = {
	{ 0xc2, 0xdf, 1, 0x80, 0xbf },
	{ 0xe0, 0xe0, 2, 0xa0, 0xbf },
	{ 0xe1, 0xec, 2, 0x80, 0xbf },
	{ 0xed, 0xed, 2, 0x80, 0x9f },
	{ 0xee, 0xef, 2, 0x80, 0xbf },
	{ 0xf0, 0xf0, 3, 0x90, 0xbf },
	{ 0xf1, 0xf3, 3, 0x80, 0xbf },
	{ 0xf4, 0xf4, 3, 0x80, 0x8f },
};

uint32_t unicode_next(struct cursor *c)
{
	uint8_t byte = cursor_u8(c);
	const struct lead *lead = NULL;
	uint32_t code;

	if (byte < 0x80)
		return byte;
	for (size_t i = 0; i < COUNT_OF(leads) && lead == NULL; i++)
		if (byte >= leads[i].first && byte <= leads[i].last)
			lead = &leads[i];
	if (lead == NULL)
		return UNICODE_REPLACEMENT;
	code = byte & (0x3fu >> lead->more);
	for (unsigned i = 0; i < lead->more; i++) {
		uint8_t low = i == 0 ? lead->second_first : 0x80;
		uint8_t high = i == 0 ? lead->second_last : 0xbf;

		if (cursor_left(c) == 0 || c->base[c->pos] < low || c->base[c->pos] > high)
			return UNICODE_REPLACEMENT;
		code = code << 6 | (cursor_u8(c) & 0x3fu);
	}
	return code;
}

unsigned unicode_put(uint32_t code, uint8_t bytes[static UNICODE_UTF8_MAX])
{
	unsigned more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
	static const uint8_t marks[] = { 0x00, 0xc0, 0xe0, 0xf0 };

	for (unsigned i = more; i > 0; i--) {
		bytes[i] = (uint8_t)(0x80 | (code & 0x3f));
		code >>= 6;
	}
	bytes[0] = (uint8_t)(marks[more] | code);
	return more + 1;
}

bool unicode_is_hidden(uint32_t code)
{
	static const struct {
		uint32_t first, last;
	} hidden[] = {
		{ 0x00, 0x1f },       /* C0, ESC among them */
		{ 0x7f, 0x9f },       /* DEL and C1: 9b is ESC [ to some terminals */
		{ 0xad, 0xad },       /* soft hyphen */
		{ 0x61c, 0x61c },     /* Arabic letter mark */
		{ 0x115f, 0x1160 },   /* Hangul fillers */
		{ 0x180b, 0x180f },   /* Mongolian selectors */
		{ 0x200b, 0x200f },   /* zero width, left-to-right and right-to-left marks */
		{ 0x2028, 0x202e },   /* separators, embeddings and overrides */
		{ 0x2060, 0x206f },   /* word joiner, isolates */
		{ 0x3164, 0x3164 },   /* Hangul filler */
		{ 0xd800, 0xdfff },   /* surrogates are no characters */
		{ 0xfe00, 0xfe0f },   /* variation selectors */
		{ 0xfeff, 0xfeff },   /* byte order mark */
		{ 0xfff0, 0xfffb },   /* interlinear marks */
		{ 0xfffe, 0xffff },   /* never characters, and not allowed in XML */
		{ 0xe0000, 0xe0fff }, /* tags */
	};

	for (size_t i = 0; i < COUNT_OF(hidden); i++)
		if (code >= hidden[i].first && code <= hidden[i].last)
			return true;
	return false;
}
