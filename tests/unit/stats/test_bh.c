/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stats/bh.h"

/* The fifteen p's of Benjamini & Hochberg 1995, section 3.2; four are rejected at .05. */
static void the_paper_s_example(void **state)
{
	static const double p[] = { .0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459,
		.3240, .4262, .5719, .6528, .7590, 1 };
	double q[15];
	unsigned rejected = 0;

	(void)state;
	assert_true(bh_q(p, 15, 15, q, NULL));
	for (int i = 0; i < 15; i++)
		rejected += q[i] <= .05;
	assert_int_equal(rejected, 4);
	assert_float_equal(q[0], .0015, 1e-12);
	assert_float_equal(q[1], .003, 1e-12);
	assert_float_equal(q[3], .035625, 1e-12);
	assert_float_equal(q[14], 1, 1e-12);
}

static void order_does_not_matter_and_the_left_out_count(void **state)
{
	const double p[] = { .5, 1e-6, .02, 1e-6 };
	double q[4];

	(void)state;
	assert_true(bh_q(p, 4, 1000, q, NULL));
	assert_float_equal(q[1], 5e-4, 1e-12);
	assert_true(q[1] == q[3]);
	assert_float_equal(q[2], 1, 1e-12);
	assert_float_equal(q[0], 1, 1e-12);
	assert_true(bh_q(p, 0, 1000, q, NULL));
}

static void yekutieli_is_the_harmonic_number(void **state)
{
	(void)state;
	assert_float_equal(bh_yekutieli_factor(4), 25.0 / 12, 1e-12);
	assert_float_equal(bh_yekutieli_factor(1000000), 14.392726722865724, 1e-9);
	assert_float_equal(bh_yekutieli_factor(1000001), 14.392727722865, 1e-9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_paper_s_example),
		cmocka_unit_test(order_does_not_matter_and_the_left_out_count),
		cmocka_unit_test(yekutieli_is_the_harmonic_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
