/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

#include "base/intern.h"

static void numbers_are_dense_and_strings_come_back(void **state)
{
	struct intern in;
	char text[32];
	uint32_t id;

	(void)state;
	intern_init(&in, 99, 64u << 20);
	assert_int_equal(intern_find(&in, "x", 1), INTERN_NONE);
	for (int turn = 0; turn < 2; turn++) {
		for (uint32_t i = 0; i < 20000; i++) {
			int len = snprintf(text, sizeof(text), "name-%u", i);

			assert_true(intern_add(&in, text, (size_t)len, &id));
			assert_int_equal(id, i);
			assert_int_equal(intern_find(&in, text, (size_t)len), i);
			assert_int_equal(intern_get(&in, i).len, len);
			assert_memory_equal(intern_get(&in, i).bytes, text, (size_t)len);
		}
	}
	assert_int_equal(in.count, 20000);
	assert_int_equal(intern_find(&in, "name-", 5), INTERN_NONE);
	intern_release(&in);
}

static void the_empty_string_and_nul_bytes_are_strings(void **state)
{
	struct intern in;
	uint32_t empty, one, two;

	(void)state;
	intern_init(&in, 1, 1u << 20);
	assert_true(intern_add(&in, "", 0, &empty));
	assert_true(intern_add(&in, "\0", 1, &one));
	assert_true(intern_add(&in, "\0\0", 2, &two));
	assert_true(empty != one && one != two && empty != two);
	intern_release(&in);
}

static void the_maximum_holds(void **state)
{
	struct intern in;
	uint32_t id;
	bool full = false;

	(void)state;
	intern_init(&in, 1, 128u << 10);
	for (uint32_t i = 0; i < 100000 && !full; i++)
		full = !intern_add(&in, &i, sizeof(i), &id);
	assert_true(full);
	intern_release(&in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_dense_and_strings_come_back),
		cmocka_unit_test(the_empty_string_and_nul_bytes_are_strings),
		cmocka_unit_test(the_maximum_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
