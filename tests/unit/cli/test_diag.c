/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/diag.h"

static void assert_escaped(const char *text, const char *expected)
{
	char out[128];

	assert_int_equal(diag_escape(text, out, sizeof(out)), strlen(expected));
	assert_string_equal(out, expected);
}

static void what_could_steer_a_terminal_is_escaped(void **state)
{
	(void)state;
	assert_escaped("plain 'name' \\ text", "plain 'name' \\ text");
	assert_escaped("\x1b[2Jgone", "\\x1b[2Jgone");
	assert_escaped("two\nlines\r", "two\\x0alines\\x0d");
	assert_escaped("\xc2\x9b"
		       "31m",
	    "\\xc2\\x9b31m");
	assert_escaped("\xe2\x80\xae"
		       "gpj",
	    "\\xe2\\x80\\xaegpj");
	assert_escaped("caf\xc3\xa9", "caf\xc3\xa9");
	assert_escaped("\xff(", "\\xff(");
	assert_escaped("\xc3", "\\xc3");
	assert_escaped("", "");
}

static void is_cut_between_letters_at_every_size(void **state)
{
	static const char text[] = "a\xc3\xa9\x1b!";
	char whole[32];

	(void)state;
	(void)diag_escape(text, whole, sizeof(whole));
	for (size_t size = 1; size < sizeof(whole); size++) {
		char *out = malloc(size); /* its own block, so that ASan sees one byte too far */
		size_t len = diag_escape(text, out, size);

		assert_true(len < size);
		assert_memory_equal(out, whole, len);
		assert_int_equal(out[len], '\0');
		assert_int_not_equal(len, 2); /* half of the accented letter */
		free(out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_could_steer_a_terminal_is_escaped),
		cmocka_unit_test(is_cut_between_letters_at_every_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
