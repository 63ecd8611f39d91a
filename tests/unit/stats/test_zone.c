/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/stamp.h"
#include "stats/zone.h"

static void changes_where_the_calendar_says(enum zone_rule rule, int64_t from, int64_t to)
{
	bool in_between = rule != ZONE_AU;

	assert_int_equal(zone_is_summer(rule, from - 1), !in_between);
	assert_int_equal(zone_is_summer(rule, from), in_between);
	assert_int_equal(zone_is_summer(rule, to - 1), in_between);
	assert_int_equal(zone_is_summer(rule, to), !in_between);
}

static void summers_of_2016_begin_and_end_on_their_sundays(void **state)
{
	(void)state;
	changes_where_the_calendar_says(
	    ZONE_EU, stamp_days_of(2016, 3, 27), stamp_days_of(2016, 10, 30));
	changes_where_the_calendar_says(
	    ZONE_US, stamp_days_of(2016, 3, 13), stamp_days_of(2016, 11, 6));
	changes_where_the_calendar_says(
	    ZONE_AU, stamp_days_of(2016, 4, 3), stamp_days_of(2016, 10, 2));
	assert_false(zone_is_summer(ZONE_STEADY, stamp_days_of(2016, 7, 1)));
}

static void offsets_reach_from_12_behind_to_14_ahead(void **state)
{
	(void)state;
	assert_int_equal(zone_offset_min(0), -720);
	assert_int_equal(zone_offset_min(ZONE_OFFSETS - 1), 840);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(summers_of_2016_begin_and_end_on_their_sundays),
		cmocka_unit_test(offsets_reach_from_12_behind_to_14_ahead),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
