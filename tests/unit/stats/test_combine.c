/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "stats/combine.h"

static void equal_ps_stay_as_they_are(void **state)
{
	const double small[3] = { .01, .01, .01 }, tiny[2] = { 1e-20, 1e-20 };

	(void)state;
	assert_float_equal(combine_cauchy(small, 3), .01, 1e-12);
	assert_float_equal((combine_cauchy(tiny, 2) * 1e20), 1, 1e-6);
	assert_true(combine_cauchy(small, 0) == 1);
}

static void one_small_p_counts_once(void **state)
{
	const double p[4] = { 1e-8, .5, .5, .5 }, deep[4] = { 1e-300, .5, 1, 1 };

	(void)state;
	assert_float_equal((combine_cauchy(p, 4) * 1e8), 4, 1e-3);
	assert_float_equal((combine_cauchy(deep, 4) * 1e300), 4, 1e-3);
}

static void a_p_of_one_does_not_undo_the_rest(void **state)
{
	const double p[2] = { 1e-6, 1 };

	(void)state;
	assert_true(combine_cauchy(p, 2) < 3e-6);
}

/* Both sides of the switch to the tail's form agree. */
static void the_tail_joins_smoothly(void **state)
{
	const double above[2] = { 1.0001e-15, .3 }, below[2] = { .9999e-15, .3 };

	(void)state;
	assert_float_equal((combine_cauchy(above, 2) / combine_cauchy(below, 2)), 1.0002, 1e-3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_ps_stay_as_they_are),
		cmocka_unit_test(one_small_p_counts_once),
		cmocka_unit_test(a_p_of_one_does_not_undo_the_rest),
		cmocka_unit_test(the_tail_joins_smoothly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
