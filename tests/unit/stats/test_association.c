/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/philox.h"
#include "stats/association.h"
#include "stats/reciprocity.h"

#define DAYS 140

static void fill(double *counts)
{
	for (size_t d = 0; d < DAYS; d++)
		counts[d] = d % 7 < 5 ? 10 + (double)(d * 37 % 5) : 1;
}

static void busy_days_after_the_dates_are_seen(void **state)
{
	const size_t dates[4] = { 20, 51, 83, 111 };
	struct association_input in = { .day_count = DAYS, .dates = dates, .date_count = 4 };
	struct association_result r;
	double counts[DAYS];
	bool near[4];

	(void)state;
	fill(counts);
	for (unsigned i = 0; i < 4; i++)
		counts[dates[i] + 1] *= 4;
	in.counts = counts;
	assert_true(association_test(&in, &r, near, NULL));
	assert_float_equal(r.p, (double)ASSOCIATION_LAGS / DAYS, 1e-9);
	assert_int_equal(r.lag_days, 1);
	assert_int_equal(r.window_days, 0);
	assert_true(near[0] && near[1] && near[2] && near[3]);
	assert_true(r.ratio > 3);
}

/* The best four of forty prove nothing. */
static void a_pool_takes_the_choice_into_account(void **state)
{
	size_t dates[4], pool[40];
	struct association_input in = {
		.day_count = DAYS, .dates = dates, .date_count = 4, .pool = pool, .pool_count = 40
	};
	struct association_result with, without;
	double counts[DAYS];
	bool near[4];

	(void)state;
	fill(counts);
	for (unsigned i = 0; i < 40; i++)
		pool[i] = 3 * i + 5;
	for (unsigned i = 0; i < 4; i++) {
		dates[i] = pool[9 * i];
		counts[dates[i]] *= 2;
	}
	for (unsigned i = 0; i < 30; i++)
		counts[4 * i + 2] *= 2; /* there are many busy days */
	in.counts = counts;
	assert_true(association_test(&in, &with, near, NULL));
	in.pool = NULL;
	assert_true(association_test(&in, &without, near, NULL));
	assert_true(with.p > without.p);
	assert_true(with.p > .2);
}

static void days_that_are_not_known_are_ordinary(void **state)
{
	const size_t dates[1] = { 70 };
	struct association_input in = { .day_count = DAYS, .dates = dates, .date_count = 1 };
	struct association_result r;
	double counts[DAYS];
	bool near[1];

	(void)state;
	fill(counts);
	for (size_t d = 60; d < 80; d++)
		counts[d] = ASSOCIATION_UNKNOWN;
	in.counts = counts;
	assert_true(association_test(&in, &r, near, NULL));
	assert_true(r.p > .1 && r.ratio < 1.5);
}

static void coverage_is_that_of_dates_at_random(void **state)
{
	(void)state;
	assert_float_equal(association_coverage(142, 1, 3), 7.0 / 142, 1e-12);
	assert_float_equal(association_coverage(142, 20, 3), .637, 1e-3);
	assert_float_equal(association_coverage(28, 1, 30), 1, 0);
}

static void directions_that_keep_the_same_days_are_seen(void **state)
{
	bool in[DAYS], out[DAYS];
	struct reciprocity_result r;
	struct philox random;

	(void)state;
	philox_init(&random, 1, 1, 1);
	for (size_t d = 0; d < DAYS; d++) {
		in[d] = d % 7 < 5 && d % 3 == 0;
		out[d] = in[d] && d % 11 != 0;
	}
	assert_true(reciprocity_test(in, out, DAYS, 0, &random, &r, NULL));
	assert_true(r.share > .8 && r.p <= .001);
	for (size_t d = 0; d < DAYS; d++)
		out[d] = d % 7 < 5; /* office days alone are no reply */
	assert_true(reciprocity_test(in, out, DAYS, 0, &random, &r, NULL));
	assert_true(r.p > .5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(busy_days_after_the_dates_are_seen),
		cmocka_unit_test(a_pool_takes_the_choice_into_account),
		cmocka_unit_test(days_that_are_not_known_are_ordinary),
		cmocka_unit_test(coverage_is_that_of_dates_at_random),
		cmocka_unit_test(directions_that_keep_the_same_days_are_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
