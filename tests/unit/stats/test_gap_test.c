/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "base/philox.h"
#include "stats/gap_test.h"

static void a_clock_lacks_every_short_step(void **state)
{
	double steps[50];
	struct gap_result r;

	(void)state;
	for (int i = 0; i < 50; i++)
		steps[i] = 3;
	gap_test(steps, 50, 0, &r);
	assert_float_equal(r.shortfall, 1 - exp(-1), 1e-9);
	assert_float_equal(r.p, exp(-3 * 50 * pow(1 - exp(-1), 2)), 1e-20);
	assert_float_equal(r.cv, 0, 1e-9);
	gap_test(steps, 50, 1, &r);
	assert_true(r.p == 1);
}

static void the_quantiles_of_the_null_have_no_shortfall(void **state)
{
	double steps[1000];
	struct gap_result r;

	(void)state;
	for (int i = 0; i < 1000; i++)
		steps[i] = -log1p(-(i + .5) / 1000);
	gap_test(steps, 1000, 0, &r);
	assert_true(r.shortfall < .002);
	assert_true(r.p > .95);
}

/* Many short steps and a few long ones: a lump near u = 1, which the uncut D would take for evenness. */
static void sessions_are_not_even(void **state)
{
	double steps[1000];
	struct philox random;
	struct gap_result r;

	(void)state;
	philox_init(&random, 1, 1, 1);
	for (int i = 0; i < 1000; i++)
		steps[i] = philox_exponential(&random) * (i % 10 == 0 ? 8 : .22);
	gap_test(steps, 1000, 0, &r);
	assert_true(r.cv > 1.5);
	assert_true(r.shortfall < .01);
}

static void nothing_can_be_said_of_nothing(void **state)
{
	const double steps[3] = { 0, 0, 0 };
	struct gap_result r;

	(void)state;
	gap_test(steps, 3, 0, &r);
	assert_true(r.p == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_clock_lacks_every_short_step),
		cmocka_unit_test(the_quantiles_of_the_null_have_no_shortfall),
		cmocka_unit_test(sessions_are_not_even),
		cmocka_unit_test(nothing_can_be_said_of_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
