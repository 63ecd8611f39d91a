/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "base/philox.h"
#include "stats/cache_gaps.h"

#define SPAN_S 4e7

static struct exposure alive(void)
{
	struct exposure e;
	struct err err;

	assert_true(exposure_declare(0, SPAN_S, NULL, 0, &e, &err));
	return e;
}

static void pauses_are_sorted_by_what_a_cache_allows(void **state)
{
	/* 50, 100, 3239, 3300, 3597, 3598.5, 3700, 4000 */
	const double visits_s[] = { 0, 50, 150, 3389, 6689, 10286, 13884.5, 17584.5, 21584.5 };
	struct exposure e = alive();
	struct cache_gaps g;

	(void)state;
	cache_gaps_count(&e, visits_s, 9, 3600, 3600, &g);
	assert_int_equal(g.gaps, 8);
	assert_int_equal(g.forbidden, 2);
	assert_int_equal(g.before, 2);
	assert_int_equal(g.after, 2);
	exposure_release(&e);
}

static void a_short_ttl_cannot_be_told_from_a_visit(void **state)
{
	(void)state;
	assert_false(cache_gaps_tells(0));
	assert_false(cache_gaps_tells(60));
	assert_true(cache_gaps_tells(120));
}

/* A cache emptied at a rate v shows v * chances_s forbidden pauses, asked for often or seldom. */
static void chances_count_what_an_emptied_cache_shows(void **state)
{
	static const double loads[] = { .2, 1, 10 };
	static double visits_s[40000];
	const double v = 1. / 50000;
	struct exposure e = alive();

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		double t_s = 0, expiry_s = 0;
		struct philox random;
		struct cache_gaps g;
		size_t count = 0;

		philox_init(&random, 1, i, 0);
		while ((t_s += philox_exponential(&random) * 3600 / loads[i]) < SPAN_S) {
			if (t_s < expiry_s)
				continue;
			visits_s[count++] = t_s;
			expiry_s = t_s + fmin(3600, philox_exponential(&random) / v);
		}
		cache_gaps_count(&e, visits_s, count, 3600, 3600, &g);
		assert_true(g.forbidden > 4);
		/* four standard errors, and what two emptyings within a TTL take away */
		assert_true(fabs((double)g.forbidden - v * g.chances_s) <
			    4 * sqrt(v * g.chances_s) + .07 * v * g.chances_s);
	}
	exposure_release(&e);
}

static void nothing_has_no_pauses(void **state)
{
	struct exposure e = alive();
	struct cache_gaps g;

	(void)state;
	cache_gaps_count(&e, NULL, 0, 3600, 3600, &g);
	assert_int_equal(g.gaps, 0);
	assert_float_equal(g.chances_s, 0, 0);
	exposure_release(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pauses_are_sorted_by_what_a_cache_allows),
		cmocka_unit_test(a_short_ttl_cannot_be_told_from_a_visit),
		cmocka_unit_test(chances_count_what_an_emptied_cache_shows),
		cmocka_unit_test(nothing_has_no_pauses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
