/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "stats/exposure.h"

#define MONDAY_S 1462147200.0 /* 2016-05-02 */
#define DAY_S    86400.0

static void cells_follow_hour_weekend_and_fold(void **state)
{
	(void)state;
	assert_int_equal(exposure_cell(MONDAY_S), 0);
	assert_int_equal(exposure_cell(MONDAY_S + 13.5 * 3600), 13);
	assert_int_equal(exposure_cell(MONDAY_S + 5 * DAY_S), 24);
	assert_int_equal(exposure_cell(MONDAY_S - 1), 47);
	assert_int_equal(exposure_cell(-1), 23); /* Wednesday 1969-12-31 */
	assert_int_not_equal(exposure_folded_cell(MONDAY_S) / CELL_COUNT,
	    exposure_folded_cell(MONDAY_S + DAY_S) / CELL_COUNT);
}

static void live_time_is_span_less_outages(void **state)
{
	/* given out of order, overlapping, reaching out of the span */
	const struct interval down[] = { { 500, 600 }, { 100, 200 }, { 150, 250 }, { 900, 2000 } };
	struct exposure e;

	(void)state;
	assert_true(exposure_declare(0, 1000, down, 4, &e, NULL));
	assert_int_equal(e.down_count, 3);
	assert_float_equal(exposure_live(&e, 0, 1000), 650, 1e-9);
	assert_float_equal(exposure_live(&e, -50, 120), 100, 1e-9);
	assert_float_equal(exposure_live(&e, 110, 120), 0, 1e-9);
	assert_float_equal(exposure_live(&e, 240, 510), 250, 1e-9);
	assert_float_equal(exposure_live(&e, 300, 200), 0, 1e-9);
	exposure_release(&e);
}

static void cells_add_up_to_live_time(void **state)
{
	struct interval down[40];
	struct exposure e;

	(void)state;
	for (int i = 0; i < 40; i++)
		down[i] =
		    (struct interval){ MONDAY_S + i * 250001.0, MONDAY_S + i * 250001.0 + 7000 };
	assert_true(exposure_declare(MONDAY_S, MONDAY_S + 100 * DAY_S, down, 40, &e, NULL));
	for (int i = 0; i < 50; i++) {
		double from_s = MONDAY_S + i * 123457.0, to_s = from_s + i * i * 1777.0;
		double cells_s[FOLDED_CELLS] = { 0 }, sum = 0;

		exposure_add_live(&e, from_s, to_s, 1, cells_s);
		for (int c = 0; c < FOLDED_CELLS; c++) {
			assert_true(cells_s[c] > -1e-6);
			sum += cells_s[c];
		}
		assert_float_equal(sum, exposure_live(&e, from_s, to_s), 1e-3);
	}
	exposure_release(&e);
}

static void a_dead_day_is_found_and_a_quiet_haystack_has_none(void **state)
{
	static uint32_t counts[30 * 144];
	struct exposure_counts in = { counts, 30 * 144, (int64_t)(MONDAY_S / EXPOSURE_WINDOW_S),
		NULL };
	struct exposure e;

	(void)state;
	for (int w = 0; w < 30 * 144; w++)
		counts[w] = w % 144 > 40 ? 90 + w % 21 : 9 + w % 3;
	memset(counts + 10 * 144, 0, 144 * sizeof(*counts));
	assert_true(exposure_find(&in, MONDAY_S, MONDAY_S + 30 * DAY_S, &e, NULL));
	assert_int_equal(e.down_count, 1);
	assert_true(e.judged);
	assert_true(e.down[0].from_s == MONDAY_S + 10 * DAY_S);
	assert_true(e.down[0].to_s == MONDAY_S + 11 * DAY_S);
	assert_false(exposure_day_is_live(&e, (int64_t)(MONDAY_S / DAY_S) + 10));
	assert_true(exposure_day_is_live(&e, (int64_t)(MONDAY_S / DAY_S) + 11));
	exposure_release(&e);

	/* three contacts a day: a dead day means nothing */
	memset(counts, 0, sizeof(counts));
	for (int w = 0; w < 30 * 144; w += 48)
		counts[w] = w / 144 == 10 ? 0 : 1;
	assert_true(exposure_find(&in, MONDAY_S, MONDAY_S + 30 * DAY_S, &e, NULL));
	assert_int_equal(e.down_count, 0);
	assert_false(e.judged);
	exposure_release(&e);
}

static uint32_t reported_counts[30 * 144];
static double reported_kept[30 * 144];

/* A month of round days, of whose hours 6 to 12 on day 10 the sensor reports to have kept `kept`. */
static struct exposure_counts reported_month(double kept)
{
	for (int w = 0; w < 30 * 144; w++) {
		reported_counts[w] = w % 144 > 40 ? 90 + w % 21 : 9 + w % 3;
		reported_kept[w] = 1;
	}
	for (int w = 10 * 144 + 36; w < 10 * 144 + 72; w++)
		reported_kept[w] = kept;
	return (struct exposure_counts){ reported_counts, 30 * 144,
		(int64_t)(MONDAY_S / EXPOSURE_WINDOW_S), reported_kept };
}

static void what_the_sensor_reports_as_lost_is_an_outage(void **state)
{
	struct exposure_counts in = reported_month(.4);
	const double end_s = MONDAY_S + 30 * DAY_S;
	struct exposure e;

	(void)state;
	for (int w = 10 * 144 + 36; w < 10 * 144 + 72; w++)
		reported_counts[w] = reported_counts[w] * 2 / 5;
	/* the counts alone are too many for an outage of their own */
	in.kept = NULL;
	assert_true(exposure_find(&in, MONDAY_S, end_s, &e, NULL));
	assert_float_equal(e.reported_s, 0, 0);
	exposure_release(&e);
	in.kept = reported_kept;
	for (int alone = 0; alone < 2; alone++) {
		assert_true(alone ? exposure_take_reported(&in, MONDAY_S, end_s, &e, NULL)
				  : exposure_find(&in, MONDAY_S, end_s, &e, NULL));
		assert_false(e.denied);
		assert_float_equal(e.reported_s, 6 * 3600, 0);
		assert_int_equal(e.down_count, 1);
		assert_true(e.down[0].from_s == MONDAY_S + 10 * DAY_S + 6 * 3600);
		assert_true(e.down[0].to_s == MONDAY_S + 10 * DAY_S + 12 * 3600);
		exposure_release(&e);
	}
}

static void counts_as_ever_deny_a_report(void **state)
{
	struct exposure_counts in = reported_month(.1);
	struct exposure e;

	(void)state;
	assert_true(exposure_find(&in, MONDAY_S, MONDAY_S + 30 * DAY_S, &e, NULL));
	assert_true(e.denied);
	assert_int_equal(e.down_count, 0);
	assert_float_equal(e.reported_s, 0, 0);
	exposure_release(&e);
	/* of so few contacts nothing follows: the sensor is believed */
	for (int w = 0; w < 30 * 144; w++)
		reported_counts[w] = w % 96 == 0;
	assert_true(exposure_find(&in, MONDAY_S, MONDAY_S + 30 * DAY_S, &e, NULL));
	assert_false(e.denied);
	assert_float_equal(e.reported_s, 6 * 3600, 0);
	exposure_release(&e);
}

static void half_of_the_usual_is_enough(void **state)
{
	struct exposure_counts in = reported_month(.5);
	struct exposure e;

	(void)state;
	assert_true(exposure_find(&in, MONDAY_S, MONDAY_S + 30 * DAY_S, &e, NULL));
	assert_false(e.denied);
	assert_int_equal(e.down_count, 0);
	exposure_release(&e);
}

static void empty_counts_and_odd_edges_are_fine(void **state)
{
	uint32_t one = 5;
	struct exposure_counts in = { &one, 0, 0, NULL };
	struct exposure e;

	(void)state;
	assert_true(exposure_find(&in, 100, 100, &e, NULL));
	assert_int_equal(e.down_count, 0);
	exposure_release(&e);
	in.count = 1;
	assert_true(exposure_find(&in, 100, 200, &e, NULL)); /* less than a window */
	assert_float_equal(exposure_live(&e, 0, 1000), 100, 1e-9);
	assert_false(e.judged);
	exposure_release(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells_follow_hour_weekend_and_fold),
		cmocka_unit_test(live_time_is_span_less_outages),
		cmocka_unit_test(cells_add_up_to_live_time),
		cmocka_unit_test(a_dead_day_is_found_and_a_quiet_haystack_has_none),
		cmocka_unit_test(what_the_sensor_reports_as_lost_is_an_outage),
		cmocka_unit_test(counts_as_ever_deny_a_report),
		cmocka_unit_test(half_of_the_usual_is_enough),
		cmocka_unit_test(empty_counts_and_odd_edges_are_fine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
