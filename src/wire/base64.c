/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/base64.h"

/* clang-format off */

/* One more than what a digit is worth; 0: no digit. */
static const uint8_t digits[256] = {
	['A'] = 1, ['B'] = 2, ['C'] = 3, ['D'] = 4, ['E'] = 5, ['F'] = 6, ['G'] = 7, ['H'] = 8,
	['I'] = 9, ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16,
	['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24,
	['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32,
	['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36, ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40,
	['o'] = 41, ['p'] = 42, ['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48,
	['w'] = 49, ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56,
	['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, ['+'] = 63, ['/'] = 64,
};

/* clang-format on */

/* As many whole groups, four digits and three bytes each, as there are. Returns the bytes. */
static size_t read_groups(const uint8_t *text, size_t len, uint8_t *room, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; len - i >= 4 && max - n >= 3; i += 4) {
		const uint8_t a = digits[text[i]], b = digits[text[i + 1]];
		const uint8_t c = digits[text[i + 2]], d = digits[text[i + 3]];
		const uint32_t bits = (a - 1u) << 18 | (b - 1u) << 12 | (c - 1u) << 6 | (d - 1u);

		if (a == 0 || b == 0 || c == 0 || d == 0)
			break;
		room[n++] = (uint8_t)(bits >> 16);
		room[n++] = (uint8_t)(bits >> 8);
		room[n++] = (uint8_t)bits;
	}
	return n;
}

bool base64_read(const uint8_t *text, size_t len, uint8_t *room, size_t max, size_t *ret_len)
{
	const size_t padded = len;
	uint32_t bits = 0;
	unsigned held = 0; /* bits that are no whole byte yet */
	size_t n;

	while (padded % 4 == 0 && len > 0 && padded - len < 2 && text[len - 1] == '=')
		len--;
	n = read_groups(text, len, room, max);
	/* what is left: the last, shorter group, one that is none, or more than there is room for */
	for (size_t i = n / 3 * 4; i < len; i++) {
		const uint8_t digit = digits[text[i]];

		if (digit == 0)
			return false;
		bits = bits << 6 | (digit - 1u);
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
