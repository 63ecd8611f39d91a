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

static void what_is_adopted_stays_where_it_was(void **state)
{
	struct arena a, b;
	char *first, *second;

	(void)state;
	arena_init(&a, 1u << 20);
	arena_init(&b, 1u << 20);
	arena_adopt(&a, &b); /* nothing into nothing */
	assert_non_null(first = arena_copy(&a, "needle", 6));
	assert_non_null(arena_alloc(&b, 200000)); /* two chunks */
	assert_non_null(second = arena_copy(&b, "thread", 6));
	arena_adopt(&a, &b);
	assert_non_null(arena_alloc(&a, 16));
	assert_non_null(arena_alloc(&b, 16)); /* empty and usable */
	arena_release(&b);
	assert_string_equal(first, "needle");
	assert_string_equal(second, "thread");
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_are_zeroed_aligned_and_apart),
		cmocka_unit_test(the_maximum_holds),
		cmocka_unit_test(a_copy_ends_with_nul),
		cmocka_unit_test(what_is_adopted_stays_where_it_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
