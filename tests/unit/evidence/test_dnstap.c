/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frame Streams of dnstap: frames, damage, growth. The fields are tested in wire/test_dnstap_msg.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "reading.h"

#define START                                                                                      \
	0, 0, 0, 0, 0, 0, 0, 34, /* escape, 34 bytes */                                            \
	    0, 0, 0, 2,          /* START */                                                       \
	    0, 0, 0, 1, 0, 0, 0, 22, 'p', 'r', 'o', 't', 'o', 'b', 'u', 'f', ':', 'd', 'n', 's',   \
	    't', 'a', 'p', '.', 'D', 'n', 's', 't', 'a', 'p'
#define START_BYTES 42

#define STOP 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 3

/* A query by 192.0.2.7 for "a.", A IN, at that second. */
#define QUERY(type, second, id)                                                                    \
	0, 0, 0, 39,                             /*  0: length          */                         \
	    0x72, 35, 0x08, type,                /*  4: message, type   */                         \
	    0x22, 4, 192, 0, 2, 7,               /*  8: query_address   */                         \
	    0x30, 99, 0x38, 53,                  /* 14: ports           */                         \
	    0x40, second,                        /* 18: query_time_sec  */                         \
	    0x52, 19,                            /* 20: query_message   */                         \
	    0, id, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, /* 22: one question    */                         \
	    1, 'a', 0, 0, 1, 0, 1,               /* 34: a. A IN         */                         \
	    0x78, 1                              /* 41: is a message    */
#define QUERY_BYTES 43

/* Its response, NXDOMAIN. */
#define RESPONSE(type, second, id)                                                                 \
	0, 0, 0, 39, 0x72, 35, 0x08, type, 0x22, 4, 192, 0, 2, 7, 0x30, 99, 0x38, 53, 0x60,        \
	    second, 0x72, 19, 0, id, 0x81, 0x83, 0, 1, 0, 0, 0, 0, 0, 0, 1, 'a', 0, 0, 1, 0, 1,    \
	    0x78, 1

static void reads(struct reading *r, const uint8_t *bytes, size_t len)
{
	reading_from(r, &reader_dnstap, bytes, len, 0);
}

static void pairs_within_a_role_and_tells_the_time_of_the_query(void **state)
{
	static const uint8_t bytes[] = { START, QUERY(5, 100, 1), QUERY(1, 101, 1),
		RESPONSE(6, 102, 1), STOP };
	struct reading r;

	(void)state;
	assert_int_equal(reader_dnstap.probe(bytes, sizeof(bytes)), 100);
	reads(&r, bytes, sizeof(bytes));
	assert_int_equal(r.contact_count, 2);
	assert_int_equal(health_total(&r.health), 0);
	assert_int_equal(r.consumed, sizeof(bytes));
	/* the client's query is answered, the one to the authoritative side is not */
	assert_int_equal(r.contacts[0].seen, SEEN_BOTH);
	assert_int_equal(r.contacts[0].time_ns, 100 * NS_PER_S);
	assert_int_equal(r.contacts[0].digits, 0);
	assert_int_equal(r.contacts[0].outcome, 3);
	assert_string_equal(reading_text(&r.contacts[0].peer), "192.0.2.7");
	assert_string_equal(reading_text(&r.contacts[0].target), "a");
	assert_int_equal(r.contacts[1].seen, SEEN_QUERY);
	assert_int_equal(r.contacts[1].time_ns, 101 * NS_PER_S);
}

static void takes_a_response_alone(void **state)
{
	static const uint8_t bytes[] = { START, RESPONSE(2, 102, 1) };
	struct reading r;

	(void)state;
	reads(&r, bytes, sizeof(bytes));
	assert_int_equal(r.contact_count, 1);
	assert_int_equal(r.contacts[0].seen, SEEN_RESPONSE);
	assert_int_equal(r.contacts[0].txid, 1);
	assert_int_equal(r.contacts[0].time_ns, 102 * NS_PER_S);
	/* a stream without its end is one that grows */
	assert_false(r.health.damaged);
}

static void reads_on_behind_damage(void **state)
{
	static const uint8_t bytes[] = { START, QUERY(5, 100, 1), 0x7f, 1, 2, 3, 4, 5, 6, 7,
		QUERY(5, 101, 2), QUERY(5, 102, 3) };
	static const uint8_t lying[] = { START, QUERY(5, 100, 1), 0, 0, 0, 30, 1, 2, 3, 4,
		QUERY(5, 101, 2), QUERY(5, 102, 3) };
	struct reading r;

	(void)state;
	reads(&r, bytes, sizeof(bytes));
	assert_int_equal(r.contact_count, 3);
	assert_int_equal(reading_skipped(&r, "damaged frame length"), 1);
	assert_int_equal(r.health.reasons[0].first_offset, START_BYTES + QUERY_BYTES);
	assert_true(r.health.damaged);
	/* a length that leads into the middle of the next frame */
	reads(&r, lying, sizeof(lying));
	assert_int_equal(r.contact_count, 3);
	assert_int_equal(health_total(&r.health), 1);
	assert_true(r.health.damaged);
}

/* A frame of the right length that holds nonsense costs itself alone. */
static void skips_one_bad_record(void **state)
{
	static const uint8_t bytes[] = { START, 0, 0, 0, 3, 0xff, 0xff, 0xff, QUERY(5, 101, 2) };
	struct reading r;

	(void)state;
	reads(&r, bytes, sizeof(bytes));
	assert_int_equal(r.contact_count, 1);
	assert_int_equal(health_total(&r.health), 1);
	assert_false(r.health.damaged);
}

static void leaves_other_content_alone(void **state)
{
	uint8_t bytes[] = { START, QUERY(5, 100, 1), STOP, START, QUERY(5, 101, 2), STOP };
	struct reading r;

	(void)state;
	bytes[20] = 'P';
	assert_int_equal(reader_dnstap.probe(bytes, sizeof(bytes)), 0);
	assert_null(reader_detect(bytes, sizeof(bytes)));
	reads(&r, bytes, sizeof(bytes));
	assert_int_equal(r.contact_count, 1);
	assert_int_equal(reading_skipped(&r, "frame of another content type"), 1);
}

/* Cut anywhere, it reads what is whole, and then goes on from there as if it had not been cut. */
static void reads_on_where_it_was_cut(void **state)
{
	static const uint8_t bytes[] = { START, QUERY(5, 100, 1), QUERY(5, 101, 2), STOP };
	struct reading r;

	(void)state;
	for (size_t cut = 0; cut <= sizeof(bytes); cut++) {
		const size_t before = cut < START_BYTES + QUERY_BYTES       ? 0
				      : cut < START_BYTES + 2 * QUERY_BYTES ? 1
									    : 2;
		uint64_t consumed;

		reads(&r, bytes, cut);
		assert_int_equal(r.contact_count, before);
		assert_true(r.consumed <= cut);
		assert_int_equal(r.health.damaged, r.consumed != cut);
		assert_int_equal(reading_skipped(&r, "truncated frame"), r.consumed != cut);
		consumed = r.consumed;
		reading_from(&r, &reader_dnstap, bytes, sizeof(bytes), consumed);
		assert_int_equal(r.contact_count, 2 - before);
		assert_int_equal(r.consumed, sizeof(bytes));
		assert_int_equal(health_total(&r.health), 0);
	}
}

static enum vantage vantage_of(const uint8_t *bytes, size_t len)
{
	struct stream *s = reading_stream(bytes, len);
	struct health h = { .count = 0 };
	struct reader *reader = NULL;
	struct record record;
	enum vantage vantage;

	assert_true(reader_dnstap.open(s, &h, &reader, NULL));
	while (reader_dnstap.next(reader, &record, NULL) != NEXT_END)
		;
	vantage = reader_dnstap.vantage(reader);
	reader_dnstap.close(reader);
	stream_close(s);
	return vantage;
}

static void tells_the_vantage_by_the_type(void **state)
{
	static const struct {
		uint8_t type;
		enum vantage vantage;
	} cases[] = { { 1, VANTAGE_AUTHORITATIVE }, { 3, VANTAGE_RESOLVER_SIDE },
		{ 5, VANTAGE_RECURSIVE }, { 7, VANTAGE_RESOLVER_SIDE }, { 9, VANTAGE_STUB },
		{ 11, VANTAGE_STUB }, { 13, VANTAGE_AUTHORITATIVE } };
	uint8_t bytes[] = { START, QUERY(5, 100, 1), QUERY(5, 101, 2) };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		bytes[START_BYTES + 7] = bytes[START_BYTES + QUERY_BYTES + 7] = cases[i].type;
		assert_int_equal(vantage_of(bytes, sizeof(bytes)), cases[i].vantage);
	}
	bytes[START_BYTES + 7] = 5;
	assert_int_equal(vantage_of(bytes, sizeof(bytes)), VANTAGE_MIXED);
	assert_int_equal(vantage_of(bytes, START_BYTES), VANTAGE_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pairs_within_a_role_and_tells_the_time_of_the_query),
		cmocka_unit_test(takes_a_response_alone),
		cmocka_unit_test(reads_on_behind_damage),
		cmocka_unit_test(skips_one_bad_record),
		cmocka_unit_test(leaves_other_content_alone),
		cmocka_unit_test(reads_on_where_it_was_cut),
		cmocka_unit_test(tells_the_vantage_by_the_type),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
