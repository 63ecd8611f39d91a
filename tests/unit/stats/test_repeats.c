/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/philox.h"
#include "base/stamp.h"
#include "stats/repeats.h"

#define TIMES_MAX 4000
#define WEEK_NS   (7 * NS_PER_DAY)

static int64_t times[TIMES_MAX];

static int time_cmp(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Poisson at whole seconds, for four weeks. */
static size_t draw(double mean_s, uint64_t seed)
{
	struct philox r;
	double t_s = 0;
	size_t count = 0;

	philox_init(&r, seed, 0, 0);
	while (count < TIMES_MAX && (t_s += philox_exponential(&r) * mean_s) < 28 * 86400)
		times[count++] = (int64_t)t_s * NS_PER_S;
	return count;
}

static struct repeats test(size_t count)
{
	struct philox r;
	struct repeats ret;
	struct err err;

	philox_init(&r, 1, 0, 1);
	assert_true(repeats_test(times, count, &r, &ret, &err));
	return ret;
}

/* The second week takes the place of the fourth. */
static size_t paste(size_t count)
{
	size_t kept = 0, before;

	for (size_t i = 0; i < count; i++)
		if (times[i] < 3 * WEEK_NS)
			times[kept++] = times[i];
	before = kept;
	for (size_t i = 0; i < before; i++)
		if (times[i] >= WEEK_NS && times[i] < 2 * WEEK_NS)
			times[kept++] = times[i] + 2 * WEEK_NS;
	qsort(times, kept, sizeof(*times), time_cmp);
	return kept;
}

static void a_week_that_stands_there_twice_is_found(void **state)
{
	struct repeats r;

	(void)state;
	for (uint64_t seed = 1; seed <= 20; seed++) {
		r = test(paste(draw(3600, seed)));
		assert_true(r.tested);
		assert_true(r.p <= .001 + 1e-9);
		assert_int_equal(r.again_ns - r.first_ns, 2 * WEEK_NS);
		assert_true(r.run > 100);
	}
}

static void chance_repeats_are_none(void **state)
{
	int small = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 200; seed++)
		small += test(draw(900, seed)).p <= .05;
	assert_in_range(small, 0, 20);
}

/* A clock of a few seconds' jitter repeats runs by chance; so do its shuffled days. */
static void a_rounded_clock_repeats_by_chance(void **state)
{
	int small = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 40; seed++) {
		struct philox r;
		size_t count = 0;

		philox_init(&r, seed, 0, 0);
		for (int64_t i = 0; i < 28 * 24; i++)
			times[count++] = (i * 3600 + philox_below(&r, 2)) * NS_PER_S;
		small += test(count).p <= .05;
	}
	assert_in_range(small, 0, 6);
}

/* 300 s and 600 s in turn, with a night between: whatever it is, nobody pasted it. */
static void a_machine_that_repeats_throughout_is_not_tested(void **state)
{
	size_t count = 0;
	struct repeats r;

	(void)state;
	for (int64_t day = 0; day < 28; day++)
		for (int64_t i = 0; i < 60; i++)
			times[count++] =
			    (day * 86400 + 28800 + i / 2 * 900 + i % 2 * 300) * NS_PER_S;
	r = test(count);
	assert_false(r.tested);
	assert_true(r.throughout);
}

static void short_series_say_nothing(void **state)
{
	(void)state;
	for (size_t count = 0; count <= 2 * REPEATS_RUN_MIN; count++) {
		draw(3600, 1);
		assert_false(test(count).tested);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_week_that_stands_there_twice_is_found),
		cmocka_unit_test(chance_repeats_are_none),
		cmocka_unit_test(a_rounded_clock_repeats_by_chance),
		cmocka_unit_test(a_machine_that_repeats_throughout_is_not_tested),
		cmocka_unit_test(short_series_say_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
