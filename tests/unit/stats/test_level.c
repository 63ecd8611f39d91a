/* SPDX-License-Identifier: GPL-3.0-or-later */
/* optime, scan, silence and stop, through the one test that uses them all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "base/philox.h"
#include "stats/fortnight.h"
#include "stats/level.h"
#include "stats/stop.h"

#define FIRST_S 1462320000.0
#define DAYS    142
#define MOST    20000

/* Clients of a rate per hour, left out from day a to day b, behind a cache; the rate by `times`
 * from day 71 on. */
static size_t draw(double *t, double per_h, double ttl_s, double a, double b, double times)
{
	struct philox random;
	double t_s = FIRST_S;
	size_t n = 0;

	philox_init(&random, 7, 7, 7);
	for (;;) {
		double day = (t_s - FIRST_S) / DAY_S;
		double at_s;

		t_s += philox_exponential(&random) * HOUR_S / (day > 71 ? per_h * times : per_h);
		at_s = t_s;
		day = (at_s - FIRST_S) / DAY_S;
		if (day >= DAYS || n == MOST)
			return n;
		if ((day >= a && day < b) || (n > 0 && at_s < t[n - 1] + ttl_s))
			continue;
		t[n++] = at_s;
	}
}

static void test(const double *t, size_t n, double ttl_s, const struct interval *down,
    size_t down_count, struct level_result *ret)
{
	const struct optime_stream stream = { t, n, ttl_s };
	struct exposure e;
	struct level_input in = { &stream, 1, &e, 1, 1 };

	assert_true(exposure_declare(FIRST_S, FIRST_S + DAYS * DAY_S, down, down_count, &e, NULL));
	assert_true(level_test(&in, ret, NULL));
	exposure_release(&e);
}

static double day_of(double t_s)
{
	return (t_s - FIRST_S) / DAY_S;
}

static void steady_is_steady(void **state)
{
	static double t[MOST];
	struct level_result r;

	(void)state;
	test(t, draw(t, .5, 3600, 0, 0, 1), 3600, NULL, 0, &r);
	assert_true(r.tested);
	assert_int_equal(r.block_count, 1);
	assert_true(r.p_burst > .01 && r.p_silence > .01 && r.p_stop > LEVEL_STOP_P);
}

static void a_step_behind_a_cache_is_placed(void **state)
{
	static double t[MOST];
	struct level_result r;

	(void)state;
	test(t, draw(t, .5, 3600, 0, 0, 4), 3600, NULL, 0, &r);
	assert_int_equal(r.block_count, 2);
	assert_true(fabs(day_of(r.blocks[1].from_s) - 71) < 3);
	assert_true(r.blocks[0].to_s == r.blocks[1].from_s);
	assert_true(r.p_burst <= .01);
}

static void silence_is_found_unless_the_sensor_was_down(void **state)
{
	static double t[MOST];
	const struct interval down = { FIRST_S + 50 * DAY_S, FIRST_S + 55 * DAY_S };
	struct level_result r;
	size_t n = draw(t, .5, 3600, 50, 55, 1);

	(void)state;
	test(t, n, 3600, NULL, 0, &r);
	assert_true(r.p_silence < 1e-6);
	assert_true(fabs(day_of(r.silence.from_s) - 50) < 1);
	assert_true(fabs(day_of(r.silence.to_s) - 55) < 1);
	test(t, n, 3600, &down, 1, &r);
	assert_true(r.p_silence > .05);
}

static void a_stop_is_told_from_an_end(void **state)
{
	static double t[MOST];
	struct level_result r;

	(void)state;
	test(t, draw(t, .5, 3600, 120, DAYS, 1), 3600, NULL, 0, &r);
	assert_true(r.p_stop < 1e-12);
	assert_true(day_of(r.last_s) < 120 && day_of(r.last_s) > 119);
}

static void few_contacts_tell_nothing(void **state)
{
	static double t[MOST];
	struct level_result r;

	(void)state;
	test(t, draw(t, .002, 0, 0, 0, 1), 0, NULL, 0, &r);
	assert_false(r.tested);
}

/* 2 days in 142, one act: 1.4 %; five acts: 7 % (METHODS 2.e). */
static void acts_that_were_examined_count(void **state)
{
	(void)state;
	assert_float_equal(stop_near_act(2, 1, 142), .0141, 1e-4);
	assert_float_equal(stop_near_act(2, 5, 142), .0704, 1e-4);
	assert_true(stop_near_act(100, 5, 142) == 1);
	assert_float_equal(stop_test(1000, 1000, 1000, 1000, 5, 1), exp(-5), 1e-4);
	assert_true(stop_test(1000, 1000, 10, 1000, 5, 1) > .9); /* its rate had fallen before */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steady_is_steady),
		cmocka_unit_test(a_step_behind_a_cache_is_placed),
		cmocka_unit_test(silence_is_found_unless_the_sensor_was_down),
		cmocka_unit_test(a_stop_is_told_from_an_end),
		cmocka_unit_test(few_contacts_tell_nothing),
		cmocka_unit_test(acts_that_were_examined_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
