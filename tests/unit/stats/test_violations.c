/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "stats/violations.h"

static struct cache_gaps gaps_of(size_t forbidden, double chances_s)
{
	return (struct cache_gaps){ .gaps = 100, .forbidden = forbidden, .chances_s = chances_s };
}

static struct excess_background others(size_t names, size_t forbidden_of_each)
{
	struct excess_background b = { .names = 0 };
	struct cache_gaps g = gaps_of(forbidden_of_each, 1000);

	for (size_t i = 0; i < names; i++)
		violations_add(&b, &g, &g);
	return b;
}

/* Ten others without any: P(K or more) = (c / (c + C))^K but for the least deviation of v. */
static void no_violation_elsewhere_makes_one_rare(void **state)
{
	struct excess_background b = others(10, 0);
	struct cache_gaps one = gaps_of(1, 1000), three = gaps_of(3, 1000);

	(void)state;
	assert_float_equal(violations_p(&b, &one), 1. / 11, 1e-12);
	assert_float_equal(violations_p(&b, &three), pow(1. / 11, 3), 1e-12);
	assert_float_equal(violations_p_above(&b, &one), pow(1. / 11, 2), 1e-12);
}

static void as_many_as_elsewhere_are_no_surprise(void **state)
{
	struct excess_background b = others(50, 5);
	struct cache_gaps five = gaps_of(5, 1000), forty = gaps_of(40, 1000);

	(void)state;
	assert_true(violations_p(&b, &five) > .4);
	assert_true(violations_p(&b, &forty) < 1e-10);
}

/* Of the same total, spread unevenly over the others, the same count is less of a surprise. */
static void unlike_others_widen_the_null(void **state)
{
	struct excess_background even = others(50, 4), uneven = others(40, 0);
	struct cache_gaps twenty = gaps_of(20, 1000), twelve = gaps_of(12, 1000);

	(void)state;
	for (int i = 0; i < 10; i++)
		violations_add(&uneven, &twenty, &twenty);
	assert_float_equal(even.seen, uneven.seen, 0);
	assert_true(violations_p(&even, &twelve) < .01);
	assert_true(violations_p(&uneven, &twelve) > .05);
}

static void too_few_others_say_nothing(void **state)
{
	struct excess_background b = others(EXCESS_NAMES_MIN - 1, 0);
	struct cache_gaps one = gaps_of(1, 1000);

	(void)state;
	assert_true(isnan(violations_p(&b, &one)));
}

static void names_of_other_chances_are_not_compared(void **state)
{
	struct excess_background b = { .names = 0 };
	struct cache_gaps target = gaps_of(0, 1000), like = gaps_of(0, 1900),
			  unlike = gaps_of(0, 2100), rare = gaps_of(0, 400);

	(void)state;
	violations_add(&b, &target, &unlike);
	violations_add(&b, &target, &rare);
	assert_float_equal(b.names, 0, 0);
	violations_add(&b, &target, &like);
	assert_float_equal(b.names, 1, 0);
}

static void parts_join_by_adding(void **state)
{
	struct excess_background all = others(20, 3), part = others(13, 3), rest = others(7, 3);

	(void)state;
	excess_join(&part, &rest);
	assert_memory_equal(&all, &part, sizeof(all));
}

static struct cache_gaps ends_of(size_t before, size_t after, double asked)
{
	return (struct cache_gaps){ .gaps = 100, .before = before, .after = after, .asked = asked };
}

/* A cache that fetches early ends half of the pauses about the TTL early, or all: by the rate. */
static void early_fetches_are_those_of_the_cache(void **state)
{
	struct excess_background early = { .names = 0 }, late = { .names = 0 };
	struct cache_gaps rare = ends_of(10, 10, 0), always = ends_of(40, 0, 1),
			  never = ends_of(0, 20, .1), moved = ends_of(6, 14, .1);

	(void)state;
	for (int i = 0; i < 60; i++) {
		violations_add_early(&early, &rare);
		violations_add_early(&late, &never);
	}
	assert_true(violations_p_early(&early, &always) > .4);
	assert_float_equal(violations_expected_early(&early, &always), 40, 1e-9);
	assert_true(violations_p_early(&early, &rare) > .4);
	assert_true(violations_p_early(&late, &moved) < 1e-8);
	assert_float_equal(violations_p_early(&late, &never), 1, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_violation_elsewhere_makes_one_rare),
		cmocka_unit_test(early_fetches_are_those_of_the_cache),
		cmocka_unit_test(as_many_as_elsewhere_are_no_surprise),
		cmocka_unit_test(unlike_others_widen_the_null),
		cmocka_unit_test(too_few_others_say_nothing),
		cmocka_unit_test(names_of_other_chances_are_not_compared),
		cmocka_unit_test(parts_join_by_adding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
