/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "base/philox.h"
#include "stats/cache_ttl.h"

#define SPAN_S (30 * 86400.0)

static double visits_s[5000];

static size_t draw(double ttl_s, double rate_per_s, struct philox *random)
{
	double t_s = 0;
	size_t count = 0;

	while ((t_s += philox_exponential(random) / rate_per_s) < SPAN_S) {
		visits_s[count++] = t_s;
		t_s += ttl_s;
	}
	return count;
}

static struct cache_ttl found_in(size_t count)
{
	struct cache_ttl found;
	struct exposure e;
	struct err err;

	assert_true(exposure_declare(0, SPAN_S, NULL, 0, &e, &err));
	assert_true(cache_ttl_find(visits_s, count, &e, &found, &err));
	exposure_release(&e);
	return found;
}

static void a_customary_ttl_is_found(void **state)
{
	struct philox random;

	(void)state;
	philox_init(&random, 1, 1, 1);
	assert_float_equal(found_in(draw(900, 1. / 900, &random)).ttl_s, 900, 0);
	assert_float_equal(found_in(draw(3600, 1. / 3600, &random)).ttl_s, 3600, 0);
}

static void chance_alone_shows_none(void **state)
{
	struct philox random;

	(void)state;
	philox_init(&random, 1, 2, 1);
	assert_float_equal(found_in(draw(60, 1. / 3600, &random)).ttl_s, 0, 0);
}

static void a_few_visits_show_none(void **state)
{
	(void)state;
	for (int i = 0; i < 7; i++)
		visits_s[i] = 3600 * i;
	assert_float_equal(found_in(7).ttl_s, 0, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_customary_ttl_is_found),
		cmocka_unit_test(chance_alone_shows_none),
		cmocka_unit_test(a_few_visits_show_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
