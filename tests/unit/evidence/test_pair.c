/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/stamp.h"
#include "contact/contact.h"
#include "evidence/pair.h"

#define MS INT64_C(1000000)

static int set_up(void **state)
{
	struct pairs *p = NULL;
	struct err err;

	if (!pairs_new(&p, &err))
		return 1;
	*state = p;
	return 0;
}

static int tear_down(void **state)
{
	pairs_free(*state);
	return 0;
}

static struct pair_key key_of(uint16_t id)
{
	struct pair_key k = { .client_port = 4000,
		.server_port = 53,
		.id = id,
		.type = 1,
		.class = 1,
		.kind = KIND_DNS,
		.addr_len = 4,
		.name_len = 3,
		.name = { 1, 'a', 0 } };

	return k;
}

static enum pair_step query(struct pairs *p, uint16_t id, int64_t ns, struct pair_message *ret)
{
	struct pair_key k = key_of(id);

	*ret = (struct pair_message){
		.time_ns = ns, .ttl = TTL_NONE, .outcome = OUTCOME_NONE, .digits = 6
	};
	return pairs_query(p, &k, ret);
}

static enum pair_step response(struct pairs *p, uint16_t id, int64_t ns, struct pair_message *ret)
{
	struct pair_key k = key_of(id);

	*ret = (struct pair_message){ .time_ns = ns, .ttl = 60, .outcome = 3, .digits = 9 };
	return pairs_response(p, &k, ret);
}

static void a_response_completes_its_query(void **state)
{
	struct pair_message m;

	assert_int_equal(query(*state, 1, 10, &m), PAIR_WAITS);
	assert_int_equal(response(*state, 1, 20, &m), PAIR_MET);
	assert_int_equal(m.time_ns, 10);
	assert_int_equal(m.digits, 6);
	assert_int_equal(m.outcome, 3);
	assert_int_equal(m.ttl, 60);
}

static void every_part_of_the_key_counts(void **state)
{
	struct pair_message m = { .time_ns = 20 };
	struct pair_key k;

	assert_int_equal(query(*state, 1, 10, &m), PAIR_WAITS);
	for (size_t i = 0; i < offsetof(struct pair_key, name) + 2; i++) {
		if (i >= offsetof(struct pair_key, name_len) && i < offsetof(struct pair_key, kind))
			continue;
		k = key_of(1);
		((uint8_t *)&k)[i] ^= 1;
		m.time_ns = 20;
		assert_int_equal(pairs_response(*state, &k, &m), PAIR_WAITS);
	}
	assert_int_equal(response(*state, 1, 20, &m), PAIR_MET);
}

static void the_latest_unanswered_query_is_answered_first(void **state)
{
	struct pair_alone alone;
	struct pair_message m;

	assert_int_equal(query(*state, 1, 10, &m), PAIR_WAITS);
	assert_int_equal(query(*state, 1, 20, &m), PAIR_WAITS);
	assert_int_equal(response(*state, 1, 30, &m), PAIR_MET);
	assert_int_equal(m.time_ns, 20);
	assert_int_equal(response(*state, 1, 31, &m), PAIR_MET);
	assert_int_equal(m.time_ns, 10);
	assert_int_equal(response(*state, 1, 32, &m), PAIR_WAITS);
	assert_true(pairs_expire(*state, INT64_MAX, &alone));
	assert_true(alone.is_repeated);
	assert_false(pairs_expire(*state, INT64_MAX, &alone));
}

static void the_window_includes_its_ends(void **state)
{
	const int64_t window = LIMIT_PAIR_WINDOW_S * NS_PER_S, skew = LIMIT_PAIR_SKEW_MS * MS;
	struct pair_message m;

	assert_int_equal(query(*state, 1, 0, &m), PAIR_WAITS);
	assert_int_equal(response(*state, 1, window, &m), PAIR_MET);
	assert_int_equal(query(*state, 2, 0, &m), PAIR_WAITS);
	assert_int_equal(response(*state, 2, window + 1, &m), PAIR_WAITS);
	assert_int_equal(query(*state, 3, 0, &m), PAIR_WAITS);
	assert_int_equal(response(*state, 3, -skew, &m), PAIR_MET);
	assert_int_equal(query(*state, 4, 0, &m), PAIR_WAITS);
	assert_int_equal(response(*state, 4, -skew - 1, &m), PAIR_WAITS);
}

static void a_response_may_come_first(void **state)
{
	struct pair_message m;

	assert_int_equal(response(*state, 1, 20, &m), PAIR_WAITS);
	assert_int_equal(query(*state, 1, 10, &m), PAIR_MET);
	assert_int_equal(m.time_ns, 10);
	assert_int_equal(m.outcome, 3);
	/* a query after the response does not take it */
	assert_int_equal(response(*state, 2, 20 * MS, &m), PAIR_WAITS);
	assert_int_equal(query(*state, 2, 40 * MS, &m), PAIR_WAITS);
}

static void the_window_passes(void **state)
{
	const int64_t window = LIMIT_PAIR_WINDOW_S * NS_PER_S;
	struct pair_alone alone;
	struct pair_message m;

	assert_int_equal(query(*state, 1, 100, &m), PAIR_WAITS);
	assert_int_equal(response(*state, 2, 200, &m), PAIR_WAITS);
	assert_int_equal(query(*state, 3, 300, &m), PAIR_WAITS);
	assert_int_equal(response(*state, 3, 300, &m), PAIR_MET);
	assert_false(pairs_expire(*state, window + 100, &alone));
	assert_true(pairs_expire(*state, window + 101, &alone));
	assert_true(alone.is_query);
	assert_false(alone.is_early);
	assert_int_equal(alone.key->id, 1);
	assert_int_equal(alone.message.time_ns, 100);
	assert_int_equal(alone.message.outcome, OUTCOME_NONE);
	assert_false(pairs_expire(*state, window + 101, &alone));
	assert_true(pairs_expire(*state, INT64_MAX, &alone));
	assert_false(alone.is_query);
	assert_int_equal(alone.key->id, 2);
	assert_int_equal(alone.message.outcome, 3);
	assert_false(pairs_expire(*state, INT64_MAX, &alone));
}

static void repetitions_are_forgotten_with_the_window(void **state)
{
	const int64_t later = (2 * LIMIT_PAIR_WINDOW_S) * NS_PER_S;
	struct pair_alone alone;
	struct pair_message m;

	assert_int_equal(query(*state, 1, 0, &m), PAIR_WAITS);
	assert_int_equal(response(*state, 1, 1, &m), PAIR_MET);
	assert_false(pairs_expire(*state, later, &alone));
	assert_int_equal(response(*state, 1, later, &m), PAIR_WAITS);
	assert_true(pairs_expire(*state, INT64_MAX, &alone));
	assert_false(alone.is_repeated);
}

static void holds_no_more_than_its_limit(void **state)
{
	struct pair_alone alone;
	struct pair_message m;
	size_t early = 0;

	for (uint32_t i = 0; i < LIMIT_PAIR_WAITING + 70000; i++) {
		while (pairs_expire(*state, 0, &alone)) {
			assert_true(alone.is_early);
			assert_int_equal(alone.key->id, early & 0xffff);
			early++;
		}
		/* all ids in turn, and so several of the same key */
		assert_int_equal(query(*state, (uint16_t)i, 0, &m), PAIR_WAITS);
	}
	assert_int_equal(early, 70000);
	assert_int_equal(response(*state, 70000 & 0xffff, 0, &m), PAIR_MET);
}

/* What is left in the end does not hang on the order in which the capture has the messages. */
static void any_order_gives_the_same_pairs(void **state)
{
	static const int64_t at[2][3] = { { 0, 3000, 9000 }, { 20, 3050, 9700 } }; /* ms */
	static const uint8_t orders[4][6] = { { 0, 3, 1, 4, 2, 5 }, { 0, 1, 2, 3, 4, 5 },
		{ 3, 4, 5, 0, 1, 2 }, { 3, 0, 4, 1, 5, 2 } };

	(void)state;
	for (size_t o = 0; o < 4; o++) {
		struct pairs *p = NULL;
		struct pair_alone alone;
		struct pair_message m;
		struct err err;
		unsigned met = 0;

		assert_true(pairs_new(&p, &err));
		for (size_t i = 0; i < 6; i++) {
			const uint8_t n = orders[o][i];
			enum pair_step step = n < 3 ? query(p, 1, at[0][n] * MS, &m)
						    : response(p, 1, at[1][n - 3] * MS, &m);

			met += step == PAIR_MET;
		}
		assert_int_equal(met, 3);
		assert_false(pairs_expire(p, INT64_MAX, &alone));
		pairs_free(p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_response_completes_its_query, set_up, tear_down),
		cmocka_unit_test_setup_teardown(every_part_of_the_key_counts, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    the_latest_unanswered_query_is_answered_first, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_window_includes_its_ends, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_response_may_come_first, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_window_passes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    repetitions_are_forgotten_with_the_window, set_up, tear_down),
		cmocka_unit_test_setup_teardown(holds_no_more_than_its_limit, set_up, tear_down),
		cmocka_unit_test(any_order_gives_the_same_pairs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
