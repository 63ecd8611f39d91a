/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "base/philox.h"
#include "stats/day_test.h"

/* One a day where one is expected: P(all Poisson counts are 1) = e^-n, which bounds p below. */
static void one_a_day_is_too_equal(void **state)
{
	double seen[100], expected[100];
	struct day_result r;

	(void)state;
	for (int i = 0; i < 100; i++)
		seen[i] = expected[i] = 1;
	day_test(seen, expected, 100, 1, &r);
	assert_true(r.ratio == 0);
	assert_true(r.p >= exp(-100) * .99);
	assert_true(r.p < 1e-40);
	assert_int_equal(r.days, 100);
}

static void measuring_is_testing_without_a_p(void **state)
{
	double seen[60], expected[60];
	struct day_result tested, measured;

	(void)state;
	for (int i = 0; i < 60; i++) {
		seen[i] = i % 5 == 0;
		expected[i] = i % 4 == 1 ? 0 : .2;
	}
	day_test(seen, expected, 60, .7, &tested);
	day_measure(seen, expected, 60, .7, &measured);
	assert_true(measured.p == 1);
	assert_true(measured.ratio == tested.ratio);
	assert_true(measured.statistic == tested.statistic);
	assert_int_equal(measured.days, tested.days);
	assert_int_equal(measured.days, 48); /* 15 expect nothing, and 3 of those have a visit */
}

static void poisson_days_are_not(void **state)
{
	double seen[200], expected[200];
	struct philox random;
	unsigned small = 0;

	(void)state;
	philox_init(&random, 3, 3, 3);
	for (int turn = 0; turn < 500; turn++) {
		struct day_result r;

		for (int i = 0; i < 200; i++) {
			double sum = 0;

			expected[i] = .2 + i % 7;
			for (seen[i] = 0; (sum += philox_exponential(&random)) < expected[i];)
				seen[i]++;
		}
		day_test(seen, expected, 200, 1, &r);
		small += r.p <= .05;
	}
	assert_true(small <= 25);
}

static void tolerance_widens_the_null(void **state)
{
	double seen[60], expected[60];
	struct day_result strict, wide;

	(void)state;
	for (int i = 0; i < 60; i++) {
		expected[i] = 10;
		seen[i] = 10 + (i % 2 == 0 ? 2 : -2);
	}
	day_test(seen, expected, 60, 1, &strict);
	day_test(seen, expected, 60, .7, &wide);
	assert_float_equal(strict.ratio, .4, 1e-9);
	assert_true(strict.p < 1e-3);
	assert_true(wide.p > strict.p);
}

static void empty_days_and_few_days_tell_nothing(void **state)
{
	const double seen[5] = { 1, 0, 0, 0, 1 }, expected[5] = { 1, 0, 0, 0, 1 };
	struct day_result r;

	(void)state;
	day_test(seen, expected, 5, 1, &r);
	assert_int_equal(r.days, 2);
	assert_true(r.p == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_a_day_is_too_equal),
		cmocka_unit_test(measuring_is_testing_without_a_p),
		cmocka_unit_test(poisson_days_are_not),
		cmocka_unit_test(tolerance_widens_the_null),
		cmocka_unit_test(empty_days_and_few_days_tell_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
