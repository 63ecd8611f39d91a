/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/philox.h"
#include "base/stamp.h"
#include "hunt/coverage.h"

#define WINDOW_NS (COVERAGE_WINDOW_S * NS_PER_S)

static void add(struct coverage *c, int64_t time_ns)
{
	assert_true(coverage_add(c, time_ns));
}

static void windows_begin_at_their_first_nanosecond(void **state)
{
	struct coverage c = { 0 };
	uint32_t *counts;
	int64_t first;
	size_t n;

	(void)state;
	add(&c, 0);
	add(&c, WINDOW_NS - 1);
	add(&c, WINDOW_NS);
	add(&c, -1);
	add(&c, 3 * WINDOW_NS);
	assert_true(coverage_flatten(&c, &first, &counts, &n));
	assert_int_equal(first, -1);
	assert_int_equal(n, 5);
	assert_int_equal(counts[0], 1);
	assert_int_equal(counts[1], 2);
	assert_int_equal(counts[2], 1);
	assert_int_equal(counts[3], 0);
	assert_int_equal(counts[4], 1);
	free(counts);
	coverage_release(&c);
}

static void an_empty_one_has_no_windows(void **state)
{
	struct coverage c = { 0 };
	uint32_t *counts;
	int64_t first;
	size_t n = 1;

	(void)state;
	assert_true(coverage_flatten(&c, &first, &counts, &n));
	assert_int_equal(n, 0);
	assert_null(counts);
}

static void the_ends_of_time_do_not_cost_the_time_between(void **state)
{
	struct coverage c = { 0 };

	(void)state;
	add(&c, INT64_MIN);
	add(&c, INT64_MAX);
	assert_int_equal(c.count, 2);
	coverage_release(&c);
}

static void parts_merge_to_the_whole_in_any_order(void **state)
{
	struct coverage whole = { 0 }, a = { 0 }, b = { 0 }, ab = { 0 }, ba = { 0 };
	uint32_t *w, *x, *y;
	int64_t w_first, x_first, y_first;
	size_t w_n, x_n, y_n;
	struct philox r;

	(void)state;
	philox_init(&r, 1, 2, 3);
	for (int i = 0; i < 20000; i++) {
		int64_t t = (int64_t)(philox_uniform(&r) * 4e15);

		add(&whole, t);
		add(i % 3 == 0 ? &a : &b, t);
	}
	assert_true(coverage_merge(&ab, &a) && coverage_merge(&ab, &b));
	assert_true(coverage_merge(&ba, &b) && coverage_merge(&ba, &a));
	assert_true(coverage_flatten(&whole, &w_first, &w, &w_n));
	assert_true(coverage_flatten(&ab, &x_first, &x, &x_n));
	assert_true(coverage_flatten(&ba, &y_first, &y, &y_n));
	assert_int_equal(w_n, x_n);
	assert_int_equal(w_n, y_n);
	assert_int_equal(w_first, x_first);
	assert_int_equal(w_first, y_first);
	assert_memory_equal(w, x, w_n * sizeof(*w));
	assert_memory_equal(w, y, w_n * sizeof(*w));
	free(w);
	free(x);
	free(y);
	coverage_release(&whole);
	coverage_release(&a);
	coverage_release(&b);
	coverage_release(&ab);
	coverage_release(&ba);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(windows_begin_at_their_first_nanosecond),
		cmocka_unit_test(an_empty_one_has_no_windows),
		cmocka_unit_test(the_ends_of_time_do_not_cost_the_time_between),
		cmocka_unit_test(parts_merge_to_the_whole_in_any_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
