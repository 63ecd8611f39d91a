/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../wire/frames.h"
#include "base/stamp.h"
#include "evidence/packets.h"

#define CLIENT "192.0.2.10"
#define SERVER "192.0.2.53"

static const uint8_t query[] = {
	0, 7, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0, /*  0: id 7, RD, one question */
	3, 'W', 'w', 'w', 1, 'a', 0,              /* 12: Www.a.                 */
	0, 1, 0, 1,                               /* 19: A IN                   */
};

static const uint8_t response[] = {
	0, 7, 0x81, 0x80, 0, 1, 0, 2, 0, 0, 0, 1, /*  0: two answers, OPT       */
	3, 'w', 'w', 'w', 1, 'a', 0,              /* 12: www.a.                 */
	0, 1, 0, 1,                               /* 19: A IN                   */
	0xc0, 12, 0, 5, 0, 1,                     /* 23: www.a. CNAME IN        */
	0, 0, 0, 60, 0, 2, 0xc0, 16,              /* 29: TTL 60, a.             */
	0xc0, 16, 0, 1, 0, 1,                     /* 37: a. A IN                */
	0, 0, 0, 50, 0, 4, 198, 51, 100, 1,       /* 43: TTL 50                 */
	0, 0, 41, 4, 0xd0, 1, 0, 0, 0, 0, 0,      /* 53: OPT, RCODE 16 + 0      */
};

static const uint8_t negative[] = {
	0, 7, 0x81, 0x83, 0, 1, 0, 0, 0, 1, 0, 0,   /*  0: NXDOMAIN, one authority */
	3, 'w', 'w', 'w', 1, 'a', 0, 0, 1, 0, 1,    /* 12: www.a. A IN             */
	0xc0, 16, 0, 6, 0, 1, 0, 0, 1, 0, 0, 24,    /* 23: a. SOA IN, TTL 256      */
	0xc0, 12, 0xc0, 12, 0, 0, 0, 1, 0, 0, 0, 2, /* 35: names, serial, refresh  */
	0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 90,        /* 47: ..., minimum 90         */
};

static const uint8_t two_questions[] = {
	0,
	0,
	0,
	0,
	0,
	2,
	0,
	0,
	0,
	0,
	0,
	0,
	1,
	'b',
	0,
	0,
	12,
	0x80,
	1, /* b. PTR, unicast wanted */
	1,
	'c',
	0,
	0,
	12,
	0,
	1,
};

static const uint8_t announcement[] = {
	0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 'b', 0, 0, 1, 0x80, 1, 0, 0, 0, 120, 0, 4, 192, 0,
	2, 99, /* cache flush bit */
};

struct fixture {
	struct packets *p;
	struct health health;
	struct contact contacts[8];
	size_t contact_count;
	struct fact facts[8];
	size_t fact_count;
};

static int set_up(void **state)
{
	struct fixture *x = calloc(1, sizeof(*x));
	struct err err;

	*state = x;
	return !packets_new(&x->health, &x->p, &err);
}

static int tear_down(void **state)
{
	struct fixture *x = *state;

	packets_free(x->p);
	free(x);
	return 0;
}

static void drain(struct fixture *x)
{
	struct record r;
	struct err err;
	enum next status;

	/* every member is filled, whatever the memory held */
	memset(&r, 0xa5, sizeof(r));
	while ((status = packets_next(x->p, &r, &err)) == NEXT_ITEM) {
		assert_null(r.loss);
		if (r.contact != NULL && x->contact_count < COUNT_OF(x->contacts))
			x->contacts[x->contact_count++] = *r.contact;
		for (size_t i = 0; i < r.fact_count && x->fact_count < COUNT_OF(x->facts); i++)
			x->facts[x->fact_count++] = r.facts[i];
		memset(&r, 0xa5, sizeof(r));
	}
	assert_int_equal(status, NEXT_END);
}

static void feed_frame(struct fixture *x, int64_t ns, const struct buf *b, size_t len)
{
	uint8_t *copy = malloc(len + 1);
	const struct captured c = { .time_ns = ns,
		.digits = 6,
		.linktype = 101,
		.offset = (uint64_t)ns,
		.bytes = copy + 1,
		.len = len,
		.wire_len = b->len };

	if (len > 0)
		memcpy(copy + 1, b->bytes, len);
	packets_feed(x->p, &c);
	drain(x);
	free(copy);
}

static void put_udp(struct buf *b, const uint8_t *bytes, size_t len, const char *from, uint16_t sp,
    const char *to, uint16_t dp)
{
	buf_init(b, SIZE_MAX);
	buf_put(b, bytes, len);
	frame_udp(b, sp, dp);
	frame_ipv4(b, 17, from, to, 1, 0);
}

static void feed(struct fixture *x, int64_t ns, const uint8_t *bytes, size_t len, const char *from,
    uint16_t sp, const char *to, uint16_t dp)
{
	struct buf b;

	put_udp(&b, bytes, len, from, sp, to, dp);
	feed_frame(x, ns, &b, b.len);
	buf_release(&b);
}

static void feed_query(struct fixture *x, int64_t ns)
{
	feed(x, ns, query, sizeof(query), CLIENT, 4000, SERVER, 53);
}

static void feed_response(struct fixture *x, int64_t ns, const uint8_t *bytes, size_t len)
{
	feed(x, ns, bytes, len, SERVER, 53, CLIENT, 4000);
}

static void assert_text(const struct endpoint *e, const char *want)
{
	char text[ENDPOINT_TEXT_MAX];

	(void)endpoint_format(e, text);
	assert_string_equal(text, want);
}

static void a_pair_is_one_contact_with_its_facts(void **state)
{
	struct fixture *x = *state;

	feed_query(x, 1000);
	assert_int_equal(x->contact_count, 0);
	feed_response(x, 2000, response, sizeof(response));
	assert_int_equal(x->contact_count, 1);
	assert_int_equal(x->contacts[0].time_ns, 1000);
	assert_int_equal(x->contacts[0].kind, KIND_DNS);
	assert_int_equal(x->contacts[0].seen, SEEN_BOTH);
	assert_int_equal(x->contacts[0].type, 1);
	assert_int_equal(x->contacts[0].outcome, 16);
	assert_int_equal(x->contacts[0].ttl, 60);
	assert_int_equal(x->contacts[0].txid, -1);
	assert_text(&x->contacts[0].target, "www.a");
	assert_text(&x->contacts[0].peer, CLIENT);
	assert_int_equal(x->fact_count, 2);
	assert_text(&x->facts[0].owner, "www.a");
	assert_text(&x->facts[0].data, "a");
	assert_text(&x->facts[1].data, "198.51.100.1");
	assert_int_equal(x->facts[1].ttl, 50);
	assert_int_equal(x->facts[1].first_ns, 2000);
	packets_finish(x->p);
	drain(x);
	assert_int_equal(x->contact_count, 1);
	assert_int_equal(health_total(&x->health), 0);
}

static void a_negative_answer_has_the_ttl_of_its_soa(void **state)
{
	struct fixture *x = *state;

	feed_query(x, 1000);
	feed_response(x, 2000, negative, sizeof(negative));
	assert_int_equal(x->contacts[0].outcome, 3);
	assert_int_equal(x->contacts[0].ttl, 90);
	assert_int_equal(x->facts[0].type, 6);
	assert_int_equal(x->facts[0].extra, 90);
	assert_int_equal(x->facts[0].ttl, 256);
}

static void what_stays_alone_is_a_contact_with_its_id(void **state)
{
	struct fixture *x = *state;

	feed_query(x, 1000);
	feed_response(x, 20 * NS_PER_S, response, sizeof(response));
	assert_int_equal(x->contact_count, 0); /* one late packet ends no wait */
	assert_int_equal(x->fact_count, 2);
	packets_finish(x->p);
	drain(x);
	assert_int_equal(x->contact_count, 2);
	assert_int_equal(x->contacts[0].seen, SEEN_QUERY);
	assert_int_equal(x->contacts[0].outcome, OUTCOME_NONE);
	assert_int_equal(x->contacts[0].txid, 7);
	assert_int_equal(x->contacts[1].seen, SEEN_RESPONSE);
	assert_int_equal(x->contacts[1].time_ns, 20 * NS_PER_S);
	assert_int_equal(x->contacts[1].txid, 7);
	assert_text(&x->contacts[1].peer, CLIENT);
}

static void every_query_counts_and_repeated_responses_do_not(void **state)
{
	struct fixture *x = *state;

	feed_query(x, 1000);
	feed_query(x, 1500);
	for (int64_t i = 0; i < 3; i++)
		feed_response(x, 2000 + i, response, sizeof(response));
	packets_finish(x->p);
	drain(x);
	assert_int_equal(x->contact_count, 2);
	assert_int_equal(x->contacts[0].time_ns, 1500); /* the latest query is answered first */
	assert_int_equal(x->contacts[1].time_ns, 1000);
	assert_int_equal(packets_counts(x->p).repeated_responses, 1);
}

static void mdns_is_kept_apart(void **state)
{
	struct fixture *x = *state;

	feed(x, 1, two_questions, sizeof(two_questions), CLIENT, 5353, "224.0.0.251", 5353);
	feed(x, 2, announcement, sizeof(announcement), SERVER, 5353, "224.0.0.251", 5353);
	packets_finish(x->p);
	drain(x);
	assert_int_equal(x->contact_count, 2);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(x->contacts[i].kind, KIND_MDNS);
		assert_int_equal(x->contacts[i].txid, -1);
		assert_text(&x->contacts[i].peer, CLIENT);
	}
	assert_text(&x->contacts[1].target, "c");
	assert_int_equal(x->fact_count, 1);
	assert_text(&x->facts[0].data, "192.0.2.99");
}

static void llmnr_pairs_with_whoever_answers(void **state)
{
	struct fixture *x = *state;

	feed(x, 1, query, sizeof(query), CLIENT, 4000, "224.0.0.252", 5355);
	feed(x, 2, response, sizeof(response), "192.0.2.77", 5355, CLIENT, 4000);
	assert_int_equal(x->contact_count, 1);
	assert_int_equal(x->contacts[0].kind, KIND_LLMNR);
	assert_int_equal(x->contacts[0].seen, SEEN_BOTH);
}

static void a_short_capture_still_shows_the_question(void **state)
{
	struct fixture *x = *state;
	struct buf b;

	put_udp(&b, response, sizeof(response), SERVER, 53, CLIENT, 4000);
	feed_frame(x, 5, &b, 28 + 23 + 4);
	packets_finish(x->p);
	drain(x);
	assert_int_equal(x->contact_count, 1);
	assert_int_equal(x->fact_count, 0);
	assert_string_equal(x->health.reasons[0].reason, "DNS message cut by the snap length");
	assert_int_equal(x->health.reasons[0].first_offset, 5);
	buf_release(&b);
}

/* At every length there is a contact, or a reason why not. */
static void every_truncation_is_accounted_for(void **state)
{
	struct fixture *x = NULL;
	struct buf b;

	(void)state;
	put_udp(&b, response, sizeof(response), SERVER, 53, CLIENT, 4000);
	for (size_t n = 0; n < b.len; n++) {
		assert_int_equal(set_up((void **)&x), 0);
		feed_frame(x, 1, &b, n);
		packets_finish(x->p);
		drain(x);
		assert_int_equal(x->contact_count, n >= 28 + 23);
		if (n >= 24) /* the ports are there: it should have been DNS */
			assert_int_equal(health_total(&x->health), 1);
		(void)tear_down((void **)&x);
	}
	buf_release(&b);
}

static void queries_over_tcp_are_contacts(void **state)
{
	struct fixture *x = *state;
	struct buf b;

	buf_init(&b, SIZE_MAX);
	for (size_t i = 0; i < 2; i++) {
		buf_be16(&b, sizeof(query));
		buf_put(&b, query, sizeof(query));
	}
	frame_tcp(&b, 4000, 53, 1, 0x18);
	frame_ipv6(&b, 6, "2001:db8::10", "2001:db8::53");
	feed_frame(x, 9, &b, b.len);
	packets_finish(x->p);
	drain(x);
	assert_int_equal(x->contact_count, 2);
	assert_text(&x->contacts[1].peer, "2001:db8::10");
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    a_pair_is_one_contact_with_its_facts, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    a_negative_answer_has_the_ttl_of_its_soa, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    what_stays_alone_is_a_contact_with_its_id, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    every_query_counts_and_repeated_responses_do_not, set_up, tear_down),
		cmocka_unit_test_setup_teardown(mdns_is_kept_apart, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    llmnr_pairs_with_whoever_answers, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    a_short_capture_still_shows_the_question, set_up, tear_down),
		cmocka_unit_test(every_truncation_is_accounted_for),
		cmocka_unit_test_setup_teardown(queries_over_tcp_are_contacts, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
