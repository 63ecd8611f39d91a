/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "hunt/order.h"

static struct eligible name_of(uint32_t number, double p, double p_narrow)
{
	return (struct eligible){ .name = number,
		.p = p,
		.presence = 0.5,
		.timing = { .p_clock = 1 },
		.rank = { .tested = true, .p_narrow = p_narrow, .p_persistent = 0.5 } };
}

static void the_score_adds_rhythm_and_narrowness_up_to_its_cap(void **state)
{
	struct eligible list[] = { name_of(0, 1e-4, 0.1), name_of(1, 1, 1), name_of(2, 0.1, 1e-9) };

	(void)state;
	order_score(list, COUNT_OF(list));
	assert_float_equal(list[0].score, 5, 1e-5);
	assert_float_equal(list[1].score, 0, 1e-5);
	assert_float_equal(list[2].score, 1 + ORDER_NARROW_MAX, 1e-5);
	list[2].presence = 1;
	order_score(list, COUNT_OF(list));
	assert_float_equal(list[2].score, 1 + 2 * ORDER_NARROW_MAX, 1e-5);
}

static void a_rhythm_counts_up_to_its_cap_and_a_clock_explains_it(void **state)
{
	struct eligible list[] = { name_of(0, 1e-300, 1), name_of(1, 1e-12, 1),
		name_of(2, 1e-12, 1), name_of(3, 1e-12, .1), name_of(4, 1e-4, 1) };

	(void)state;
	list[1].timing.p_clock = NAN;
	list[2].timing.p_clock = 1e-2;
	list[3].timing.p_clock = 1e-9;
	list[4].timing.p_clock = 1e-5; /* one test among several: p is larger than its own */
	order_score(list, COUNT_OF(list));
	assert_float_equal(list[0].score, ORDER_RHYTHM_MAX, 1e-5);
	assert_float_equal(list[1].score, ORDER_RHYTHM_MAX, 1e-5);
	assert_float_equal(list[2].score, ORDER_RHYTHM_MAX - 2, 1e-5);
	assert_float_equal(list[3].score, ORDER_RHYTHM_MAX - ORDER_CLOCK_MAX + 1, 1e-5);
	assert_float_equal(list[4].score, 0, 1e-5);
	order_sort(list, COUNT_OF(list));
	assert_int_equal(list[0].name, 0); /* equal scores: the smaller p */
}

static void what_is_explained_is_left_with_less(void **state)
{
	struct eligible list[] = { name_of(0, 1e-6, .1), name_of(1, 1e-4, .1) };

	(void)state;
	list[0].innocent = .6;
	order_score(list, COUNT_OF(list));
	order_sort(list, COUNT_OF(list));
	assert_int_equal(list[0].name, 1);
	assert_float_equal(list[0].score, 5, 1e-5);
	assert_float_equal(list[1].score, .4 * 7, 1e-5);
	list[1].innocent = 1;
	order_score(list, COUNT_OF(list));
	assert_float_equal(list[1].score, ORDER_LEFT_MIN * 7, 1e-5);
}

static void what_no_ordinary_mechanism_makes_is_worth_a_look(void **state)
{
	struct eligible list[] = { name_of(0, 1, .1), name_of(1, 1, .1) };

	(void)state;
	list[1].doubt = 2;
	order_score(list, COUNT_OF(list));
	order_sort(list, COUNT_OF(list));
	assert_int_equal(list[0].name, 1);
	assert_float_equal(list[0].score - list[1].score, 2 * ORDER_DOUBT, 1e-5);
}

/* Among many names chance reaches any p; a name that is looked at alone has no q. */
static void a_rhythm_counts_if_it_is_a_needle_s(void **state)
{
	struct eligible list[] = { name_of(0, 1e-4, 1), name_of(1, 1e-4, 1), name_of(2, 1e-4, 1) };

	(void)state;
	list[0].q = ORDER_NEEDLE_Q * 1.01;
	list[1].q = NAN;
	list[2].q = ORDER_NEEDLE_Q;
	order_score(list, COUNT_OF(list));
	assert_float_equal(list[0].score, 0, 1e-5);
	assert_float_equal(list[1].score, 4, 1e-5);
	assert_float_equal(list[2].score, 4, 1e-5);
}

static void to_follow_dates_is_as_steady_as_to_be_there_every_day(void **state)
{
	struct eligible list[] = { name_of(0, 1, .01), name_of(1, 1, .01), name_of(2, 1, .01) };

	(void)state;
	list[0].follows = 1;
	list[1].follows = .2;
	list[2].presence = 1;
	order_score(list, COUNT_OF(list));
	assert_float_equal(list[0].score, 4, 1e-5);
	assert_float_equal(list[1].score, 2, 1e-5);
	assert_float_equal(list[2].score, 4, 1e-5);
}

static void narrowness_that_cannot_be_told_earns_nothing(void **state)
{
	struct eligible list[] = { name_of(0, 0.01, 0.001), name_of(1, 0.01, 0.001) };

	(void)state;
	list[0].rank.tested = false;
	list[1].aggregate = 0.9;
	order_score(list, COUNT_OF(list));
	assert_float_equal(list[0].score, 2, 1e-5);
	assert_float_equal(list[1].score, 2, 1e-5);
	assert_non_null(order_narrow_why_not(&list[0]));
	assert_non_null(order_narrow_why_not(&list[1]));
}

static void no_refinement_lifts_beyond_the_bound(void **state)
{
	struct eligible list[] = { name_of(0, .1, .04), name_of(1, .1, .04), name_of(2, .1, 1e-4) };

	(void)state;
	list[1].aggregate = 1;
	assert_true(order_lift(&list[1]) == 0);
	assert_true(order_lift(&list[2]) == 0);
	for (double p = .04; p > 1e-5; p /= 1.1) {
		struct eligible refined = name_of(0, .1, p);

		order_score(list, 1);
		order_score(&refined, 1);
		assert_true(refined.score <= list[0].score + order_lift(&list[0]));
	}
	assert_true(order_lift(&list[0]) < ORDER_REFINED_MAX);
}

static void the_order_is_total_and_blind_to_the_last_bits(void **state)
{
	struct eligible list[] = { name_of(3, 0.01, 1), name_of(2, 0.01 * (1 + 1e-12), 1),
		name_of(1, 0.1, 0.1), name_of(0, 0.001, 1) };
	static const uint32_t expected[] = { 0, 2, 3, 1 };

	(void)state;
	order_score(list, COUNT_OF(list));
	order_sort(list, COUNT_OF(list));
	/* the same score: the smaller p first; the same p at six digits: key order */
	for (size_t i = 0; i < COUNT_OF(list); i++)
		assert_int_equal(list[i].name, expected[i]);
}

static void q_counts_every_eligible_name(void **state)
{
	struct eligible list[] = { name_of(0, 0.001, 1), name_of(1, 0.5, 1) };
	struct err err;

	(void)state;
	assert_true(order_control(list, COUNT_OF(list), 100, &err));
	assert_float_equal(list[0].q, 0.1, 1e-12);
	assert_float_equal(list[1].q, 1, 1e-12);
}

static void quantizing_keeps_six_digits(void **state)
{
	static const double values[] = { 1, 0.1, 12345.6789, 1e-200, 5e-324, 1e300, -3.3 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(values); i++) {
		double q = order_quantize(values[i]);

		assert_true(fabs(q - values[i]) <= fabs(values[i]) * 1e-6);
		assert_true(order_quantize(q) == q);
	}
	assert_true(order_quantize(0) == 0);
	assert_true(isinf(order_quantize(INFINITY)));
	assert_true(isnan(order_quantize(NAN)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_score_adds_rhythm_and_narrowness_up_to_its_cap),
		cmocka_unit_test(no_refinement_lifts_beyond_the_bound),
		cmocka_unit_test(a_rhythm_counts_up_to_its_cap_and_a_clock_explains_it),
		cmocka_unit_test(what_is_explained_is_left_with_less),
		cmocka_unit_test(what_no_ordinary_mechanism_makes_is_worth_a_look),
		cmocka_unit_test(a_rhythm_counts_if_it_is_a_needle_s),
		cmocka_unit_test(to_follow_dates_is_as_steady_as_to_be_there_every_day),
		cmocka_unit_test(narrowness_that_cannot_be_told_earns_nothing),
		cmocka_unit_test(the_order_is_total_and_blind_to_the_last_bits),
		cmocka_unit_test(q_counts_every_eligible_name),
		cmocka_unit_test(quantizing_keeps_six_digits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
