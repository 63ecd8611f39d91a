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

#define DAYS     60.0
#define NAMES    250
#define OLD      "mail1.example.net"
#define NEW      "mail2.example.net"
#define ASKER    "192.0.2.7"
#define REVERSE  "25.100.51.198.in-addr.arpa"
#define DAY_NS   (86400 * NS_PER_S)
#define BORN_NS  ((MAY_4TH_S + 44 * 86400) * NS_PER_S)
#define TYPE_A   1
#define TYPE_NS  2
#define TYPE_PTR 12

static void add_fact(
    struct haystack_writer *w, const char *owner, uint16_t type, const char *data, int64_t first_ns)
{
	struct fact f = {
		.type = type, .ttl = 3600, .count = 1, .first_ns = first_ns, .last_ns = first_ns
	};
	struct err err;

	assert_true(endpoint_parse(&f.owner, owner, strlen(owner)));
	assert_true(endpoint_parse(&f.data, data, strlen(data)));
	assert_true(haystack_writer_fact(w, &f, &err));
}

/* The old name until day 40, the new one from day 44, among office names. */
static void add_names(struct events *list)
{
	struct philox r;
	struct event e = event_of(OLD, ASKER, 3600);

	philox_init(&r, 3, 0, 1);
	events_add_crowd(list, NAMES, DAYS, 7);
	events_add_clock(list, e, 40, 1000, 7200, 600, .3, &r);
	e = event_of(OLD, "192.0.2.8", 3600);
	events_add_clock(list, e, 40, 5000, 20000, 900, .3, &r);
	for (unsigned i = 0; i < 10; i++) {
		e = event_of(NEW, i % 3 == 0 ? ASKER : "192.0.2.8", 3600);
		e.time_ns = BORN_NS + i * DAY_NS;
		events_add(list, &e);
	}
}

struct facts {
	bool reverse_names_it; /* before it is asked for */
	bool reverse_is_asked;
	bool sends_mail;
};

static void add_facts(struct dig *d, const struct facts *facts)
{
	const struct digest digest = { { 99 } };
	struct haystack_writer *w = NULL;
	struct event e = event_of(REVERSE, ASKER, 3600);
	struct contact mail = { .kind = KIND_MAIL,
		.seen = SEEN_BOTH,
		.direction = DIRECTION_IN,
		.ttl = TTL_NONE,
		.txid = -1,
		.time_ns = BORN_NS };
	char name[40], address[40];
	struct err err;

	assert_true(haystack_writer_new(d->dir, 64 << 20, &w, &err));
	assert_true(haystack_writer_begin(w, &err));
	for (unsigned i = 0; i < NAMES; i++) {
		(void)snprintf(name, sizeof(name), "host%03u.crowd.example", i);
		(void)snprintf(address, sizeof(address), "10.%u.%u.1", i / 250, i % 250);
		add_fact(w, name, TYPE_A, address, MAY_4TH_S * NS_PER_S);
	}
	add_fact(w, OLD, TYPE_A, "198.51.100.25", MAY_4TH_S * NS_PER_S);
	add_fact(w, NEW, TYPE_A, "198.51.100.25", BORN_NS);
	add_fact(w, "example.net", TYPE_NS, "ns1.example.net", MAY_4TH_S * NS_PER_S);
	add_fact(w, "crowd.example", TYPE_NS, "ns1.crowd.example", MAY_4TH_S * NS_PER_S);
	add_fact(w, REVERSE, TYPE_PTR, NEW, facts->reverse_names_it ? BORN_NS - 1 : BORN_NS + 1);
	e.type = TYPE_PTR;
	e.time_ns = BORN_NS - 10 * NS_PER_S - !facts->reverse_is_asked;
	write_event(w, &e);
	assert_true(endpoint_parse(&mail.target, NEW, strlen(NEW)));
	assert_true(endpoint_parse(&mail.peer, ASKER, strlen(ASKER)));
	if (!facts->sends_mail)
		mail.direction = DIRECTION_OUT;
	assert_true(haystack_writer_contact(w, &mail, &err));
	haystack_writer_end(w, &digest);
	assert_true(haystack_commit(d->haystack, w, &err));
	haystack_writer_free(w);
}

static void hunt_with(struct dig *d, const struct facts *facts, unsigned jobs)
{
	struct hunt_settings settings = dig_settings();
	struct events list = { 0 };

	settings.jobs = jobs;
	settings.top = 25;
	add_names(&list);
	dig_open(d, &list, 2, true);
	add_facts(d, facts);
	dig_hunt(d, &settings);
	events_release(&list);
}

static const struct finding *finding_named(const struct dig *d, const char *name)
{
	struct endpoint target;

	assert_true(endpoint_parse(&target, name, strlen(name)));
	for (size_t i = 0; i < d->result->finding_count; i++)
		if (endpoint_cmp(&d->result->findings[i].target, &target) == 0 &&
		    d->result->findings[i].kind == KIND_DNS)
			return &d->result->findings[i];
	fail_msg("%s is not among the findings", name);
	return NULL;
}

static const struct test_succession *succession_of(const struct dig *d, const char *name)
{
	return &finding_named(d, name)->tests.succession;
}

static void check_life(const struct finding_life *l, enum life_of of, uint16_t type,
    const char *name, int64_t first_day)
{
	char text[ENDPOINT_TEXT_MAX];

	(void)endpoint_format(&l->thing, text);
	assert_string_equal(text, name);
	assert_int_equal(l->of, of);
	assert_int_equal(l->type, type);
	assert_int_equal(stamp_day(l->first.ns), MAY_4TH_S / 86400 + first_day);
	assert_true(l->last.ns >= l->first.ns);
}

/* The old name with its address, then the new one with the same. */
static void check_lives(const struct finding *f)
{
	assert_int_equal(f->life_count, 4);
	assert_int_equal(f->lives_left_out, 0);
	check_life(&f->lives[0], LIFE_TARGET, 0, OLD, 0);
	check_life(&f->lives[1], LIFE_TARGET, TYPE_A, "198.51.100.25", 0);
	check_life(&f->lives[2], LIFE_SUCCESSOR, 0, NEW, 44);
	check_life(&f->lives[3], LIFE_SUCCESSOR, TYPE_A, "198.51.100.25", 44);
	assert_true(f->lives[2].last.ns > f->lives[2].first.ns);
}

static void check_successor(const struct succession_entry *e)
{
	char text[ENDPOINT_TEXT_MAX];

	(void)endpoint_format(&e->target, text);
	assert_string_equal(text, NEW);
	assert_true(e->successor);
	assert_true(e->q <= .05);
	assert_true(e->lag_s > 4 * 86400 - 1200 && e->lag_s < 5 * 86400);
	assert_int_equal(e->shared,
	    1u << SHARED_ADDRESS | 1u << SHARED_NETWORK | 1u << SHARED_SERVERS | 1u << SHARED_ZONE |
		1u << SHARED_REVERSE | 1u << SHARED_TTL | 1u << SHARED_PEERS);
	assert_int_equal(e->contacts, 10);
	assert_true(e->asker_known);
	assert_true(e->asker_shared);
	assert_true(e->first_asker_p > 0 && e->first_asker_p <= 1);
	(void)endpoint_format(&e->first_asker, text);
	assert_string_equal(text, ASKER);
}

static void a_successor_is_found_with_its_asker(void **state)
{
	const struct test_succession *t;
	struct dig d;
	size_t untested = 0;

	(void)state;
	hunt_with(&d, &(struct facts){ .sends_mail = false }, 1);
	t = succession_of(&d, OLD);
	assert_null(t->status.why);
	assert_int_equal(t->count, 1);
	check_successor(&t->entries[0]);
	check_lives(finding_named(&d, OLD));
	assert_int_equal(t->entries[0].downgrade_count, 0);
	/* those that were there throughout are not compared */
	for (size_t i = 0; i < d.result->finding_count; i++)
		untested += d.result->findings[i].tests.succession.status.why != NULL;
	assert_true(untested > d.result->finding_count / 2);
	dig_close(&d);
}

static void mail_takes_the_askers_weight(void **state)
{
	const struct test_succession *t;
	struct dig d;

	(void)state;
	hunt_with(&d,
	    &(struct facts){
		.reverse_names_it = true, .reverse_is_asked = true, .sends_mail = true },
	    2);
	t = succession_of(&d, OLD);
	assert_int_equal(t->count, 1);
	check_successor(&t->entries[0]);
	assert_int_equal(t->entries[0].downgrade_count, 3);
	assert_non_null(strstr(t->entries[0].downgrades[0], "looked up the address"));
	assert_non_null(strstr(t->entries[0].downgrades[1], "reverse record"));
	assert_non_null(strstr(t->entries[0].downgrades[2], "sent mail"));
	dig_close(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_successor_is_found_with_its_asker),
		cmocka_unit_test(mail_takes_the_askers_weight),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
