/* SPDX-License-Identifier: GPL-3.0-or-later */
/* C-DNS: blocks, items, damage, growth. CBOR itself is tested in wire/test_cbor.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "reading.h"

#define HEADER                                                                                     \
	0x83, 0x65, 'C', '-', 'D', 'N', 'S', /*  0: the file                      */               \
	    0xa3, 0, 1, 1, 0,                /*  7: version 1.0                   */               \
	    3, 0x81, 0xa1, 0, 0xa3,          /* 12: one sort of blocks, stored so: */              \
	    0, 0x19, 3, 0xe8, 1, 1, 2, 0xa0, /* 17: 1000 ticks a second           */               \
	    0x9f                             /* 25: blocks                        */
#define HEADER_BYTES 26

/* A block that begins at second.200, with the tables that all here share, up to its items. */
#define BLOCK(second, halves)                                                                      \
	0xa3, 0, 0xa1, 0, 0x82, 0x18, second, 0x18, 200, /*  0: preamble            */             \
	    2, 0xa6,                                     /*  9: tables              */             \
	    0, 0x82, 0x44, 192, 0, 2, 7, 0x44, 192, 0, 2, 53, 1, 0x81, 0xa2, 0, 1, 1,              \
	    1,                                                       /* 23: A IN          */       \
	    2, 0x82, 0x43, 1, 'a', 0, 0x44, 192, 0, 2, 9,            /* 30: "a.", data    */       \
	    3, 0x81, 0xa8, 0, 1, 1, 0x18, 53, 2, 0, 3, 1, 4, halves, /* 41: a client's */          \
	    6, 0x19, 0x10, 0x10, 8, 0, 16, 0,                        /* 55: RD, A, NOERROR */      \
	    6, 0x81, 0x81, 0,                                        /* 63: records: one  */       \
	    7, 0x81, 0xa4, 0, 0, 1, 0, 2, 0x18, 60, 3, 1,            /* 67: a. 60 A ...9  */       \
	    3, 0x81                                                  /* 79: one item      */
#define BLOCK_BYTES 81

/* 50 ms on, 192.0.2.7 port 99. */
#define ITEM(id)    0xa7, 0, 0x18, 50, 1, 0, 2, 0x18, 99, 3, id, 4, 0, 7, 0, 12, 0xa1, 1, 0
#define ITEM_BYTES  19
#define WHOLE_BYTES (BLOCK_BYTES + ITEM_BYTES)
#define BREAK       0xff

#define HALF_QUERY    1
#define HALF_RESPONSE 2
#define HALF_BOTH     3

static void reads(struct reading *r, const uint8_t *bytes, size_t len)
{
	reading_from(r, &reader_cdns, bytes, len, 0);
}

static void reads_an_item_as_query_and_response(void **state)
{
	static const uint8_t bytes[] = { HEADER, BLOCK(100, HALF_BOTH), ITEM(1), BREAK };
	struct reading r;

	(void)state;
	assert_int_equal(reader_cdns.probe(bytes, sizeof(bytes)), 100);
	reads(&r, bytes, sizeof(bytes));
	assert_int_equal(r.contact_count, 1);
	assert_int_equal(health_total(&r.health), 0);
	assert_int_equal(r.consumed, sizeof(bytes));
	assert_int_equal(r.vantage, VANTAGE_RECURSIVE);
	assert_int_equal(r.contacts[0].time_ns, 100 * NS_PER_S + 250000000);
	assert_int_equal(r.contacts[0].digits, 3);
	assert_int_equal(r.contacts[0].seen, SEEN_BOTH);
	assert_int_equal(r.contacts[0].outcome, 0);
	assert_int_equal(r.contacts[0].ttl, 60);
	assert_int_equal(r.contacts[0].type, 1);
	assert_string_equal(reading_text(&r.contacts[0].peer), "192.0.2.7");
	assert_string_equal(reading_text(&r.contacts[0].target), "a");
	assert_int_equal(r.fact_count, 1);
	assert_string_equal(reading_text(&r.facts[0].owner), "a");
	assert_string_equal(reading_text(&r.facts[0].data), "192.0.2.9");
	assert_int_equal(r.facts[0].ttl, 60);
}

static void keeps_halves_apart(void **state)
{
	static const uint8_t bytes[] = { HEADER, BLOCK(100, HALF_QUERY), ITEM(1),
		BLOCK(110, HALF_RESPONSE), ITEM(2), BREAK };
	struct reading r;

	(void)state;
	reads(&r, bytes, sizeof(bytes));
	assert_int_equal(r.contact_count, 2);
	assert_int_equal(r.contacts[0].seen, SEEN_QUERY);
	assert_int_equal(r.contacts[0].outcome, OUTCOME_NONE);
	assert_int_equal(r.contacts[0].txid, 1);
	assert_int_equal(r.contacts[1].seen, SEEN_RESPONSE);
	assert_int_equal(r.contacts[1].time_ns, 110 * NS_PER_S + 250000000);
	assert_int_equal(r.fact_count, 1);
}

static void counts_what_points_nowhere(void **state)
{
	uint8_t bytes[] = { HEADER, BLOCK(100, HALF_BOTH), ITEM(1), BLOCK(110, HALF_BOTH), ITEM(2),
		BREAK };
	struct reading r;

	(void)state;
	bytes[HEADER_BYTES + BLOCK_BYTES + 14] = 5; /* the name's index */
	reads(&r, bytes, sizeof(bytes));
	assert_int_equal(r.contact_count, 1);
	assert_int_equal(reading_skipped(&r, "bad name in C-DNS"), 1);
	bytes[HEADER_BYTES + BLOCK_BYTES + 12] = 1; /* the signature's */
	reads(&r, bytes, sizeof(bytes));
	assert_int_equal(r.contact_count, 1);
	assert_int_equal(reading_skipped(&r, "C-DNS index without its entry"), 1);
	assert_false(r.health.damaged);
}

static void fills_up_an_address_that_is_a_prefix(void **state)
{
	uint8_t bytes[] = { HEADER, BLOCK(100, HALF_BOTH), ITEM(1), BREAK };
	struct reading r;

	(void)state;
	/* three bytes, and one that is an item by itself */
	memcpy(bytes + HEADER_BYTES + 12, (const uint8_t[]){ 0x83, 0x43, 192, 0, 2, 0 }, 6);
	reads(&r, bytes, sizeof(bytes));
	assert_int_equal(r.contact_count, 1);
	assert_string_equal(reading_text(&r.contacts[0].peer), "192.0.2.0");
}

static void reads_on_behind_damage(void **state)
{
	static const uint8_t bytes[] = { HEADER, BLOCK(100, HALF_BOTH), ITEM(1), 0x1c, 0x1d,
		BLOCK(110, HALF_BOTH), ITEM(2), BREAK };
	struct reading r;

	(void)state;
	reads(&r, bytes, sizeof(bytes));
	assert_int_equal(r.contact_count, 2);
	assert_true(r.health.damaged);
	assert_int_equal(reading_skipped(&r, "broken CBOR"), 1);
	assert_int_equal(r.health.reasons[0].first_offset, HEADER_BYTES + WHOLE_BYTES);
}

static void reads_files_put_together(void **state)
{
	static const uint8_t bytes[] = { HEADER, BLOCK(100, HALF_BOTH), ITEM(1), BREAK, HEADER,
		BLOCK(110, HALF_BOTH), ITEM(2), BREAK };
	struct reading r;

	(void)state;
	reads(&r, bytes, sizeof(bytes));
	assert_int_equal(r.contact_count, 2);
	assert_int_equal(health_total(&r.health), 0);
}

static void refuses_drafts(void **state)
{
	uint8_t bytes[] = { HEADER, BLOCK(100, HALF_BOTH), ITEM(1), BREAK };
	struct reading r;

	(void)state;
	bytes[9] = 0;
	reads(&r, bytes, sizeof(bytes));
	assert_int_equal(r.contact_count, 0);
	assert_int_equal(reading_skipped(&r, "C-DNS of another version"), 1);
}

/* However short the file is cut, what it holds and what comes when it has grown are the whole. */
static void loses_nothing_at_any_cut(void **state)
{
	static const uint8_t bytes[] = { HEADER, BLOCK(100, HALF_BOTH), ITEM(1),
		BLOCK(110, HALF_BOTH), ITEM(2), BREAK };
	struct reading begun;
	struct reading rest;

	(void)state;
	for (size_t len = 0; len <= sizeof(bytes); len++) {
		(void)reader_cdns.probe(bytes, len);
		reads(&begun, bytes, len);
		assert_true(begun.consumed <= len);
		reading_from(&rest, &reader_cdns, bytes, sizeof(bytes), begun.consumed);
		assert_int_equal(begun.contact_count + rest.contact_count, 2);
		assert_int_equal(begun.fact_count + rest.fact_count, 2);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_an_item_as_query_and_response),
		cmocka_unit_test(keeps_halves_apart),
		cmocka_unit_test(counts_what_points_nowhere),
		cmocka_unit_test(fills_up_an_address_that_is_a_prefix),
		cmocka_unit_test(reads_on_behind_damage),
		cmocka_unit_test(reads_files_put_together),
		cmocka_unit_test(refuses_drafts),
		cmocka_unit_test(loses_nothing_at_any_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
