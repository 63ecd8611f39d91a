/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A period is found and described: period_find(), beats_fit(), cache_bootstrap(). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "base/philox.h"
#include "stats/beats.h"
#include "stats/cache_bootstrap.h"
#include "stats/period.h"

#define FIRST_S   1462320000.0
#define DAYS      40
#define SPAN_S    (86400.0 * DAYS)
#define EVENT_MAX 2000

static struct exposure exposure;
static double events_s[EVENT_MAX];

static int set_up(void **state)
{
	struct err err;

	(void)state;
	return exposure_declare(FIRST_S, FIRST_S + SPAN_S, NULL, 0, &exposure, &err) ? 0 : 1;
}

static int tear_down(void **state)
{
	(void)state;
	exposure_release(&exposure);
	return 0;
}

/* Every period_s, each beat off by error_s, some missing. */
static size_t draw_beats(double period_s, double error_s, double missing)
{
	struct philox random;
	size_t count = 0;

	philox_init(&random, 6, 0, 0);
	for (double beat_s = period_s; beat_s < SPAN_S - period_s; beat_s += period_s) {
		double off_s = error_s * philox_normal(&random);

		if (philox_uniform(&random) >= missing && count < EVENT_MAX)
			events_s[count++] = FIRST_S + beat_s + off_s;
	}
	return count;
}

/* Clients of an office, behind a cache that they keep busy. */
static size_t draw_office(double dead_s)
{
	struct philox random;
	double t_s = 0;
	size_t count = 0;

	philox_init(&random, 7, 0, 0);
	while ((t_s += 600 * philox_exponential(&random)) < SPAN_S && count < EVENT_MAX) {
		double hour = fmod(t_s, 86400) / 3600;

		if (hour < 8 || hour > 17 ||
		    (count > 0 && FIRST_S + t_s < events_s[count - 1] + dead_s))
			continue;
		events_s[count++] = FIRST_S + t_s;
	}
	return count;
}

static struct period_result find(size_t count, double dead_s)
{
	struct profile hours = { .guided = false };
	struct period_result r;
	struct err err;

	assert_true(profile_fit(&hours, &exposure, events_s, count, dead_s, PROFILE_TO_DRAW, &err));
	assert_true(period_find(events_s, count, dead_s, &hours, &r, &err));
	profile_release(&hours);
	return r;
}

static void a_period_is_found_and_rounded(void **state)
{
	struct period_result r;

	(void)state;
	r = find(draw_beats(3600, 180, .3), 60);
	assert_true(r.p < 1e-9);
	assert_float_equal(r.period_s, 3600, 0);
	r = find(draw_beats(4217, 100, .2), 60);
	assert_true(r.p < 1e-9);
	assert_float_equal(r.period_s, 4217, 2);
}

static void a_cache_in_an_office_has_none(void **state)
{
	(void)state;
	assert_true(find(draw_office(3600), 3600).p > 1e-3);
}

static void beats_are_told_from_the_rest(void **state)
{
	size_t count = draw_beats(3600, 180, .3);
	struct beats b;

	(void)state;
	beats_fit(events_s, count, 3600, &exposure, &b, NULL);
	assert_float_equal(b.jitter_s, 180, 20);
	assert_float_equal(b.missing, .3, .05);
	assert_true(b.share > .98);
	assert_true(b.phase_s < 60 || b.phase_s > 3540);
}

static double p_of(size_t count, double dead_s)
{
	static const struct monte_carlo_plan plan = { .surrogates_max = 99 };
	struct profile hours = { .guided = false };
	struct monte_carlo_result r;
	struct philox random;
	struct err err;

	philox_init(&random, 8, 0, 0);
	assert_true(profile_fit(&hours, &exposure, events_s, count, dead_s, PROFILE_TO_DRAW, &err));
	assert_true(
	    cache_bootstrap(events_s, count, dead_s, dead_s, &hours, &plan, &random, &r, &err));
	profile_release(&hours);
	return r.p;
}

static void a_cache_explains_itself_but_no_clock(void **state)
{
	(void)state;
	assert_true(p_of(draw_office(3600), 3600) > .05);
	assert_float_equal(p_of(draw_beats(3600, 180, .3), 60), .01, 1e-12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_period_is_found_and_rounded),
		cmocka_unit_test(a_cache_in_an_office_has_none),
		cmocka_unit_test(beats_are_told_from_the_rest),
		cmocka_unit_test(a_cache_explains_itself_but_no_clock),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
