/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/stamp.h"
#include "hunt/days.h"

static void a_day_counts_once(void **state)
{
	struct days d = { 0 };

	(void)state;
	assert_int_equal(days_count(&d), 0);
	for (int turn = 0; turn < 3; turn++)
		for (int64_t day = 17000; day < 17142; day += 2)
			assert_true(days_add(&d, day) && days_add(&d, day));
	assert_int_equal(days_count(&d), 71);
	days_release(&d);
}

static void the_first_and_the_last_day_of_all_time_fit(void **state)
{
	struct days d = { 0 };

	(void)state;
	assert_true(days_add(&d, stamp_day(INT64_MAX)));
	assert_true(days_add(&d, stamp_day(INT64_MIN)));
	assert_true(days_add(&d, stamp_day(INT64_MAX)));
	assert_int_equal(days_count(&d), 2);
	days_release(&d);
}

static void clearing_forgets_every_day(void **state)
{
	struct days d = { 0 };

	(void)state;
	for (int turn = 0; turn < 4; turn++) {
		days_clear(&d);
		assert_int_equal(days_count(&d), 0);
		assert_true(days_add(&d, -300) && days_add(&d, 17000) && days_add(&d, 5));
		assert_int_equal(days_count(&d), 3);
	}
	days_release(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_day_counts_once),
		cmocka_unit_test(the_first_and_the_last_day_of_all_time_fit),
		cmocka_unit_test(clearing_forgets_every_day),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
