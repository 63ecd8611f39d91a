/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/stamp.h"
#include "stats/visits.h"

static void visits_end_by_gap_and_by_span(void **state)
{
	/* gap of 31 s; a run of 30 s gaps cut after 60 s */
	const double times_s[] = { 0, 30, 61, 91, 121, 122, 500 };
	struct visit v[7];

	(void)state;
	assert_int_equal(visits_find(times_s, 7, v), 4);
	assert_int_equal(v[0].contacts, 2);
	assert_int_equal(v[1].contacts, 3); /* 61, 91, 121 */
	assert_true(v[1].span_s == 60);
	assert_int_equal(v[2].contacts, 1); /* 122 is past the span */
	assert_true(v[3].start_s == 500);
	assert_int_equal(visits_find(times_s, 0, v), 0);
}

static void thinning_is_a_cache(void **state)
{
	double times_s[] = { 0, 10, 60, 61, 119.9, 120 };

	(void)state;
	assert_int_equal(visits_thin(times_s, 6, 60, times_s), 3);
	assert_true(times_s[1] == 60);
	assert_true(times_s[2] == 120);
}

static void spreading_stays_in_the_unit_and_in_order(void **state)
{
	int64_t ns[400];
	double a[400], b[400];

	(void)state;
	for (int i = 0; i < 400; i++)
		ns[i] = (1462320000 + i / 40) * NS_PER_S;
	visits_spread(ns, 400, 0, 7, 9, a);
	for (int i = 0; i < 400; i++) {
		assert_true(a[i] >= (double)(ns[i] / NS_PER_S));
		assert_true(a[i] < (double)(ns[i] / NS_PER_S) + 1);
		assert_true(i == 0 || a[i] >= a[i - 1]);
	}
	visits_spread(ns, 400, 0, 7, 9, b);
	assert_memory_equal(a, b, sizeof(a));
	visits_spread(ns, 400, 0, 7, 10, b);
	assert_memory_not_equal(a, b, sizeof(a));
}

static void microseconds_move_by_less_than_one(void **state)
{
	const int64_t ns[] = { INT64_C(1313403271120525000), INT64_C(1313403271120526000) };
	double s[2];

	(void)state;
	visits_spread(ns, 2, 6, 1, 1, s);
	assert_float_equal(s[0], 1313403271.1205255, 1e-6);
	assert_true(s[1] >= s[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(visits_end_by_gap_and_by_span),
		cmocka_unit_test(thinning_is_a_cache),
		cmocka_unit_test(spreading_stays_in_the_unit_and_in_order),
		cmocka_unit_test(microseconds_move_by_less_than_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
