/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "reading.h"

static struct reading r;

#define HEAD "1322849924.408856||192.0.2.7||192.0.2.53||IN||"

static void reads_a_record_as_a_fact_and_no_contact(void **state)
{
	(void)state;
	reading_of(&r, &reader_passivedns,
	    "#timestamp||dns-client ||dns-server||RR class||Query||Query "
	    "Type||Answer||TTL||Count\n" HEAD "WWW.example.com.||A||192.0.2.1||46587||5\n" HEAD
	    "example.com.||MX||mail.example.com.||60||1\n" HEAD
	    "a||b.example.com.||CNAME||c.example.com.||60||1\n");
	assert_int_equal(r.contact_count, 0);
	assert_int_equal(r.fact_count, 2);
	assert_int_equal(r.vantage, VANTAGE_PASSIVE);
	assert_string_equal(reading_text(&r.facts[0].owner), "www.example.com");
	assert_string_equal(reading_text(&r.facts[0].data), "192.0.2.1");
	assert_int_equal(r.facts[0].ttl, 46587);
	assert_int_equal(r.facts[0].count, 5);
	assert_int_equal(r.facts[0].digits, 6);
	assert_int_equal(r.facts[0].last_ns, INT64_C(1322849924408856000));
	assert_string_equal(reading_text(&r.facts[1].data), "mail.example.com");
	assert_int_equal(reading_skipped(&r, "line of another kind"), 1);
	assert_int_equal(health_total(&r.health), 1);
}

static void counts_bad_rows_by_reason(void **state)
{
	(void)state;
	reading_of(&r, &reader_passivedns,
	    HEAD "x.||A||NXDOMAIN||60||1\n" HEAD "x.||TXT||\"a b\"||60||1\n" HEAD
		 "x.||A||192.0.2.1||60||\n" HEAD "x..y||A||192.0.2.1||60||1\n"
		 "1x||192.0.2.7||192.0.2.53||IN||x.||A||192.0.2.1||60||1\n"
		 "1||192.0.2.7||192.0.2.53||CH||x.||A||192.0.2.1||60||1\n");
	assert_int_equal(r.fact_count, 0);
	assert_int_equal(reading_skipped(&r, "failure, no record"), 1);
	assert_int_equal(reading_skipped(&r, "record of a type that is not kept"), 1);
	assert_int_equal(reading_skipped(&r, "bad number"), 1);
	assert_int_equal(reading_skipped(&r, "bad record name"), 1);
	assert_int_equal(reading_skipped(&r, "bad time"), 1);
	assert_int_equal(reading_skipped(&r, "class is not IN"), 1);
}

static void loses_nothing_at_any_cut(void **state)
{
	static const char log[] = HEAD "www.example.com.||A||192.0.2.1||46587||52\n" HEAD
				       "example.com.||NS||ns.example.com.||60||15\n";

	(void)state;
	assert_int_equal(reader_passivedns.probe((const uint8_t *)log, sizeof(log) - 1), 90);
	reading_truncations(&reader_passivedns, log, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_record_as_a_fact_and_no_contact),
		cmocka_unit_test(counts_bad_rows_by_reason),
		cmocka_unit_test(loses_nothing_at_any_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
