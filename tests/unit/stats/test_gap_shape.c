/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "base/philox.h"
#include "stats/gap_shape.h"

#define SPAN_S (30 * 86400.0)
#define DEAD_S 3600.0

static const struct monte_carlo_plan plan = { .surrogates_max = 99 };
static double events_s[2000];

static struct gap_shape shape_of(size_t count)
{
	struct gap_shape_input in = {
		.events_s = events_s, .count = count, .dead_s = DEAD_S, .seed = 1
	};
	struct gap_shape r;
	struct exposure e;
	struct err err;

	assert_true(exposure_declare(0, SPAN_S, NULL, 0, &e, &err));
	in.exposure = &e;
	assert_true(gap_shape_test(&in, &plan, &r, &err));
	exposure_release(&e);
	return r;
}

/* Pauses beyond the dead time: half of them short, half long, by share `early`. */
static size_t draw(double early, struct philox *random)
{
	double t_s = 0;
	size_t count = 0;

	while (t_s < SPAN_S) {
		double mean_s = philox_uniform(random) < early ? 60 : 3600;

		events_s[count++] = t_s;
		t_s += DEAD_S + mean_s * philox_exponential(random);
	}
	return count;
}

static void chance_demand_has_the_shape_of_chance(void **state)
{
	struct philox random;
	struct gap_shape r;

	(void)state;
	philox_init(&random, 1, 1, 1);
	r = shape_of(draw(0, &random));
	assert_true(r.tested);
	assert_true(r.p > .01);
	assert_float_equal(r.early, r.early_expected, .06);
}

static void demand_that_waits_shows_early(void **state)
{
	struct philox random;
	struct gap_shape r;

	(void)state;
	philox_init(&random, 1, 2, 1);
	r = shape_of(draw(.5, &random));
	assert_float_equal(r.p, .01, 1e-9);
	assert_true(r.early > r.early_expected + .2);
}

static void a_few_events_are_not_tested(void **state)
{
	(void)state;
	for (int i = 0; i < 9; i++)
		events_s[i] = 4000 * i;
	assert_false(shape_of(9).tested);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chance_demand_has_the_shape_of_chance),
		cmocka_unit_test(demand_that_waits_shows_early),
		cmocka_unit_test(a_few_events_are_not_tested),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
