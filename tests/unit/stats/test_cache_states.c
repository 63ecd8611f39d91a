/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "stats/cache_states.h"

#define DAY_S 86400.0

static struct exposure alive(void)
{
	struct exposure e;
	struct err err;

	assert_true(exposure_declare(0, DAY_S, NULL, 0, &e, &err));
	return e;
}

static double live_in(const struct cache_states *s, unsigned held)
{
	double sum = 0;

	for (unsigned c = 0; c < FOLDED_CELLS; c++)
		sum += s->live_s[held][c];
	return sum;
}

static double seen_in(const struct cache_states *s, unsigned held)
{
	double sum = 0;

	for (unsigned c = 0; c < FOLDED_CELLS; c++)
		sum += s->seen[held][c];
	return sum;
}

static void one_cache_is_empty_between_expiry_and_look_up(void **state)
{
	const double events_s[] = { 1000, 5000, 9000 };
	struct exposure e = alive();
	struct cache_states s;

	(void)state;
	cache_states_tally(&s, &e, events_s, 3, 3600);
	assert_int_equal(s.count, 2);
	assert_float_equal(s.total_s, 8000, 1e-9);
	assert_float_equal(live_in(&s, 0), 800, 1e-9);
	/* nothing is counted in the half minute after each look-up */
	assert_float_equal(live_in(&s, 1), 7200 - 60, 1e-9);
	assert_float_equal(seen_in(&s, 0), 2, 0);
	assert_float_equal(cache_states_free(&s, 1), 800, 1e-9);
	assert_float_equal(cache_states_free(&s, 2), 800 + 3600, 1e-9);
	exposure_release(&e);
}

static void look_ups_within_a_ttl_fill_further_caches(void **state)
{
	const double events_s[] = { 0, 1000, 2000, 4000 };
	struct exposure e = alive();
	struct cache_states s;

	(void)state;
	cache_states_tally(&s, &e, events_s, 4, 3600);
	/* held: 1 to 1000, 2 to 2000, 3 to 3600, 2 to 4000 */
	assert_float_equal(live_in(&s, 1), 1000 - 30, 1e-9);
	assert_float_equal(live_in(&s, 2), 1400 - 30, 1e-9);
	assert_float_equal(live_in(&s, 3), 1600 - 30, 1e-9);
	assert_float_equal(seen_in(&s, 1), 1, 0);
	assert_float_equal(seen_in(&s, 2), 2, 0);
	exposure_release(&e);
}

static void a_flood_ends_in_the_last_state(void **state)
{
	double events_s[100];
	struct exposure e = alive();
	struct cache_states s;

	(void)state;
	for (int i = 0; i < 100; i++)
		events_s[i] = i;
	cache_states_tally(&s, &e, events_s, 100, 3600);
	assert_float_equal(seen_in(&s, CACHES_MAX), 100 - CACHES_MAX, 0);
	exposure_release(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_cache_is_empty_between_expiry_and_look_up),
		cmocka_unit_test(look_ups_within_a_ttl_fill_further_caches),
		cmocka_unit_test(a_flood_ends_in_the_last_state),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
