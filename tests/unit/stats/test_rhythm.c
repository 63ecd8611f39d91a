/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "base/philox.h"
#include "stats/rhythm.h"

#define MONDAY_S 1462147200.0
#define DAY_S    86400.0
#define WEEK_S   (7 * DAY_S)

static struct rhythm_work *work;

static int make_work(void **state)
{
	(void)state;
	return rhythm_work_new(&work, NULL) ? 0 : -1;
}

static int free_work(void **state)
{
	(void)state;
	rhythm_work_free(work);
	return 0;
}

/* Once a workday at a random minute of office hours, TTL an hour. */
static size_t workdays(double *times_s, double begin_s, unsigned days)
{
	struct philox random;
	size_t count = 0;

	philox_init(&random, 4, 4, 4);
	for (unsigned d = 0; d < days; d++)
		if (d % 7 < 5)
			times_s[count++] =
			    begin_s + d * DAY_S + 3600 * (9 + 9 * philox_uniform(&random));
	return count;
}

static struct rhythm_result screen(
    const double *times_s, size_t count, double ttl_s, double shift_s)
{
	struct rhythm_stream s = { times_s, count, ttl_s };
	struct rhythm_input in = { .streams = &s, .stream_count = 1, .seed = 1, .series = 1 };
	struct rhythm_result r;
	struct exposure e;

	assert_true(exposure_declare(
	    MONDAY_S + shift_s, MONDAY_S + shift_s + 200 * DAY_S, NULL, 0, &e, NULL));
	in.exposure = &e;
	assert_true(rhythm_screen(&in, work, &r, NULL));
	exposure_release(&e);
	return r;
}

static void once_a_workday_is_found(void **state)
{
	double times_s[200];
	struct rhythm_result r = screen(times_s, workdays(times_s, MONDAY_S, 140), 3600, 0);

	(void)state;
	assert_true(r.gap_tested && r.days_tested);
	assert_true(r.p_gap < 1e-6);
	assert_true(r.p_days < 1e-20);
	assert_int_equal(r.gaps, 99);
	assert_true(r.gap_cv < .6);
	assert_true(r.days_ratio < .1);
	assert_int_equal(r.gap_surrogates, 0);
}

/* The verdict hangs on the hour of the week alone, not on the year. */
static void whole_weeks_change_nothing(void **state)
{
	double times_s[200];
	size_t count = workdays(times_s, MONDAY_S, 140);
	struct rhythm_result a = screen(times_s, count, 3600, 0);

	(void)state;
	for (size_t i = 0; i < count; i++)
		times_s[i] += 52 * WEEK_S;
	{
		struct rhythm_result b = screen(times_s, count, 3600, 52 * WEEK_S);

		assert_float_equal((a.p_gap / b.p_gap), 1, 1e-6);
		assert_float_equal((a.p_days / b.p_days), 1, 1e-2);
	}
}

/* Same answer whatever was tested before in the same memory, and from the surrogates too. */
static void work_carries_nothing_over(void **state)
{
	double times_s[200], other_s[2000];
	size_t count = workdays(times_s, MONDAY_S, 40);
	struct rhythm_stream s = { times_s, count, 3600 };
	struct rhythm_input in = { .streams = &s, .stream_count = 1, .seed = 5, .series = 6 };
	const struct monte_carlo_plan plan = { .surrogates_max = 99 };
	struct rhythm_result a, b;
	struct exposure e;

	(void)state;
	assert_true(exposure_declare(MONDAY_S, MONDAY_S + 200 * DAY_S, NULL, 0, &e, NULL));
	in.exposure = &e;
	assert_true(rhythm_verdict(&in, &plan, work, &a, NULL));
	for (int i = 0; i < 2000; i++)
		other_s[i] = MONDAY_S + i * 5000.0;
	(void)screen(other_s, 2000, 300, 0);
	assert_true(rhythm_verdict(&in, &plan, work, &b, NULL));
	assert_true(a.p_gap == b.p_gap && a.p_days == b.p_days);
	assert_true(a.gap_surrogates == b.gap_surrogates);
	assert_true(a.p_days <= .0101);
	exposure_release(&e);
}

static void too_little_is_not_tested(void **state)
{
	double times_s[8];
	struct rhythm_result r;

	(void)state;
	for (int i = 0; i < 8; i++)
		times_s[i] = MONDAY_S + i * DAY_S;
	r = screen(times_s, 8, 0, 0); /* seven gaps */
	assert_false(r.gap_tested);
	assert_true(r.p_gap == 1 && r.p_days == 1);
	r = screen(times_s, 0, 0, 0);
	assert_false(r.gap_tested || r.days_tested);
	r = screen(times_s, 1, 0, 0);
	assert_false(r.gap_tested || r.days_tested);
}

/* A timer that is as long as the cache's TTL cannot be told from the cache. */
static void a_cache_explains_its_own_period(void **state)
{
	double times_s[1000];
	struct philox random;
	double t_s = MONDAY_S;

	(void)state;
	philox_init(&random, 1, 2, 3);
	for (int i = 0; i < 1000; i++)
		times_s[i] = t_s += 3600 + 120 * philox_exponential(&random);
	assert_true(screen(times_s, 1000, 3600, 0).p_gap > .01);
	/* not even where the log does not say its TTL */
	assert_true(screen(times_s, 1000, 0, 0).p_gap > .01);
}

/* One daily event that falls on either of two addresses: each is irregular, their union is not. */
static void a_union_shows_what_its_parts_hide(void **state)
{
	double all_s[140], a_s[140], b_s[140];
	struct rhythm_stream s[2] = { { a_s, 0, 3600 }, { b_s, 0, 3600 } };
	struct rhythm_input in = { .streams = s, .stream_count = 2, .seed = 5, .series = 6 };
	size_t count = workdays(all_s, MONDAY_S, 140);
	struct philox random;
	struct rhythm_result r;
	struct exposure e;

	(void)state;
	philox_init(&random, 9, 9, 9);
	for (size_t i = 0; i < count; i++) {
		if (philox_uniform(&random) < .5)
			a_s[s[0].count++] = all_s[i];
		else
			b_s[s[1].count++] = all_s[i];
	}
	assert_true(screen(a_s, s[0].count, 3600, 0).p_days > 1e-4);
	assert_true(exposure_declare(MONDAY_S, MONDAY_S + 200 * DAY_S, NULL, 0, &e, NULL));
	in.exposure = &e;
	assert_true(rhythm_screen(&in, work, &r, NULL));
	assert_true(r.p_days < 1e-10);
	exposure_release(&e);
}

/* At ten, twenty weeks: two look-ups that follow the first after minutes. */
static size_t meetings(double *times_s, unsigned every)
{
	struct philox random;
	size_t count = 0;

	philox_init(&random, 6, 6, 6);
	for (unsigned day = 0; day < 140; day += every) {
		double t_s = MONDAY_S + day * DAY_S + 36000;

		for (unsigned i = 0; i < 3; i++, t_s += 120 + 780 * philox_uniform(&random))
			times_s[count++] = t_s;
	}
	return count;
}

static struct rhythm_result screen_rounds(const double *times_s, size_t count)
{
	struct rhythm_stream s = { times_s, count, 0 };
	struct rhythm_input in = {
		.streams = &s, .stream_count = 1, .seed = 1, .series = 1, .round_s = 43200
	};
	struct rhythm_result r;
	struct exposure e;

	assert_true(exposure_declare(MONDAY_S, MONDAY_S + 140 * DAY_S, NULL, 0, &e, NULL));
	in.exposure = &e;
	assert_true(rhythm_screen(&in, work, &r, NULL));
	exposure_release(&e);
	return r;
}

static void a_meeting_is_one_beat(void **state)
{
	double times_s[420];
	size_t count = meetings(times_s, 7);
	struct rhythm_result r = screen_rounds(times_s, count);

	(void)state;
	assert_true(screen(times_s, count, 0, 0).p_gap > .05);
	assert_true(r.gap_tested);
	assert_int_equal(r.gaps, 19);
	assert_true(r.p_gap < 1e-4);
}

/* What comes daily comes when its office opens, and that is no step of chance. */
static void rounds_of_most_days_are_not_tested(void **state)
{
	double times_s[420];

	(void)state;
	assert_false(screen_rounds(times_s, meetings(times_s, 1)).gap_tested);
	assert_false(screen_rounds(times_s, meetings(times_s, 2)).gap_tested);
	assert_true(screen_rounds(times_s, meetings(times_s, 4)).gap_tested);
}

static void too_many_streams_are_an_error(void **state)
{
	struct rhythm_stream s[RHYTHM_STREAMS_MAX + 1] = { { .times_s = NULL } };
	struct rhythm_input in = { .streams = s, .stream_count = RHYTHM_STREAMS_MAX + 1 };
	struct rhythm_result r;
	struct err err;

	(void)state;
	assert_false(rhythm_screen(&in, work, &r, &err));
	assert_int_equal(err.code, ERR_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(once_a_workday_is_found),
		cmocka_unit_test(whole_weeks_change_nothing),
		cmocka_unit_test(work_carries_nothing_over),
		cmocka_unit_test(too_little_is_not_tested),
		cmocka_unit_test(a_cache_explains_its_own_period),
		cmocka_unit_test(a_union_shows_what_its_parts_hide),
		cmocka_unit_test(a_meeting_is_one_beat),
		cmocka_unit_test(rounds_of_most_days_are_not_tested),
		cmocka_unit_test(too_many_streams_are_an_error),
	};

	return cmocka_run_group_tests(tests, make_work, free_work);
}
