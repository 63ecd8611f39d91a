/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "stats/excess.h"

static struct excess_background others(int names, double seen, double chances)
{
	struct excess_background b = { .names = 0 };

	for (int i = 0; i < names; i++)
		excess_add(&b, seen, chances);
	return b;
}

/* P(K or more) and P(K - 1 or fewer) are all there is. */
static void both_tails_make_one(void **state)
{
	struct excess_background b = others(40, 3, 100);

	(void)state;
	for (double k = 1; k < 20; k++)
		assert_float_equal(
		    excess_p_more(&b, .1, k, 150) + excess_p_fewer(&b, .1, k - 1, 150), 1, 1e-12);
}

static void none_where_others_have_many_is_rare(void **state)
{
	struct excess_background b = others(60, 30, 100);

	(void)state;
	assert_true(excess_p_fewer(&b, .1, 0, 100) < 1e-6);
	assert_true(excess_p_fewer(&b, .1, 30, 100) > .4);
	assert_float_equal(excess_expected(&b, 50), 15, 1e-12);
}

/* Others of which half have none and half have many widen the null to both sides. */
static void two_kinds_of_others_widen_the_null(void **state)
{
	struct excess_background b = others(30, 0, 100), many = others(30, 60, 100);

	(void)state;
	excess_join(&b, &many);
	assert_true(excess_p_fewer(&b, .1, 0, 100) > .02);
	assert_true(excess_p_more(&b, .1, 60, 100) > .05);
}

static void without_chances_nothing_is_said(void **state)
{
	struct excess_background b = others(40, 3, 100), few = others(EXCESS_NAMES_MIN - 1, 3, 100);

	(void)state;
	assert_true(isnan(excess_p_more(&b, .1, 5, 0)));
	assert_true(isnan(excess_p_more(&few, .1, 5, 100)));
	assert_true(isnan(excess_p_fewer(&few, .1, 5, 100)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_tails_make_one),
		cmocka_unit_test(none_where_others_have_many_is_rare),
		cmocka_unit_test(two_kinds_of_others_widen_the_null),
		cmocka_unit_test(without_chances_nothing_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
