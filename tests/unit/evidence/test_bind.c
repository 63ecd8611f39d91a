/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "reading.h"

static struct reading r;

#define STAMP "12-Nov-2025 23:34:08.622 "
#define NS    INT64_C(1762990448622000000)

static void reads_the_line_of_each_version(void **state)
{
	static const char *const lines[] = {
		STAMP "client 192.0.2.7#53: query: WWW.example.com IN AAAA +",
		STAMP "client 192.0.2.7#53: view external: query: www.example.com IN AAAA -E",
		STAMP "client 192.0.2.7#53 (www.example.com): query: www.example.com IN AAAA +SE "
		      "(198.51.100.1)",
		/* the example of BIND's reference manual, with other addresses */
		STAMP "queries: info: client @0x7f91b8005490 192.0.2.7#62536 (www.example.com): "
		      "query: www.example.com IN AAAA +SE",
		STAMP "client @0x1 192.0.2.7#1/key k.example (www.example.com): view v: query: "
		      "www.example.com IN AAAA -E(0)DCV (2001:db8::1)",
		STAMP "security: info: client @0x1 192.0.2.7#1 (www.example.com): view v: query "
		      "(cache) 'www.example.com/AAAA/IN' denied (allow-query-cache did not match)",
		"2025-11-12T23:34:08.622Z client @0x1 192.0.2.7#1 (x): query: www.example.com. IN "
		"TYPE28 +",
	};
	char log[512];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		(void)snprintf(log, sizeof(log), "%s\r\n", lines[i]);
		assert_int_equal(reader_bind.probe((const uint8_t *)log, strlen(log)), 85);
		reading_of(&r, &reader_bind, log);
		assert_int_equal(r.contact_count, 1);
		assert_int_equal(r.contacts[0].time_ns, NS);
		assert_int_equal(r.contacts[0].digits, 3);
		assert_int_equal(r.contacts[0].kind, KIND_DNS);
		assert_int_equal(r.contacts[0].seen, SEEN_QUERY);
		assert_int_equal(r.contacts[0].type, 28);
		assert_int_equal(r.contacts[0].outcome, OUTCOME_NONE);
		assert_string_equal(reading_text(&r.contacts[0].target), "www.example.com");
		assert_string_equal(reading_text(&r.contacts[0].peer), "192.0.2.7");
		assert_int_equal(r.health.assumed[ASSUMED_ZONE], i < 6);
		assert_int_equal(r.health.assumed[ASSUMED_YEAR], 0);
	}
}

static void a_denied_name_may_hold_slashes(void **state)
{
	(void)state;
	reading_of(&r, &reader_bind,
	    STAMP "client 192.0.2.7#1 (x): zone transfer '0/25.2.0.192.in-addr.arpa/AXFR/IN' "
		  "denied\n" STAMP "client 192.0.2.7#1: query (cache) './NS/IN' denied\n");
	assert_int_equal(r.contact_count, 2);
	assert_int_equal(r.contacts[0].type, 252);
	assert_string_equal(reading_text(&r.contacts[0].target), "0/25.2.0.192.in-addr.arpa");
	assert_string_equal(reading_text(&r.contacts[1].target), ".");
}

static void the_flags_tell_the_vantage(void **state)
{
	(void)state;
	reading_of(&r, &reader_bind,
	    STAMP "client 192.0.2.7#1 (x): query: x IN A +\n" STAMP
		  "client 192.0.2.7#1 (x): query: x IN A +E(0)K\n");
	assert_int_equal(r.vantage, VANTAGE_RECURSIVE);
	reading_of(&r, &reader_bind, STAMP "client 192.0.2.7#1 (x): query: x IN A -E(0)DC\n");
	assert_int_equal(r.vantage, VANTAGE_AUTHORITATIVE);
	reading_of(&r, &reader_bind, STAMP "client 192.0.2.7#1 (x): query 'x/A/IN' denied\n");
	assert_int_equal(r.vantage, VANTAGE_UNKNOWN);
}

static void counts_what_is_no_query_by_reason(void **state)
{
	(void)state;
	reading_of(&r, &reader_bind,
	    STAMP "client 192.0.2.7\n" STAMP "client 192.0.2#1 (x): query: x IN A +\n" STAMP
		  "client 192.0.2.7#1 (x): query: x..y IN A +\n" STAMP
		  "client 192.0.2.7#1 (x): query: x IN NOTYPE +\n" STAMP
		  "client 192.0.2.7#1 (x): query: x IN\n" STAMP
		  "client 192.0.2.7#1 (x): bad zone transfer request: 'x/IN': NOTAUTH\n" STAMP
		  "client 192.0.2.7#1 (x): update 'x/IN' denied\n" STAMP
		  "all zones loaded\nclient 192.0.2.7#1 (x): query: x IN A +\n"
		  "31-Feb-2025 00:00:00.000 client 192.0.2.7#1 (x): query: x IN A +\n" STAMP
		  "client 192.0.2.7#1 (x): query: x IN A");
	assert_int_equal(r.contact_count, 0);
	assert_int_equal(reading_skipped(&r, "line of another kind"), 4);
	assert_int_equal(reading_skipped(&r, "bad address"), 1);
	assert_int_equal(reading_skipped(&r, "bad query name"), 1);
	assert_int_equal(reading_skipped(&r, "bad query type"), 1);
	assert_int_equal(reading_skipped(&r, "line without flags"), 1);
	assert_int_equal(reading_skipped(&r, "line without a date"), 2);
	assert_int_equal(reading_skipped(&r, "last line is cut"), 1);
}

static void every_truncation_and_growth_from_it(void **state)
{
	(void)state;
	reading_hints = (struct hints){ .year = 2024 };
	reading_truncations(&reader_bind,
	    "Dec 31 23:59:59 ns1 named[9]: client 192.0.2.17#1 (a.example): query: a.example IN A "
	    "+\n"
	    "Jan  1 00:00:00 ns1 named[9]: client 192.0.2.1#1: view v: query: b.example IN AAAA -\n"
	    "\nJan  1 00:00:01 ns1 named[9]: client 192.0.2.1#1: query 'c.example/MX/IN' denied\n",
	    3);
	reading_hints = (struct hints){ .year = 0 };
	/* lines that went through syslog take their year from the others */
	reading_truncations(&reader_bind,
	    "31-Dec-2024 23:59:59.000 client 192.0.2.17#1 (a.example): query: a.example IN A +\n"
	    "Jan  1 00:00:00 ns1 named[9]: client 192.0.2.1#1: query: b.example IN AAAA -\n"
	    "31-Dec-2025 23:59:59.000 zone a.example/IN: loaded serial 1\n"
	    "Jan  1 00:00:01 ns1 named[9]: client 192.0.2.1#1: query: c.example IN AAAA -\n",
	    3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_line_of_each_version),
		cmocka_unit_test(a_denied_name_may_hold_slashes),
		cmocka_unit_test(the_flags_tell_the_vantage),
		cmocka_unit_test(counts_what_is_no_query_by_reason),
		cmocka_unit_test(every_truncation_and_growth_from_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
