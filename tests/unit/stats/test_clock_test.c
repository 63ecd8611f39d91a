/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "stats/clock_test.h"

#define FIRST_S 1462320000.0
#define DAYS    20
#define BEATS   (DAYS * 24)

static struct clock_wheel wheel;
static struct exposure exposure;
static double visits_s[BEATS];

static struct clock_input input(size_t count)
{
	return (struct clock_input){ .visits_s = visits_s,
		.count = count,
		.dead_s = 60,
		.ttl_s = 60,
		.exposure = &exposure,
		.wheel = &wheel };
}

static int set_up(void **state)
{
	struct err err;

	(void)state;
	clock_test_init(&wheel);
	return exposure_declare(FIRST_S, FIRST_S + 86400.0 * DAYS, NULL, 0, &exposure, &err) ? 0
											     : 1;
}

static int tear_down(void **state)
{
	(void)state;
	exposure_release(&exposure);
	return 0;
}

/* Every hour at 17 minutes past; the clock forgets its errors, the timer adds them up. */
static void draw(bool is_timer, double error_s)
{
	struct philox random;
	double drift_s = 0;

	philox_init(&random, 5, 0, 0);
	for (size_t i = 0; i < BEATS; i++) {
		double off_s = error_s * philox_normal(&random);

		drift_s += off_s;
		visits_s[i] = FIRST_S + 1020 + 3600.0 * (double)i + (is_timer ? drift_s : off_s);
	}
}

static void a_clock_is_found(void **state)
{
	struct clock_input in = input(BEATS);
	struct clock_result r;
	struct err err;

	(void)state;
	draw(false, 60);
	assert_true(clock_test(&in, &r, &err));
	assert_true(r.tested);
	assert_true(r.p < 1e-9);
}

static void a_sleep_timer_is_not(void **state)
{
	static const double errors_s[] = { .05, 1, 10, 60, 300 };
	struct clock_input in = input(BEATS);
	struct clock_result r;
	struct err err;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(errors_s); i++) {
		draw(true, errors_s[i]);
		assert_true(clock_test(&in, &r, &err));
		assert_true(r.tested);
		assert_true(r.p > .05);
	}
}

static void too_little_is_not_tested(void **state)
{
	struct clock_input in = input(CLOCK_VISITS_MIN - 1);
	struct clock_result r;
	struct err err;

	(void)state;
	draw(false, 60);
	assert_true(clock_test(&in, &r, &err));
	assert_false(r.tested);
	in.count = 60; /* on three days */
	assert_true(clock_test(&in, &r, &err));
	assert_false(r.tested);
	assert_float_equal(r.p, 1, 0);
}

static void shuffling_tells_a_clock_from_a_timer(void **state)
{
	static const struct monte_carlo_plan plan = { .surrogates_max = 199 };
	struct clock_input in = input(BEATS);
	struct monte_carlo_result r;
	struct philox random;
	struct err err;

	(void)state;
	philox_init(&random, 5, 0, 1);
	draw(false, 60);
	assert_true(clock_test_shuffle(&in, 3600, &plan, &random, &r, &err));
	assert_true(r.floor);
	assert_float_equal(r.p, 1 / 200., 1e-12);
	draw(true, 60);
	assert_true(clock_test_shuffle(&in, 3600, &plan, &random, &r, &err));
	assert_true(r.p > .05);
}

static void a_period_that_was_sought_pays_for_it(void **state)
{
	struct clock_input in = input(BEATS);

	(void)state;
	draw(false, 60);
	assert_true(clock_test_rotation(&in, 3600, 1) < 1e-9);
	assert_float_equal(
	    clock_test_rotation(&in, 3600, 1e6) / clock_test_rotation(&in, 3600, 1), 1e6, 1);
	assert_float_equal(clock_test_rotation(&in, 3617, 1), 1, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_clock_is_found),
		cmocka_unit_test(a_sleep_timer_is_not),
		cmocka_unit_test(too_little_is_not_tested),
		cmocka_unit_test(shuffling_tells_a_clock_from_a_timer),
		cmocka_unit_test(a_period_that_was_sought_pays_for_it),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
