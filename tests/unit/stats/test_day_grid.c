/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stats/day_grid.h"
#include "stats/fortnight.h"

#define MONDAY_S (17196 * DAY_S) /* 2017-01-30 */

static struct day_grid_week week; /* large */

static void a_turn_goes_round_the_live_part_of_the_day(void **state)
{
	/* Monday 23:00; the sensor is down from 00:00 to 12:00 of that day */
	const double start_s = MONDAY_S + 23 * HOUR_S;
	const struct day_grid_stream stream = { &start_s, 1, 0 };
	const struct interval down = { MONDAY_S, MONDAY_S + 12 * HOUR_S };
	const uint8_t turn = 8; /* two hours */
	struct exposure e;
	struct day_grid g;
	struct err err;

	(void)state;
	assert_true(exposure_declare(MONDAY_S, MONDAY_S + DAY_S, &down, 1, &e, &err));
	assert_true(day_grid_make(&stream, 1, &e, &g, &err));
	assert_int_equal(g.day_count, 1);
	assert_int_equal(g.days[0].live_count, 48);
	day_grid_add_up(&g, &turn, NULL, &week);
	assert_true(week.rows[0][13 * 4] == 1); /* 23:00 + 2 h is 13:00: noon follows midnight */
	day_grid_release(&g);
	exposure_release(&e);
}

static void what_a_cache_hides_is_made_up_for(void **state)
{
	double starts_s[50];
	const struct day_grid_stream stream = { starts_s, 50, 3600 };
	struct day_grid_weights weights;
	struct exposure e;
	struct day_grid g;
	struct err err;

	(void)state;
	/* every weekday of ten weeks at a quarter past nine, then answered for an hour */
	for (unsigned i = 0; i < 50; i++)
		starts_s[i] = MONDAY_S + (i / 5 * 7 + i % 5) * DAY_S + 9.25 * HOUR_S;
	assert_true(exposure_declare(MONDAY_S, MONDAY_S + 70 * DAY_S, NULL, 0, &e, &err));
	assert_true(day_grid_make(&stream, 1, &e, &g, &err));
	day_grid_add_up(&g, NULL, NULL, &week);
	day_grid_weigh(&g, &week, &weights);
	/* a visit at any minute of an hour blocks half of it and half of the next */
	assert_float_equal(weights.of[0][9], 2, .1);
	assert_float_equal(weights.of[0][10], 2, .1);
	assert_float_equal(weights.of[0][11], 1, 1e-9);
	assert_float_equal(weights.of[0][24 + 9], 1, 1e-9);
	day_grid_release(&g);
	exposure_release(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_turn_goes_round_the_live_part_of_the_day),
		cmocka_unit_test(what_a_cache_hides_is_made_up_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
