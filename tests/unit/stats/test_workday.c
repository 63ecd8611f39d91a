/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stats/workday.h"

/* The sums by level, added up one by one. */
static void shifted_sums_are_those_of_the_table(void **state)
{
	double weight[WEEK_QUARTERS], sums[9][WORKDAY_LEVELS];

	(void)state;
	for (unsigned q = 0; q < WEEK_QUARTERS; q++)
		weight[q] = (q * 37 % 101) + .5;
	workday_sums(weight, -4, 9, sums);
	for (unsigned s = 0; s < 9; s++) {
		double slow[WORKDAY_LEVELS] = { 0 };

		for (unsigned q = 0; q < WEEK_QUARTERS; q++)
			slow[workday_level[(q + WEEK_QUARTERS + s - 4) % WEEK_QUARTERS]] +=
			    weight[q];
		for (unsigned level = 1; level < WORKDAY_LEVELS; level++)
			assert_float_equal(sums[s][level], slow[level], 1e-6);
	}
}

static void the_mean_is_that_of_the_table(void **state)
{
	double sum = 0;

	(void)state;
	for (unsigned q = 0; q < WEEK_QUARTERS; q++)
		sum += workday_value[workday_level[q]];
	assert_float_equal(sum / WEEK_QUARTERS, WORKDAY_MEAN, 1e-9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shifted_sums_are_those_of_the_table),
		cmocka_unit_test(the_mean_is_that_of_the_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
