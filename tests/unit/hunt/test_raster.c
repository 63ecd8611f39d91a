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
#include "hunt/raster.h"

#define HOUR_NS (3600 * NS_PER_S)

static void contacts_fall_into_their_day_and_hour(void **state)
{
	const int64_t times[] = { 5 * NS_PER_DAY + 23 * HOUR_NS, 3 * NS_PER_DAY,
		3 * NS_PER_DAY + HOUR_NS - 1, 3 * NS_PER_DAY + HOUR_NS };
	struct finding_raster raster;
	struct arena memory;
	uint32_t sum = 0;

	(void)state;
	arena_init(&memory, SIZE_MAX);
	assert_true(raster_fill(times, COUNT_OF(times), &memory, &raster));
	assert_int_equal(raster.first_day, 3);
	assert_int_equal(raster.days, 3);
	assert_int_equal(raster.hours[0][0], 2);
	assert_int_equal(raster.hours[0][1], 1);
	assert_int_equal(raster.hours[2][23], 1);
	for (size_t d = 0; d < raster.days; d++)
		for (size_t h = 0; h < 24; h++)
			sum += raster.hours[d][h];
	assert_int_equal(sum, COUNT_OF(times));
	arena_release(&memory);
}

static void the_latest_days_are_kept(void **state)
{
	const int64_t times[] = { INT64_MIN, -HOUR_NS, 0 };
	struct finding_raster raster;
	struct arena memory;

	(void)state;
	arena_init(&memory, SIZE_MAX);
	assert_true(raster_fill(times, COUNT_OF(times), &memory, &raster));
	assert_int_equal(raster.days, RASTER_DAYS_MAX);
	assert_int_equal(raster.first_day, 1 - RASTER_DAYS_MAX);
	assert_int_equal(raster.hours[RASTER_DAYS_MAX - 2][23], 1);
	assert_int_equal(raster.hours[RASTER_DAYS_MAX - 1][0], 1);
	arena_release(&memory);
}

static void no_memory_is_a_failure(void **state)
{
	const int64_t times[] = { 0 };
	struct finding_raster raster;
	struct arena memory;

	(void)state;
	arena_init(&memory, 0);
	assert_false(raster_fill(times, 1, &memory, &raster));
}

static void parts_are_equal_and_hold_both_ends(void **state)
{
	const int64_t times[] = { 0, 99, 100, 2399, 2400 };
	uint64_t parts[FINDING_PARTS];

	(void)state;
	raster_parts(times, COUNT_OF(times), 0, 2400, parts);
	assert_int_equal(parts[0], 2);
	assert_int_equal(parts[1], 1);
	assert_int_equal(parts[FINDING_PARTS - 1], 2);
	raster_parts(times, 1, 0, 0, parts);
	assert_int_equal(parts[0], 1);
	assert_int_equal(parts[1], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(contacts_fall_into_their_day_and_hour),
		cmocka_unit_test(the_latest_days_are_kept),
		cmocka_unit_test(no_memory_is_a_failure),
		cmocka_unit_test(parts_are_equal_and_hold_both_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
