/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stats/compensator.h"

#define MONDAY_S 1462147200.0
#define DAY_S    86400.0

static void flat(struct compensator_stream *s, const struct exposure *e, double per_s)
{
	double rate[FOLDED_CELLS];

	for (int c = 0; c < FOLDED_CELLS; c++)
		rate[c] = per_s;
	assert_true(profile_set(&s->profile, e, rate, NULL));
}

static void steps_leave_out_the_dead_time(void **state)
{
	const double events_s[] = { MONDAY_S, MONDAY_S + 1000, MONDAY_S + 3000 };
	struct compensator_stream s = { events_s, 3, 500, { .exposure = NULL } };
	struct compensator c = { .steps = NULL };
	struct exposure e;

	(void)state;
	assert_true(exposure_declare(MONDAY_S, MONDAY_S + DAY_S, NULL, 0, &e, NULL));
	flat(&s, &e, .001);
	assert_true(compensator_run(&c, &s, 1, 60, 0, NULL));
	assert_int_equal(c.step_count, 2);
	assert_float_equal(c.steps[0], .5, 1e-9);
	assert_float_equal(c.steps[1], 1.5, 1e-9);
	assert_int_equal(c.day_count, 1);
	assert_float_equal(c.day_expected[0], 2, 1e-9);
	assert_float_equal(c.day_seen[0], 2, 1e-9);
	compensator_release(&c);
	profile_release(&s.profile);
	exposure_release(&e);
}

static void a_union_adds_what_is_open(void **state)
{
	/* B opens at 200 and is blocked to 700; A at 1000 is counted; B at 1030 falls to the union */
	const double a_s[] = { MONDAY_S, MONDAY_S + 1000, MONDAY_S + 2000 };
	const double b_s[] = { MONDAY_S + 200, MONDAY_S + 1030, MONDAY_S + 1800 };
	struct compensator_stream s[2] = { { a_s, 3, 500, { .exposure = NULL } },
		{ b_s, 3, 500, { .exposure = NULL } } };
	struct compensator c = { .steps = NULL };
	struct exposure e;

	(void)state;
	assert_true(exposure_declare(MONDAY_S, MONDAY_S + DAY_S, NULL, 0, &e, NULL));
	flat(&s[0], &e, .001);
	flat(&s[1], &e, .002);
	assert_true(compensator_run(&c, s, 2, 60, 0, NULL));
	assert_int_equal(c.step_count, 3);
	assert_float_equal(c.steps[0], .5 + .6, 1e-9);         /* A 500-1000, B 700-1000 */
	assert_float_equal(c.steps[1], .3 + .002 * 270, 1e-9); /* A 1500-1800, B 1530-1800 */
	assert_float_equal(c.steps[2], .14, 1e-9);             /* A 1860-2000, B has closed */
	compensator_release(&c);
	for (int i = 0; i < 2; i++)
		profile_release(&s[i].profile);
	exposure_release(&e);
}

static void days_are_cut_where_told(void **state)
{
	const double events_s[] = { MONDAY_S + 3600, MONDAY_S + 2 * DAY_S };
	struct compensator_stream s = { events_s, 2, 60, { .exposure = NULL } };
	struct compensator c = { .steps = NULL };
	struct exposure e;

	(void)state;
	assert_true(exposure_declare(MONDAY_S, MONDAY_S + 3 * DAY_S, NULL, 0, &e, NULL));
	flat(&s, &e, 1 / DAY_S);
	assert_true(compensator_run(&c, &s, 1, 60, 7200, NULL));
	assert_int_equal(c.day_count, 3);
	assert_float_equal(c.day_expected[0], 3540 / DAY_S, 1e-9);
	assert_float_equal(c.day_expected[1], 1, 1e-9);
	assert_float_equal(c.day_expected[2], 22.0 / 24, 1e-9);
	compensator_release(&c);
	profile_release(&s.profile);
	exposure_release(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steps_leave_out_the_dead_time),
		cmocka_unit_test(a_union_adds_what_is_open),
		cmocka_unit_test(days_are_cut_where_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
