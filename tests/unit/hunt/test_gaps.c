/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "base/stamp.h"
#include "hunt/gaps.h"

#define H (3600 * NS_PER_S)

/* Two peers an hour apart in turn: each has gaps of two hours, and none of one hour counts. */
static void gaps_are_those_of_one_peer(void **state)
{
	static const int64_t a[] = { 0, 5 * NS_PER_S, 2 * H, 4 * H, 6 * H }; /* 5 s: one visit */
	static const int64_t b[] = { H, 3 * H, 27 * H };
	struct trace_peer peers[] = {
		{ .times_ns = a, .count = COUNT_OF(a), .ttl_max = 60 },
		{ .times_ns = b, .count = COUNT_OF(b), .ttl_max = 300 },
	};
	const struct trace t = { .peers = peers, .peer_count = 2, .contacts = 8 };
	struct finding_gaps g;

	(void)state;
	assert_true(gaps_fill(&t, &g));
	assert_int_equal(g.total, 5);
	assert_int_equal(g.counts[finding_gap_bin(7200)], 4);
	assert_int_equal(g.counts[finding_gap_bin(86400)], 1);
	assert_int_equal(g.counts[finding_gap_bin(3600)], 0);
	assert_true(g.quartiles_s[0] == 7200 && g.quartiles_s[1] == 7200);
	assert_true(g.quartiles_s[2] == 7200);
	assert_int_equal(g.ttl, 300);
}

static void one_visit_leaves_no_gap(void **state)
{
	static const int64_t once[] = { INT64_MIN };
	struct trace_peer peer = { .times_ns = once, .count = 1, .ttl_max = TTL_NONE };
	const struct trace t = { .peers = &peer, .peer_count = 1, .contacts = 1 };
	struct finding_gaps g;

	(void)state;
	assert_true(gaps_fill(&t, &g));
	assert_int_equal(g.total, 0);
	assert_true(isnan(g.quartiles_s[0]) && isnan(g.quartiles_s[1]) && isnan(g.quartiles_s[2]));
	assert_int_equal(g.ttl, TTL_NONE);
}

/* The longest gap that 64 bits of nanoseconds have is no negative one. */
static void the_ends_of_time_are_far_apart(void **state)
{
	static const int64_t ends[] = { INT64_MIN, INT64_MAX };
	struct trace_peer peer = { .times_ns = ends, .count = 2, .ttl_max = TTL_NONE };
	const struct trace t = { .peers = &peer, .peer_count = 1, .contacts = 2 };
	struct finding_gaps g;

	(void)state;
	assert_true(gaps_fill(&t, &g));
	assert_int_equal(g.counts[FINDING_GAP_BINS - 1], 1);
	assert_true(g.quartiles_s[1] > 1.8e10);
}

static void edges_belong_to_the_longer_bin(void **state)
{
	(void)state;
	assert_int_equal(finding_gap_bin(0), 0);
	for (size_t i = 1; i < FINDING_GAP_BINS; i++) {
		assert_true(finding_gap_from(i) > finding_gap_from(i - 1));
		assert_int_equal(finding_gap_bin(finding_gap_from(i)), i);
		assert_int_equal(finding_gap_bin(nextafter(finding_gap_from(i), 0)), i - 1);
	}
	assert_int_equal(finding_gap_bin(1e30), FINDING_GAP_BINS - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gaps_are_those_of_one_peer),
		cmocka_unit_test(one_visit_leaves_no_gap),
		cmocka_unit_test(the_ends_of_time_are_far_apart),
		cmocka_unit_test(edges_belong_to_the_longer_bin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
