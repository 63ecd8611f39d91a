/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/philox.h"
#include "hunt/narrow.h"

/* Contacts spread over a range, peers about a third of them, d2 likewise. */
static void fill(struct name *names, size_t count, uint16_t type)
{
	struct philox r;

	philox_init(&r, 5, type, 1);
	for (size_t i = 0; i < count; i++) {
		uint32_t contacts = 200 + philox_below(&r, 100);
		uint32_t peers = contacts / 4 + philox_below(&r, contacts / 4);

		names[i] = (struct name){ .contacts = contacts,
			.peers = peers,
			.d2 = peers * 0.7,
			.days = 20 + philox_below(&r, 40),
			.visits = contacts,
			.type = type,
			.kind = KIND_DNS,
			.ttl_class = 3 };
	}
}

/* Rank names[wanted] among count of them. */
static struct rank_result rank_of(struct name *names, size_t count, uint32_t wanted)
{
	const struct funnel f = { .names = names, .name_count = count, .peer_count = 5000 };
	struct rank_result rank;
	struct narrow *n;
	struct err err;

	assert_true(narrow_new(&f, 1, &n, &err));
	narrow_rank(n, wanted, &rank);
	narrow_refine(n, wanted, &rank);
	narrow_free(n);
	return rank;
}

static void a_name_with_few_peers_for_its_contacts_is_narrow(void **state)
{
	struct name names[400];
	struct rank_result rank;

	(void)state;
	fill(names, COUNT_OF(names), 1);
	names[17].peers = 3;
	names[17].d2 = 2.5;
	names[18].peers = 90;
	names[18].d2 = 63;
	rank = rank_of(names, COUNT_OF(names), 17);
	assert_true(rank.tested);
	assert_true(rank.p_narrow < 0.006);
	assert_true(rank.peers_expected > 40);
	rank = rank_of(names, COUNT_OF(names), 18);
	assert_true(rank.tested);
	assert_true(rank.p_narrow > 0.1);
}

static void names_of_other_classes_are_no_neighbors(void **state)
{
	struct rank_result with, without;
	struct name names[400];

	(void)state;
	fill(names, 300, 1);
	fill(names + 300, 100, 15);
	names[399].ttl_class = 5; /* alone in its class */
	without = rank_of(names, 300, 17);
	with = rank_of(names, 400, 17);
	assert_true(with.p_narrow == without.p_narrow);
	assert_int_equal(with.neighbors, without.neighbors);
	assert_false(rank_of(names, 400, 399).tested);
}

static void one_peer_that_asks_for_everything_is_no_aggregate(void **state)
{
	const struct peer_total alone[] = { { .contacts = 100000, .names = 5000 } };
	uint64_t from = 0;
	struct err err;

	(void)state;
	assert_true(narrow_aggregate_from(alone, COUNT_OF(alone), &from, &err));
	assert_true(from == UINT64_MAX);
	assert_true(narrow_aggregate_from(alone, 0, &from, &err));
	assert_true(from == UINT64_MAX);
}

static void an_aggregate_is_told_from_the_median_of_active_peers(void **state)
{
	struct peer_total peers[2000];
	uint64_t from = 0;
	struct err err;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(peers); i++) /* passers-by: one name, one contact */
		peers[i] = (struct peer_total){ .contacts = 1, .names = 1 };
	for (size_t i = 0; i < 100; i++)
		peers[i] = (struct peer_total){ .contacts = 500, .names = 40 + i % 3 };
	assert_true(narrow_aggregate_from(peers, COUNT_OF(peers), &from, &err));
	assert_int_equal(from, 41 * NARROW_AGGREGATE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_with_few_peers_for_its_contacts_is_narrow),
		cmocka_unit_test(names_of_other_classes_are_no_neighbors),
		cmocka_unit_test(one_peer_that_asks_for_everything_is_no_aggregate),
		cmocka_unit_test(an_aggregate_is_told_from_the_median_of_active_peers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
