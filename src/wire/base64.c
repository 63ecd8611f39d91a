/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/base64.h"

#define NOT_A_DIGIT 64

static unsigned value_of(uint8_t digit)
{
	if (digit >= 'A' && digit <= 'Z')
		return digit - 'A';
	if (digit >= 'a' && digit <= 'z')
		return digit - 'a' + 26;
	if (digit >= '0' && digit <= '9')
		return digit - '0' + 52;
	return digit == '+' ? 62 : digit == '/' ? 63 : NOT_A_DIGIT;
}

bool base64_read(const uint8_t *text, size_t len, uint8_t *room, size_t max, size_t *ret_len)
{
	const size_t padded = len;
	uint32_t bits = 0;
	unsigned held = 0; /* bits that are no whole byte yet */
	size_t n = 0;

	while (padded % 4 == 0 && len > 0 && padded - len < 2 && text[len - 1] == '=')
		len--;
	for (size_t i = 0; i < len; i++) {
		const unsigned value = value_of(text[i]);

		if (value == NOT_A_DIGIT)
			return false;
		bits = bits << 6 | value;
		held += 6;
		if (held < 8)
			continue;
		if (n == max)
			return false;
		held -= 8;
		room[n++] = (uint8_t)(bits >> held);
	}
	*ret_len = n;
	return held < 6 && (bits & ((1u << held) - 1)) == 0;
}
