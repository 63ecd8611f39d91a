/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "report/visible.h"

static void assert_visible(const char *in, bool ascii, size_t width, const char *want)
{
	struct buf b;

	buf_init(&b, 4096);
	visible_elide(&b, in, strlen(in), ascii, width);
	buf_u8(&b, '\0');
	assert_true(buf_ok(&b));
	assert_string_equal((const char *)b.bytes, want);
	buf_release(&b);
}

static void shows_what_would_hide_or_act(void **state)
{
	(void)state;
	assert_visible("\x1b[31mred\a\n", false, 99, "\\u001b[31mred\\u0007\\u000a");
	assert_visible("a\xe2\x80\xae"
		       "b\xff",
	    false, 99, "a\\u202eb\\xff");
	assert_visible("caf\xc3\xa9", false, 99, "caf\xc3\xa9");
	assert_visible("caf\xc3\xa9 \xf0\x9f\x90\x98", true, 99, "caf\\u00e9 \\u1f418");
	assert_visible("", false, 99, "");
}

static void gives_way_in_the_middle(void **state)
{
	(void)state;
	assert_visible("abcdefghij.example.net", false, 22, "abcdefghij.example.net");
	assert_visible("abcdefghij.example.net", false, 21, "abcdefgh[...]mple.net");
	assert_visible("abcdefghij.example.net", false, 5, "[...]");
	assert_visible("abcdefghij.example.net", false, 0, "[...]");
	/* an escape is shown whole or not at all */
	assert_visible("ab\x1b"
		       "cdefghijklmnop",
	    false, 13, "ab[...]mnop");
}

/* Any bytes, any width: never wider than asked, unless the mark itself is; never a raw control. */
static void keeps_to_its_width(void **state)
{
	uint32_t random = 12345;

	(void)state;
	for (int round = 0; round < 3000; round++) {
		uint8_t bytes[24];
		size_t width = (size_t)round % 30 + 5;
		struct buf b;

		for (size_t i = 0; i < sizeof(bytes); i++) {
			random = random * 1664525 + 1013904223;
			bytes[i] = (uint8_t)(random >> 24);
		}
		buf_init(&b, 4096);
		visible_elide(&b, bytes, sizeof(bytes), round % 2, width);
		assert_true(visible_width(b.bytes, b.len, false) <= width);
		for (size_t i = 0; i < b.len; i++)
			assert_true(b.bytes[i] >= 0x20 && b.bytes[i] != 0x7f);
		buf_release(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shows_what_would_hide_or_act),
		cmocka_unit_test(gives_way_in_the_middle),
		cmocka_unit_test(keeps_to_its_width),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
