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

bool addr_parse(const char *text, size_t len, struct addr *ret)
{
	char copy[ADDR_TEXT_MAX];
	struct addr a = { .len = 4 };

	if (parse_v4(text, len, a.bytes)) {
		*ret = a;
		return true;
	}
	if (len >= sizeof(copy) || memchr(text, ':', len) == NULL)
		return false;
	memcpy(copy, text, len);
	copy[len] = '\0';
	if (strlen(copy) != len || inet_pton(AF_INET6, copy, a.bytes) != 1)
		return false;
	a.len = 16;
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
