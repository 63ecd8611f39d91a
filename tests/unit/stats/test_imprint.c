/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/stamp.h"
#include "stats/imprint.h"

#define A    1
#define AAAA 28

static struct exposure whole(const struct interval *down, size_t count)
{
	struct exposure e;
	struct err err;

	assert_true(exposure_declare(-1e6, 1e6, down, count, &e, &err));
	return e;
}

static void counts_what_a_visit_shows(void **state)
{
	const struct imprint_row rows[] = {
		{ -1 * NS_PER_S, A, 0 },     /* second 59, alone */
		{ 100 * NS_PER_S, A, 0 },    /* second 40, with ... */
		{ 100 * NS_PER_S, AAAA, 0 }, /* ... another type, */
		{ 110 * NS_PER_S, A, 0 },    /* and again, ... */
		{ 110 * NS_PER_S, A, 0 },    /* ... twice */
		{ 500 * NS_PER_S, A, 0 },    /* second 20, in the outage */
	};
	const struct interval down = { 400, 600 };
	struct exposure e = whole(&down, 1);
	struct imprint i;

	(void)state;
	imprint_take(rows, 6, &e, &i);
	exposure_release(&e);
	assert_int_equal(i.rows, 6);
	assert_int_equal(i.visits, 3);
	assert_int_equal(i.doubles, 1);
	assert_int_equal(i.accompanied, 1);
	assert_int_equal(i.dark, 1);
	assert_int_equal(i.seconds[59], 1);
	assert_int_equal(i.seconds[40], 1);
	assert_int_equal(i.seconds[20], 1);
	assert_int_equal(i.digits, 0);
}

/* Whole seconds among milliseconds have no last digit to compare. */
static void last_digits_are_those_of_the_finest_rows(void **state)
{
	const struct imprint_row rows[] = {
		{ 5 * NS_PER_S, A, 0 },
		{ 100 * NS_PER_S + 7 * 1000000, A, 3 },
		{ 200 * NS_PER_S + 987 * INT64_C(1000000), A, 3 },
		{ 300 * NS_PER_S + 123 * INT64_C(1000000), A, 3 },
	};
	struct exposure e = whole(NULL, 0);
	struct imprint i;

	(void)state;
	imprint_take(rows, 4, &e, &i);
	exposure_release(&e);
	assert_int_equal(i.digits, 3);
	assert_int_equal(i.last[7], 2);
	assert_int_equal(i.last[3], 1);
	assert_int_equal(i.last[0], 0);
}

static void nothing_leaves_none(void **state)
{
	struct exposure e = whole(NULL, 0);
	struct imprint i;

	(void)state;
	imprint_take(NULL, 0, &e, &i);
	exposure_release(&e);
	assert_int_equal(i.visits, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_what_a_visit_shows),
		cmocka_unit_test(last_digits_are_those_of_the_finest_rows),
		cmocka_unit_test(nothing_leaves_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
