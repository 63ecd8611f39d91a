/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/addr.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/swar.h"

/*
 * A number without leading zeros that begins a word of digits, each less the digit 0, and has len
 * of them; above 255: it is none, or none of an address.
 */
static inline unsigned read_quad(uint64_t digits, size_t len)
{
	static const uint8_t least[4] = { 0, 0, 10, 100 };
	unsigned ones, tens, hundreds, value;

	if (len - 1 > 2)
		return 256;
	/* the last digit is moved to the top, and zeros come in front of the first */
	digits <<= 8 * (SWAR_BYTES - len);
	ones = (unsigned)(digits >> 56);
	tens = digits >> 48 & 0xff;
	hundreds = digits >> 40 & 0xff;
	value = hundreds * 100 + tens * 10 + ones;
	return ones > 9 || tens > 9 || hundreds > 9 || value < least[len] ? 256 : value;
}

/* The place of the first dot among digits less the digit 0; 8: there is none. */
static inline size_t find_dot(uint64_t digits)
{
	uint64_t dots = swar_zeros(digits ^ swar_fill('.' ^ '0'));

	return dots == 0 ? SWAR_BYTES : swar_first(dots);
}

/* The shortest text of all, "1.2.3.4", in front of a byte that is neither digit nor dot. */
static uint64_t load_seven(const uint8_t *text)
{
	uint64_t word = 0;

	for (size_t i = 0; i < 7; i++)
		word |= (uint64_t)text[i] << 8 * i;
	return word;
}

/*
 * Dotted quad without leading zeros: the hot path of every log reader. "255.255." has eight bytes:
 * so two numbers are in the first word, and the others in the last.
 */
static bool parse_v4(const uint8_t *text, size_t len, uint8_t bytes[static 4])
{
	uint64_t word, tail;
	unsigned quads[4];
	size_t first, second, third, rest;

	if (len < 7 || len > 15)
		return false;
	word = (len == 7 ? load_seven(text) : swar_load(text)) ^ swar_fill('0');
	tail = len == 7 ? word << 8 : swar_load(text + len - SWAR_BYTES) ^ swar_fill('0');
	first = find_dot(word);
	if (first > 3)
		return false;
	quads[0] = read_quad(word, first);
	second = find_dot(word >> 8 * (first + 1));
	quads[1] = read_quad(word >> 8 * (first + 1), second);
	rest = len - first - second - 2; /* bytes behind the second dot */
	if (quads[0] > 255 || quads[1] > 255 || rest < 3 || rest > 7)
		return false;
	word = tail >> 8 * (SWAR_BYTES - rest);
	third = find_dot(word);
	if (third + 1 >= rest)
		return false;
	quads[2] = read_quad(word, third);
	quads[3] = read_quad(word >> 8 * (third + 1), rest - third - 1);
	if (quads[2] > 255 || quads[3] > 255)
		return false;
	for (size_t i = 0; i < 4; i++)
		bytes[i] = (uint8_t)quads[i];
	return true;
}

/* The value of a hexadecimal digit, or 16. */
static inline unsigned hex_value(char c)
{
	unsigned digit = (unsigned)c - '0';
	unsigned letter = ((unsigned)c | 0x20) - 'a';

	return digit < 10 ? digit : letter < 6 ? letter + 10 : 16;
}

/* Up to four hexadecimal digits, or 0x10000 where none or more are. */
static inline unsigned read_group(const char *text, size_t len, size_t *at)
{
	const size_t start = *at;
	unsigned group = 0;
	unsigned digit;

	for (; *at < len && (digit = hex_value(text[*at])) < 16; (*at)++)
		group = (group & 0xffff) << 4 | digit;
	return *at > start && *at - start <= 4 ? group : 0x10000;
}

/* Groups in hexadecimal alone. False: another form, good or bad, on which inet_pton() decides. */
static bool parse_plain_v6(const char *text, size_t len, uint8_t bytes[static 16])
{
	uint8_t read[16];
	size_t count = 0; /* of bytes read */
	size_t gap = 16;  /* bytes before the double colon */
	size_t at = 0;

	if (len >= 2 && text[0] == ':' && text[1] == ':') {
		gap = 0;
		at = 2;
	}
	while (at < len) {
		unsigned group = read_group(text, len, &at);

		if (group > 0xffff || count == 16)
			return false;
		read[count++] = (uint8_t)(group >> 8);
		read[count++] = (uint8_t)group;
		if (at == len)
			break;
		if (text[at++] != ':' || at == len)
			return false;
		if (text[at] == ':') {
			if (gap != 16)
				return false;
			gap = count;
			at++;
		}
	}
	if (gap == 16 ? count != 16 : count == 16)
		return false;
	if (gap > count)
		gap = count;
	memset(bytes, 0, 16);
	memcpy(bytes, read, gap);
	memcpy(bytes + 16 - (count - gap), read + gap, count - gap);
	return true;
}

bool addr_parse(const char *text, size_t len, struct addr *ret)
{
	char copy[ADDR_TEXT_MAX];
	struct addr a = { .len = 4 };

	if (parse_v4((const uint8_t *)text, len, a.bytes)) {
		*ret = a;
		return true;
	}
	a.len = 16;
	if (parse_plain_v6(text, len, a.bytes)) {
		*ret = a;
		return true;
	}
	if (len >= sizeof(copy) || memchr(text, ':', len) == NULL)
		return false;
	memcpy(copy, text, len);
	copy[len] = '\0';
	if (strlen(copy) != len || inet_pton(AF_INET6, copy, a.bytes) != 1)
		return false;
	*ret = a;
	return true;
}

size_t addr_format(const struct addr *a, char text[static ADDR_TEXT_MAX])
{
	if (a->len != 4 && a->len != 16) {
		memcpy(text, "-", 2);
		return 1;
	}
	/* glibc writes RFC 5952 form: lower case, longest run of two or more zero groups as :: */
	if (inet_ntop(a->len == 4 ? AF_INET : AF_INET6, a->bytes, text, ADDR_TEXT_MAX) == NULL)
		text[0] = '\0';
	return strlen(text);
}

int addr_cmp(const struct addr *a, const struct addr *b)
{
	if (a->len != b->len)
		return a->len < b->len ? -1 : 1;
	return memcmp(a->bytes, b->bytes, a->len);
}
