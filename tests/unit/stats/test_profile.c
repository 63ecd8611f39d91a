/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "stats/profile.h"

#define MONDAY_S 1462147200.0
#define DAY_S    86400.0

static struct exposure span_with_outages(void)
{
	const struct interval down[] = { { MONDAY_S + 90000, MONDAY_S + 150000 },
		{ MONDAY_S + 20 * DAY_S, MONDAY_S + 21.3 * DAY_S } };
	struct exposure e;

	assert_true(exposure_declare(MONDAY_S, MONDAY_S + 60 * DAY_S, down, 2, &e, NULL));
	return e;
}

static void rates_of(double rate[FOLDED_CELLS])
{
	for (int c = 0; c < FOLDED_CELLS; c++)
		rate[c] = 1e-5 * (1 + c * 7 % 11) * (c % 5 != 0);
}

static void integral_agrees_with_a_sum_over_minutes(void **state)
{
	struct exposure e = span_with_outages();
	struct profile p = { .exposure = NULL };
	double rate[FOLDED_CELLS], sum = 0;
	double from_s = MONDAY_S + 12345, to_s = MONDAY_S + 33 * DAY_S + 777;

	(void)state;
	rates_of(rate);
	assert_true(profile_set(&p, &e, rate, NULL));
	for (double t_s = from_s; t_s < to_s; t_s += 60) {
		double end_s = fmin(t_s + 60, to_s);

		sum += rate[exposure_folded_cell(t_s)] * exposure_live(&e, t_s, end_s);
	}
	/* a minute may straddle an hour */
	assert_float_equal(profile_integral(&p, from_s, to_s), sum, 1e-3 * sum);
	assert_true(profile_integral(&p, to_s, from_s) == 0);
	profile_release(&p);
	exposure_release(&e);
}

static void inverse_undoes_the_integral(void **state)
{
	struct exposure e = span_with_outages();
	struct profile p = { .exposure = NULL };
	double rate[FOLDED_CELLS];

	(void)state;
	rates_of(rate);
	assert_true(profile_set(&p, &e, rate, NULL));
	for (int i = 0; i < 2000; i++) {
		double from_s = MONDAY_S + i * 997.0, mass = .001 + i % 100 * .3;
		double to_s = profile_inverse(&p, from_s, mass);

		assert_true(to_s >= from_s);
		assert_float_equal(profile_integral(&p, from_s, to_s), mass, 1e-6);
	}
	profile_release(&p);
	exposure_release(&e);
}

/* Nearly all in one hour, hours of nothing, hours of next to nothing: the guide is of no help. */
static void inverse_finds_its_hour_however_uneven(void **state)
{
	struct exposure e = span_with_outages();
	struct profile p = { .exposure = NULL };
	double rate[FOLDED_CELLS] = { 0 };

	(void)state;
	for (unsigned c = 0; c < FOLDED_CELLS; c += 3)
		rate[c] = 1e-9 * (1 + c);
	rate[9] = rate[CELL_COUNT + 40] = 1;
	assert_true(profile_set(&p, &e, rate, NULL));
	for (int i = 0; i < 5000; i++) {
		double from_s = MONDAY_S + i * 997.0, mass = 1e-5 * i * i;
		double to_s = profile_inverse(&p, from_s, mass);

		assert_true(to_s >= from_s);
		assert_float_equal(profile_integral(&p, from_s, to_s), mass, 1e-6);
	}
	profile_release(&p);
	exposure_release(&e);
}

static void a_rate_of_nothing_never_comes(void **state)
{
	struct exposure e = span_with_outages();
	struct profile p = { .exposure = NULL };
	const double rate[FOLDED_CELLS] = { 0 };

	(void)state;
	assert_true(profile_set(&p, &e, rate, NULL));
	assert_true(isinf(profile_inverse(&p, MONDAY_S, 1)));
	profile_release(&p);
	exposure_release(&e);
}

static void the_fit_takes_out_dead_time_and_outages(void **state)
{
	struct exposure e = span_with_outages();
	struct profile p = { .exposure = NULL };
	double events_s[500];
	size_t count = 0;
	double mean = 0;

	(void)state;
	/* an event each 4823 s, of which 3600 s are blocked: 1 per 1223 free seconds */
	for (double t_s = MONDAY_S + 22 * DAY_S; count < 500; t_s += 4823)
		events_s[count++] = t_s;
	assert_true(profile_fit(&p, &e, events_s, count, 3600, PROFILE_TO_DRAW, NULL));
	for (int c = 0; c < FOLDED_CELLS; c++)
		mean += p.rate[c] / FOLDED_CELLS;
	assert_float_equal((mean * 1223), 1, .1);
	for (int c = 0; c < CELL_COUNT; c++)
		assert_true(p.rate[c] == p.rate[c + CELL_COUNT]);
	profile_release(&p);
	exposure_release(&e);
}

static void rates_to_test_come_from_the_other_days(void **state)
{
	struct exposure e;
	struct profile p = { .exposure = NULL };
	double events_s[60];

	(void)state;
	assert_true(exposure_declare(MONDAY_S, MONDAY_S + 60 * DAY_S, NULL, 0, &e, NULL));
	/* every second day at 10: all events on one fold */
	for (int i = 0; i < 30; i++)
		events_s[i] = MONDAY_S + i * 2 * DAY_S + 36000;
	assert_true(profile_fit(&p, &e, events_s, 30, 60, PROFILE_TO_TEST, NULL));
	assert_true(p.rate[exposure_folded_cell(MONDAY_S + 36000)] <
		    .1 * p.rate[exposure_folded_cell(MONDAY_S + DAY_S + 36000)]);
	profile_release(&p);
	exposure_release(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(integral_agrees_with_a_sum_over_minutes),
		cmocka_unit_test(inverse_undoes_the_integral),
		cmocka_unit_test(inverse_finds_its_hour_however_uneven),
		cmocka_unit_test(a_rate_of_nothing_never_comes),
		cmocka_unit_test(the_fit_takes_out_dead_time_and_outages),
		cmocka_unit_test(rates_to_test_come_from_the_other_days),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
