/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "stats/live_rate.h"

/* n look-ups in `free` live seconds with the cache empty, of `total`. */
static struct cache_states states_of(size_t n, double free_s, double total_s)
{
	struct cache_states s = { .count = n, .total_s = total_s };

	s.live_s[0][0] = free_s;
	s.live_s[1][0] = total_s - free_s;
	s.seen[0][0] = (double)n;
	return s;
}

/* Garwood's limits for 10 events (Ulm 1990, table): 4.795 and 18.39. */
static void the_interval_is_the_exact_one(void **state)
{
	struct cache_states s = states_of(10, 1000, 2000);
	struct live_rate r;

	(void)state;
	live_rate_fit(&s, 1, 1, &r);
	assert_true(r.estimable);
	assert_float_equal(r.per_s, .01, 1e-12);
	assert_float_equal(r.low_per_s * 1000, 4.795, 1e-3);
	assert_float_equal(r.high_per_s * 1000, 18.390, 1e-3);
	assert_float_equal(r.saturation, .5, 1e-12);
	assert_float_equal(r.attenuation, .5, 1e-12);
}

static void a_full_cache_leaves_a_lower_bound(void **state)
{
	struct cache_states s = states_of(10, 90, 1000);
	struct live_rate r;

	(void)state;
	live_rate_fit(&s, 1, 1, &r);
	assert_false(r.estimable);
	assert_true(isnan(r.per_s) && isnan(r.high_per_s));
	assert_true(r.low_per_s > 0);
}

static void a_cache_that_is_never_empty_tells_nothing(void **state)
{
	struct cache_states s = states_of(10, 0, 1000);
	struct live_rate r;

	(void)state;
	live_rate_fit(&s, 1, 1, &r);
	assert_false(r.estimable);
	assert_true(isnan(r.low_per_s));
	assert_float_equal(r.saturation, 1, 0);
}

/* Look-ups of several caches within seconds are one visit: what is lost must not pass for a rate. */
static void merged_look_ups_of_many_caches_leave_a_lower_bound(void **state)
{
	struct cache_states s = states_of(1000, 20000, 100000);
	struct live_rate r;

	(void)state;
	live_rate_fit(&s, 1, 1, &r);
	assert_true(r.estimable);
	live_rate_fit(&s, 2, 2, &r);
	assert_false(r.estimable);
}

/*
 * Of 200 look-ups half found none of two caches to hold the name, half found one: in the 30 s that
 * are merged into the visit, half of the caches are open after the former, none after the latter.
 */
static void what_visits_hide_is_made_up_for(void **state)
{
	struct cache_states s = { .count = 200, .total_s = 1e6 };
	struct cache_open open;
	struct live_rate r;

	(void)state;
	s.live_s[0][0] = 1e5;
	s.live_s[1][0] = 2e5;
	s.seen[0][0] = s.seen[1][0] = 100;
	open = cache_states_open(&s, 2);
	assert_float_equal(open.live_s, 1e5 + 2e5 * (1 - (1 + open.hidden) / 2), 1e-6);
	assert_float_equal(open.hidden, 1500 / open.live_s, 1e-6);
	/* that there may be any number of caches takes the lower end down to that of none */
	live_rate_fit(&s, 2, CACHES_MAX, &r);
	assert_float_equal(r.low_per_s / 200 * 3e5, .866, .002);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_interval_is_the_exact_one),
		cmocka_unit_test(a_full_cache_leaves_a_lower_bound),
		cmocka_unit_test(a_cache_that_is_never_empty_tells_nothing),
		cmocka_unit_test(what_visits_hide_is_made_up_for),
		cmocka_unit_test(merged_look_ups_of_many_caches_leave_a_lower_bound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
