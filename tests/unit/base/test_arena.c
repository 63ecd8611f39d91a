/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"

static void blocks_are_zeroed_aligned_and_apart(void **state)
{
	unsigned char *blocks[2000];
	struct arena a;

	(void)state;
	arena_init(&a, 64u << 20);
	for (size_t i = 0; i < 2000; i++) {
		size_t n = i * 7 % 300;

		blocks[i] = arena_alloc(&a, n);
		assert_non_null(blocks[i]);
		assert_int_equal((uintptr_t)blocks[i] % _Alignof(max_align_t), 0);
		for (size_t k = 0; k < n; k++)
			assert_int_equal(blocks[i][k], 0);
		memset(blocks[i], (int)i & 0xff, n);
	}
	for (size_t i = 0; i < 2000; i++) {
		for (size_t k = 0; k < i * 7 % 300; k++)
			assert_int_equal(blocks[i][k], i & 0xff);
	}
	arena_release(&a);
	assert_int_equal(a.total_bytes, 0);
}

static void the_maximum_holds(void **state)
{
	struct arena a;
	size_t granted = 0;

	(void)state;
	arena_init(&a, 1u << 20);
	while (arena_alloc(&a, 1000) != NULL)
		granted += 1000;
	assert_true(granted > 900000 && granted <= 1u << 20);
	assert_null(arena_alloc(&a, SIZE_MAX));
	assert_null(arena_alloc(&a, SIZE_MAX - 8));
	arena_release(&a);
	assert_non_null(arena_alloc(&a, 1000));
	arena_release(&a);
}

static void a_copy_ends_with_nul(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a, 1u << 20);
	assert_string_equal((char *)arena_copy(&a, "needle and thread", 6), "needle");
	assert_string_equal((char *)arena_copy(&a, NULL, 0), "");
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_are_zeroed_aligned_and_apart),
		cmocka_unit_test(the_maximum_holds),
		cmocka_unit_test(a_copy_ends_with_nul),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
