/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stats/holiday_test.h"

static void a_quiet_holiday_is_one_of_five(void **state)
{
	double visits[40];
	const int64_t holidays[] = { 1014, 1021 };
	struct holiday_result r;
	struct err err;

	(void)state;
	for (unsigned i = 0; i < 40; i++)
		visits[i] = 3;
	visits[14] = 0;
	assert_true(holiday_test(visits, 40, 1000, holidays, 1, &r, &err));
	assert_int_equal(r.holidays, 1);
	assert_float_equal(r.p, .2, 1e-12);
	assert_float_equal(r.expected, 3, 1e-12);
	/* two holidays a week apart are not compared with each other: four days each */
	visits[21] = 0;
	assert_true(holiday_test(visits, 40, 1000, holidays, 2, &r, &err));
	assert_float_equal(r.p, 1 / 16.0, 1e-12);
}

static void a_holiday_with_nothing_beside_it_is_left_out(void **state)
{
	const double visits[] = { 1, 1, 1, 1, 1, 1, 1, 0 };
	const int64_t holidays[] = { 3, 7 };
	struct holiday_result r;
	struct err err;

	(void)state;
	assert_true(holiday_test(visits, 8, 0, holidays, 2, &r, &err));
	assert_int_equal(r.holidays, 0);
	assert_true(r.p == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_quiet_holiday_is_one_of_five),
		cmocka_unit_test(a_holiday_with_nothing_beside_it_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
