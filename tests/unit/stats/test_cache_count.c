/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "base/philox.h"
#include "stats/cache_count.h"

#define TTL_S  3600.0
#define SPAN_S (60 * 86400.0)

static double visits_s[5000];

/* m caches fed at random at `load` requests per TTL and cache; early: of a cache that prefetches. */
static size_t draw(unsigned m, double load, double early, struct philox *random)
{
	double expiry_s[CACHES_MAX] = { 0 }, t_s = 0;
	size_t count = 0;

	while ((t_s += philox_exponential(random) * TTL_S / (load * m)) < SPAN_S) {
		unsigned at = philox_below(random, m);

		if (t_s < expiry_s[at] - early * TTL_S ||
		    (count > 0 && t_s < visits_s[count - 1] + 30))
			continue;
		visits_s[count++] = t_s;
		expiry_s[at] = t_s + TTL_S;
	}
	return count;
}

static void as_many_are_found_as_there_are(void **state)
{
	struct exposure e;
	struct philox random;
	struct err err;

	(void)state;
	assert_true(exposure_declare(0, SPAN_S, NULL, 0, &e, &err));
	philox_init(&random, 1, 1, 1);
	for (unsigned m = 1; m <= 4; m++)
		for (unsigned early = 0; early < 2; early++) {
			struct cache_count c;
			size_t count = draw(m, 2, .1 * early, &random);

			cache_count_fit(&e, visits_s, count, TTL_S, &c);
			assert_int_equal(c.caches, m);
			assert_true(c.most >= m && c.most < CACHES_MAX);
			assert_float_equal(c.dead_s, early ? .9 * TTL_S : TTL_S, 1e-9);
		}
	exposure_release(&e);
}

static void a_slip_is_no_second_cache(void **state)
{
	struct exposure e;
	struct philox random;
	struct cache_count c;
	struct err err;
	size_t count;

	(void)state;
	assert_true(exposure_declare(0, SPAN_S, NULL, 0, &e, &err));
	philox_init(&random, 1, 2, 1);
	count = draw(1, 2, 0, &random);
	visits_s[count / 2] = visits_s[count / 2 - 1] + 600;
	cache_count_fit(&e, visits_s, count, TTL_S, &c);
	assert_int_equal(c.caches, 1);
	exposure_release(&e);
}

static void few_look_ups_bound_nothing(void **state)
{
	const double few_s[] = { 1000, 400000, 900000 };
	struct exposure e;
	struct cache_count c;
	struct err err;

	(void)state;
	assert_true(exposure_declare(0, SPAN_S, NULL, 0, &e, &err));
	cache_count_fit(&e, few_s, 3, TTL_S, &c);
	assert_int_equal(c.caches, 1);
	assert_int_equal(c.most, CACHES_MAX);
	exposure_release(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_many_are_found_as_there_are),
		cmocka_unit_test(a_slip_is_no_second_cache),
		cmocka_unit_test(few_look_ups_bound_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
