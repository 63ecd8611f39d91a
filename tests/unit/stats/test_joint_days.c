/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include <stdlib.h>

#include "base/philox.h"
#include "stats/joint_days.h"

#define DAYS  70
#define DAY_S 86400.0

static double a_s[4000], b_s[4000];

static int double_cmp(const void *a, const void *b)
{
	const double *x = a;
	const double *y = b;

	return (*x > *y) - (*x < *y);
}

/* Visits from 9 to 17 h, a few on each day. */
static size_t draw_office(double per_day, double *ret_s, struct philox *random)
{
	size_t count = 0;

	for (int day = 0; day < DAYS; day++)
		for (double t_s = 9 * 3600;
		     (t_s += 8 * 3600 * philox_exponential(random) / per_day) < 17 * 3600;)
			ret_s[count++] = day * DAY_S + t_s;
	return count;
}

static struct joint_result test_of(size_t a, size_t b, double ttl_s)
{
	struct joint_input in = {
		.a_s = a_s, .a_count = a, .b_s = b_s, .b_count = b, .ttl_s = ttl_s, .seed = 1
	};
	struct joint_result r;
	struct err err;

	assert_true(joint_days_test(&in, &r, &err));
	return r;
}

/* Ten pairs: more than three at p <= .1 come by chance once in a hundred runs. */
static void like_hours_are_no_link(void **state)
{
	unsigned small = 0;

	(void)state;
	for (unsigned pair = 0; pair < 10; pair++) {
		struct philox random;
		struct joint_result r;
		size_t a, b;

		philox_init(&random, 1, pair, 5);
		a = draw_office(6, a_s, &random);
		b = draw_office(6, b_s, &random);
		r = test_of(a, b, 3600);
		assert_true(r.tested);
		assert_true(fabs(r.near_share - r.expected) < .05);
		small += r.p <= .1;
	}
	assert_true(small <= 3);
}

static void copies_are_a_link(void **state)
{
	struct philox random;
	struct joint_result r;
	size_t a, b;

	(void)state;
	philox_init(&random, 1, 2, 1);
	a = draw_office(6, a_s, &random);
	b = draw_office(6, b_s, &random);
	for (size_t i = 0; i < a; i += 10)
		b_s[b++] = a_s[i] + 3;
	qsort(b_s, b, sizeof(*b_s), double_cmp);
	r = test_of(a, b, 3600);
	assert_float_equal(r.p_together, .003, 1e-9);
	assert_float_equal(r.window_s, 10, 0);
	assert_true(r.p_apart > .5);
	assert_float_equal(r.p, .006, 1e-9);
	assert_float_equal(test_of(a, b, 0).p, .003, 1e-9);
}

static void one_cache_keeps_two_apart(void **state)
{
	struct philox random;
	struct joint_result r;
	size_t count, a = 0, b = 0;
	double last_s = -3600;

	(void)state;
	philox_init(&random, 1, 3, 1);
	count = draw_office(12, a_s, &random);
	for (size_t i = 0; i < count; i++) {
		double t_s = a_s[i];

		if (t_s < last_s + 3600)
			continue;
		last_s = t_s;
		if (philox_below(&random, 2) == 0)
			a_s[a++] = t_s;
		else
			b_s[b++] = t_s;
	}
	r = test_of(a, b, 3600);
	assert_float_equal(r.p_apart, .001, 1e-9);
	assert_true(r.p_together > .05);
}

static void peers_that_never_met_are_not_tested(void **state)
{
	(void)state;
	for (int i = 0; i < 50; i++) {
		a_s[i] = i * DAY_S;
		b_s[i] = (i + 100) * DAY_S;
	}
	assert_false(test_of(50, 50, 0).tested);
	assert_false(test_of(0, 50, 0).tested);
	/* before 1970, and far from each other */
	a_s[0] = -4e9;
	b_s[0] = -3e9;
	assert_false(test_of(1, 1, 0).tested);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(like_hours_are_no_link),
		cmocka_unit_test(copies_are_a_link),
		cmocka_unit_test(one_cache_keeps_two_apart),
		cmocka_unit_test(peers_that_never_met_are_not_tested),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
