/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "wire/base64.h"

static bool reads(const char *text, const char *want)
{
	uint8_t room[8];
	size_t len;

	return base64_read((const uint8_t *)text, strlen(text), room, sizeof(room), &len) &&
	       len == strlen(want) && memcmp(room, want, len) == 0;
}

static void reads_the_examples_of_the_rfc(void **state)
{
	(void)state;
	assert_true(reads("", ""));
	assert_true(reads("Zg==", "f"));
	assert_true(reads("Zm8=", "fo"));
	assert_true(reads("Zm9v", "foo"));
	assert_true(reads("Zm9vYg==", "foob"));
	assert_true(reads("Zm9vYmE", "fooba"));
	assert_true(reads("Zm9vYmFy", "foobar"));
	assert_true(reads("+/+/", "\xfb\xff\xbf"));
}

static void refuses_all_else(void **state)
{
	(void)state;
	assert_false(reads("Zg=", "f"));
	assert_false(reads("Zg", "g"));
	assert_false(reads("Zh==", "f")); /* bits that are lost */
	assert_false(reads("Z", ""));
	assert_false(reads("Zm9v\n", "foo"));
	assert_false(reads("====", ""));
	assert_false(reads("Zm9vYmFyYmFy", "foobarbar")); /* more than there is room for */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_examples_of_the_rfc),
		cmocka_unit_test(refuses_all_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
