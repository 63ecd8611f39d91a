/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/addr.h"

#include <arpa/inet.h>
#include <string.h>

/* Dotted quad without leading zeros: the hot path of every log reader. */
static bool parse_v4(const char *text, size_t len, uint8_t bytes[static 4])
{
	size_t at = 0;

	for (int part = 0; part < 4; part++) {
		unsigned value = 0;
		size_t start = at;

		while (at < len && text[at] >= '0' && text[at] <= '9' && at - start < 3)
			value = value * 10 + (unsigned)(text[at++] - '0');
		if (at == start || value > 255 || (text[start] == '0' && at - start > 1))
			return false;
		bytes[part] = (uint8_t)value;
		if (part < 3 && (at >= len || text[at++] != '.'))
			return false;
	}
	return at == len;
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

	if (parse_v4(text, len, a.bytes)) {
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
