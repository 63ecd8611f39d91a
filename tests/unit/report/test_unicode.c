/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "report/unicode.h"

static void reads_back_every_code_point(void **state)
{
	(void)state;
	for (uint32_t code = 0; code <= 0x10ffff; code++) {
		uint8_t bytes[UNICODE_UTF8_MAX];
		unsigned len;
		struct cursor c;

		if (code >= 0xd800 && code <= 0xdfff)
			continue;
		len = unicode_put(code, bytes);
		c = cursor_of(bytes, len);
		if (unicode_next(&c) != code || c.pos != len)
			fail_msg("U+%04X does not come back", code);
	}
}

/* Each text of two bytes is read to its end, and what was read stands for bytes that were there. */
static void steps_over_every_pair_of_bytes(void **state)
{
	(void)state;
	for (unsigned pair = 0; pair < 65536; pair++) {
		uint8_t *text = malloc(2); /* its own block, so that ASan sees one byte too far */
		struct cursor c = cursor_of(text, 2);
		unsigned codes = 0;

		assert_non_null(text);
		text[0] = (uint8_t)(pair >> 8);
		text[1] = (uint8_t)pair;
		while (cursor_left(&c) > 0 && codes < 3) {
			size_t before = c.pos;

			(void)unicode_next(&c);
			assert_true(c.pos > before);
			codes++;
		}
		assert_true(codes >= 1 && codes <= 2);
		assert_null(c.err);
		free(text);
	}
}

static void knows_what_hides(void **state)
{
	static const uint32_t hidden[] = { 0, 0x1b, 0x1f, 0x7f, 0x80, 0x9b, 0x9f, 0xad, 0x61c,
		0x200b, 0x200e, 0x200f, 0x2028, 0x202a, 0x202e, 0x2066, 0x2069, 0xfeff, 0xfffe,
		0xe0041 };
	static const uint32_t shown[] = { ' ', '~', 0xa0, 0xe9, 0x5d0, 0x2027, 0x202f, 0x2581,
		0x4e00, 0x1f418 };

	(void)state;
	for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
		if (!unicode_is_hidden(hidden[i]))
			fail_msg("U+%04X is shown", hidden[i]);
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		if (unicode_is_hidden(shown[i]))
			fail_msg("U+%04X is hidden", shown[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_back_every_code_point),
		cmocka_unit_test(steps_over_every_pair_of_bytes),
		cmocka_unit_test(knows_what_hides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
