/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/philox.h"
#include "stats/succession.h"

#define DAY_S     86400.0
#define NAMES     1000
#define RESOLVERS 500
#define DIED      0 /* the name asked about, and the one behind it that follows */
#define BORN      1

struct world {
	struct succession_name names[NAMES];
	uint32_t peers[NAMES][4];
	double peer_shares[RESOLVERS];
	double address_shares[NAMES];
};

static int number_cmp(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Names on addresses of so many each; one in ten dies, one in ten is born, none follows another. */
static struct world *world_new(uint32_t hosted)
{
	struct world *w = calloc(1, sizeof(*w));
	struct philox r;

	assert_non_null(w);
	philox_init(&r, 5, 0, 1);
	for (uint32_t i = 0; i < NAMES; i++) {
		struct succession_name *n = &w->names[i];

		*n = (struct succession_name){ .kind = 1,
			.last_s = 160 * DAY_S,
			.contacts = 20 + philox_below(&r, 50),
			.peers = w->peers[i],
			.peer_count = 4,
			.addresses = { i / hosted },
			.networks = { i / hosted / 4 },
			.address_count = 1,
			.servers = SUCCESSION_NONE,
			.zone = i,
			.reverse = SUCCESSION_NONE,
			.ttl = 3600 };
		for (size_t j = 0; j < 4; j++)
			n->peers[j] =
			    (uint32_t)j * (RESOLVERS / 4) + philox_below(&r, RESOLVERS / 4);
		qsort(n->peers, 4, sizeof(*n->peers), number_cmp);
		n->died = i % 10 == 0;
		n->born = i % 10 == 1;
		if (n->died)
			n->last_s = (10 + 140 * philox_uniform(&r)) * DAY_S;
		if (n->born)
			n->first_s = (10 + 140 * philox_uniform(&r)) * DAY_S;
		w->address_shares[i / hosted] = (double)hosted / NAMES;
	}
	for (size_t i = 0; i < RESOLVERS; i++)
		w->peer_shares[i] = 4. / RESOLVERS;
	return w;
}

static void succeed(struct world *w)
{
	struct succession_name *a = &w->names[DIED], *b = &w->names[BORN];

	a->asked = true;
	a->last_s = 100 * DAY_S;
	b->first_s = 104 * DAY_S;
	b->addresses[0] = a->addresses[0];
	b->networks[0] = a->networks[0];
	memcpy(b->peers, a->peers, 4 * sizeof(*a->peers));
}

static struct succession find(const struct world *w)
{
	const struct succession_input in = { .names = w->names,
		.count = NAMES,
		.peer_shares = w->peer_shares,
		.address_shares = w->address_shares,
		.seed = 1 };
	struct succession s;

	assert_true(succession_find(&in, &s, NULL));
	return s;
}

static void a_successor_is_found_and_no_other(void **state)
{
	struct world *w = world_new(1);
	struct succession s;
	size_t found = 0;

	(void)state;
	succeed(w);
	s = find(w);
	assert_in_range(s.of, 10, 100); /* births in sixty days */
	for (size_t i = 0; i < s.count; i++) {
		if (s.pairs[i].q > .05)
			continue;
		found++;
		assert_int_equal(s.pairs[i].died, DIED);
		assert_int_equal(s.pairs[i].born, BORN);
		assert_true(s.pairs[i].same_address);
		assert_int_equal(s.pairs[i].same_peers, 4);
		assert_float_equal(s.pairs[i].lag_s, 4 * DAY_S, 0);
	}
	assert_int_equal(found, 1);
	succession_release(&s);
	free(w);
}

static void shared_hosting_makes_no_succession(void **state)
{
	struct world *w = world_new(500);
	struct succession s;

	(void)state;
	for (size_t i = 0; i < NAMES; i++)
		w->names[i].asked = true;
	s = find(w);
	assert_true(s.count > 100);
	for (size_t i = 0; i < s.count; i++)
		assert_true(s.pairs[i].q > .05);
	succession_release(&s);
	free(w);
}

static void times_out_of_the_window_are_no_pairs(void **state)
{
	struct world *w = world_new(1);
	struct succession s;

	(void)state;
	succeed(w);
	w->names[BORN].first_s = w->names[DIED].last_s + SUCCESSION_LAG_S + 1;
	s = find(w);
	for (size_t i = 0; i < s.count; i++)
		assert_int_not_equal(s.pairs[i].born, BORN);
	succession_release(&s);
	free(w);
}

static void the_same_seed_gives_the_same(void **state)
{
	struct world *w = world_new(10);
	struct succession a, b;

	(void)state;
	succeed(w);
	a = find(w);
	b = find(w);
	assert_int_equal(a.count, b.count);
	assert_true(a.count > 0);
	for (size_t i = 0; i < a.count; i++)
		assert_float_equal(a.pairs[i].p, b.pairs[i].p, 0);
	succession_release(&a);
	succession_release(&b);
	free(w);
}

static void births_are_relative_to_the_record(void **state)
{
	(void)state;
	/* twelve days of the last fourteen */
	assert_true(succession_was_born(146 * DAY_S, 160 * DAY_S, 12, 0));
	assert_false(succession_has_died(146 * DAY_S, 160 * DAY_S, 12, 160 * DAY_S));
	/* every day from the second on: the first one may have been missed */
	assert_false(succession_was_born(DAY_S, 160 * DAY_S, 159, 0));
	/* three days in all: it is just rare */
	assert_false(succession_was_born(40 * DAY_S, 120 * DAY_S, 3, 0));
	assert_false(succession_has_died(40 * DAY_S, 120 * DAY_S, 3, 160 * DAY_S));
	/* one day */
	assert_false(succession_was_born(80 * DAY_S, 80.1 * DAY_S, 1, 0));
	assert_true(succession_has_died(0, 142.6 * DAY_S, 130, 160 * DAY_S));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_successor_is_found_and_no_other),
		cmocka_unit_test(shared_hosting_makes_no_succession),
		cmocka_unit_test(times_out_of_the_window_are_no_pairs),
		cmocka_unit_test(the_same_seed_gives_the_same),
		cmocka_unit_test(births_are_relative_to_the_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
