/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "stats/htest.h"

static void a_clock_has_every_harmonic(void **state)
{
	double times_s[100];
	struct htest_result r;

	(void)state;
	for (int i = 0; i < 100; i++)
		times_s[i] = 1462320000.0 + 3600 * i + 900;
	htest_at(times_s, 100, 3600, &r);
	/* Z_m = 2 n m: H = 200 m - 4 m + 4 at m = 20 */
	assert_float_equal(r.h, 200 * 20 - 4 * 20 + 4, 1e-3);
	assert_int_equal(r.harmonics, 20);
	assert_float_equal(r.phase, .25, 1e-9);
	assert_float_equal(r.resultant, 1, 1e-9);
}

static void an_even_circle_has_none(void **state)
{
	double times_s[64];
	struct htest_result r;

	(void)state;
	for (int i = 0; i < 64; i++)
		times_s[i] = i * 3600 + i * 3600 / 64.0;
	htest_at(times_s, 64, 3600, &r);
	assert_true(r.h < 1e-6);
	assert_true(r.p > .99);
}

/* p = exp(sqrt(1 + 4n + 4(n^2 - R^2)) - (1 + 2n)): R = 0 gives 1, R = n gives exp(sqrt(1+4n) - 1 - 2n). */
static void rayleigh_at_its_ends(void **state)
{
	(void)state;
	assert_float_equal(htest_rayleigh_p(0, 50), 1, 1e-9);
	assert_float_equal(htest_rayleigh_p(20, 20), exp(9 - 41), 1e-20);
	assert_float_equal(htest_rayleigh_p(10, 20), exp(sqrt(1 + 80 + 1200) - 41), 1e-12);
}

static void the_screen_names_the_period(void **state)
{
	double times_s[300];
	struct htest_screen s;

	(void)state;
	for (int i = 0; i < 300; i++)
		times_s[i] = 7200.0 * i + 300 * sin(i * i);
	htest_screen(times_s, 300, 0, &s);
	/* 7200 s and its divisors are in phase: the longest takes the jitter best */
	assert_true(s.period_s == 7200);
	assert_true(s.p_any < 1e-100);
	htest_screen(times_s, 9, 0, &s);
	assert_int_equal(s.periods, 0);
	assert_true(isnan(s.period_s));
	assert_true(s.p_any == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_clock_has_every_harmonic),
		cmocka_unit_test(an_even_circle_has_none),
		cmocka_unit_test(rayleigh_at_its_ends),
		cmocka_unit_test(the_screen_names_the_period),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
