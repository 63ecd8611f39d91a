/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <unistd.h>

#include "../../support/haystack_of.h"

#define NAMES  24
#define PEERS  8
#define TIMES  2 /* that each of them asks */
#define TARGET "mail1.example.net"

static void add_name(struct events *list, uint8_t kind, const char *name, unsigned networks)
{
	struct event e = event_of(name, "", 3600);

	e.kind = kind;
	for (unsigned i = 0; i < PEERS * TIMES; i++) {
		unsigned peer = i % PEERS;

		(void)snprintf(e.peer, sizeof(e.peer), "10.7.%u.%u", peer % networks, 100 + peer);
		e.time_ns = (MAY_4TH_S + (int64_t)i * 28800 + networks * 601) * NS_PER_S;
		events_add(list, &e);
	}
}

/*
 * All names have eight peers with equal shares, of three to eight networks; the target's are of one
 * network. Names of a kind that is not hunted lie between them and must not shift the count.
 */
static void hunt_all(struct dig *d, unsigned jobs)
{
	struct hunt_settings settings = dig_settings();
	struct events list = { 0 };
	char name[40];

	settings.jobs = jobs;
	settings.top = NAMES + 1;
	for (unsigned i = 0; i < NAMES; i++) {
		(void)snprintf(name, sizeof(name), "host%03u.crowd.example", i);
		add_name(&list, KIND_DNS, name, 3 + i % 6);
		(void)snprintf(name, sizeof(name), "box%u.local", i);
		add_name(&list, KIND_MDNS, name, 1);
		(void)snprintf(name, sizeof(name), "host%03u.crowd.example", i);
		add_name(&list, KIND_LLMNR, name, 1);
	}
	add_name(&list, KIND_DNS, TARGET, 1);
	dig_open(d, &list, 2, true);
	dig_hunt(d, &settings);
	events_release(&list);
	assert_int_equal(d->result->finding_count, NAMES + 1);
}

/* 0: the target, else as the name's number says. */
static unsigned networks_of(const struct finding *f)
{
	char text[ENDPOINT_TEXT_MAX];

	(void)endpoint_format(&f->target, text);
	return strcmp(text, TARGET) == 0 ? 1 : 3 + (unsigned)atoi(text + 4) % 6;
}

/* 1 / sum of squared shares of eight peers dealt out to so many networks. */
static double effective(unsigned networks)
{
	double squares = 0;

	for (unsigned i = 0; i < networks; i++) {
		double share = (double)(PEERS / networks + (i < PEERS % networks)) / PEERS;

		squares += share * share;
	}
	return 1 / squares;
}

static void peers_of_one_network_count_as_one_in_the_rank_beside(void **state)
{
	struct dig d;

	(void)state;
	hunt_all(&d, 2);
	for (size_t i = 0; i < d.result->finding_count; i++) {
		const struct finding *f = &d.result->findings[i];
		const struct test_narrowness *t = &f->tests.narrowness;
		unsigned networks = networks_of(f);

		assert_null(t->status.why);
		assert_float_equal(t->peers, PEERS, 1e-9);
		assert_true(t->p == 1); /* by addresses all are alike */
		assert_float_equal(t->operators, effective(networks), 1e-9);
		assert_int_equal(f->enrichment.operators, networks);
		assert_false(f->enrichment.operators_by_system);
		if (networks == 1)
			assert_true(t->p_operators <= 1.0 / (NAMES + 1));
		if (networks == 8)
			assert_true(t->p_operators == 1);
		/* the median of the others lies between those of five and of six networks */
		assert_true(t->operators_expected >= effective(5) - 1e-9);
		assert_true(t->operators_expected <= effective(6) + 1e-9);
	}
	dig_close(&d);
}

static void threads_change_nothing(void **state)
{
	struct dig one, two;

	(void)state;
	hunt_all(&one, 1);
	hunt_all(&two, 2);
	for (size_t i = 0; i < NAMES + 1; i++) {
		const struct test_narrowness *x = &one.result->findings[i].tests.narrowness;
		const struct test_narrowness *y = &two.result->findings[i].tests.narrowness;

		assert_true(x->p_operators == y->p_operators);
		assert_true(x->operators == y->operators);
		assert_true(x->operators_expected == y->operators_expected);
	}
	dig_close(&one);
	dig_close(&two);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(peers_of_one_network_count_as_one_in_the_rank_beside),
		cmocka_unit_test(threads_change_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
