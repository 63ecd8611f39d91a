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

static void reads_queries_and_answers(void **state)
{
	(void)state;
	reading_hints = (struct hints){ .year = 2025, .zoned = true, .east_s = 3600 };
	reading_of(&r, &reader_dnsmasq,
	    "Nov  3 02:13:20 dnsmasq[123]: query[A] WWW.example.com from 192.0.2.1\n"
	    "Nov  3 02:13:20 dnsmasq[123]: forwarded www.example.com to 198.51.100.53\n"
	    "Nov  3 02:13:20 dnsmasq[123]: reply www.example.com is <CNAME>\n"
	    "Nov  3 02:13:20 dnsmasq[123]: reply edge.example.net is 198.51.100.7\n"
	    "Nov  3 02:13:21 router dnsmasq[123]: 45 2001:db8::1/4321 query[type=65] a.example "
	    "from "
	    "2001:db8::1\n"
	    "Nov  3 02:13:22 router dnsmasq[123]: 46 192.0.2.1/4321 cached a.example is "
	    "2001:db8::7\n"
	    "Nov  3 02:13:23 dnsmasq[123]: gravity blocked ads.example is 0.0.0.0\n"
	    "Nov  3 02:13:23 dnsmasq[123]: reply none.example is NXDOMAIN\n");
	reading_hints = (struct hints){ .year = 0 };
	assert_int_equal(r.contact_count, 2);
	assert_int_equal(r.contacts[0].time_ns, INT64_C(1762132400) * NS_PER_S);
	assert_int_equal(r.contacts[0].digits, 0);
	assert_int_equal(r.contacts[0].seen, SEEN_QUERY);
	assert_int_equal(r.contacts[0].type, 1);
	assert_string_equal(reading_text(&r.contacts[0].target), "www.example.com");
	assert_string_equal(reading_text(&r.contacts[0].peer), "192.0.2.1");
	assert_int_equal(r.contacts[1].type, 65);
	assert_string_equal(reading_text(&r.contacts[1].peer), "2001:db8::1");
	assert_int_equal(r.fact_count, 2);
	assert_int_equal(r.facts[0].type, 1);
	assert_string_equal(reading_text(&r.facts[0].owner), "edge.example.net");
	assert_string_equal(reading_text(&r.facts[0].data), "198.51.100.7");
	assert_int_equal(r.facts[1].type, 28);
	assert_int_equal(r.facts[1].ttl, TTL_NONE);
	assert_int_equal(reading_skipped(&r, "line of another kind"), 2);
	assert_int_equal(reading_skipped(&r, "answer without an address"), 2);
	assert_int_equal(r.health.assumed[ASSUMED_ZONE], 0);
	assert_int_equal(r.health.assumed[ASSUMED_YEAR], 0);
}

static void counts_what_is_no_query_by_reason(void **state)
{
	(void)state;
	reading_of(&r, &reader_dnsmasq,
	    "2025-11-03T02:13:20Z dnsmasq[1]: query[] x from 192.0.2.1\n"
	    "2025-11-03T02:13:20Z dnsmasq[1]: query[A x from 192.0.2.1\n"
	    "2025-11-03T02:13:20Z dnsmasq[1]: query[A] x to 192.0.2.1\n"
	    "2025-11-03T02:13:20Z dnsmasq[1]: query[NONE] x from 192.0.2.1\n"
	    "2025-11-03T02:13:20Z dnsmasq[1]: query[A] x from\n"
	    "2025-11-03T02:13:20Z dnsmasq[1]: query[A] x from eth0\n"
	    "2025-11-03T25:13:20Z dnsmasq[1]: query[A] x from 192.0.2.1\n"
	    "Nov  3 02:13:20 dnsmasq[1]: query[A] x from 192.0.2.1\n");
	/* the last one has its year from those before it */
	assert_int_equal(r.contact_count, 1);
	assert_int_equal(r.health.assumed[ASSUMED_ZONE], 1);
	assert_int_equal(reading_skipped(&r, "line of another kind"), 3);
	assert_int_equal(reading_skipped(&r, "bad query type"), 2);
	assert_int_equal(reading_skipped(&r, "bad address"), 1);
	assert_int_equal(reading_skipped(&r, "line without a date"), 1);
}

static void a_name_may_hold_spaces_and_words_of_the_format(void **state)
{
	(void)state;
	reading_of(&r, &reader_dnsmasq,
	    "2025-11-03T02:13:20Z dnsmasq[1]: query[TXT] a b.example from 192.0.2.1\n"
	    "2025-11-03T02:13:20Z dnsmasq[1]: query[A] x from 198.51.100.1 from 192.0.2.1\n"
	    "2025-11-03T02:13:20Z dnsmasq[1]: reply x is 192.0.2.9 is 198.51.100.7\n"
	    "2025-11-03T02:13:20Z dnsmasq[1]: query[NULL] <name unprintable> from 192.0.2.1\n"
	    "2025-11-03T02:13:20Z dnsmasq[1]: query[A] from from 192.0.2.1\n");
	assert_int_equal(reading_skipped(&r, "name is not in the log"), 1);
	assert_int_equal(r.contact_count, 3);
	assert_string_equal(reading_text(&r.contacts[0].target), "a\\032b.example");
	assert_string_equal(reading_text(&r.contacts[1].target), "x\\032from\\032198.51.100.1");
	assert_string_equal(reading_text(&r.contacts[1].peer), "192.0.2.1");
	assert_string_equal(reading_text(&r.contacts[2].target), "from");
	assert_int_equal(r.fact_count, 1);
	assert_string_equal(reading_text(&r.facts[0].data), "198.51.100.7");
}

static void is_known_by_its_lines(void **state)
{
	static const char started[] = "Nov  3 02:13:20 dnsmasq[1]: started, version 2.90\n";
	char log[256];

	(void)state;
	assert_int_equal(reader_dnsmasq.probe((const uint8_t *)started, strlen(started)), 0);
	(void)snprintf(log, sizeof(log), "%s%s", started,
	    "Nov  3 02:13:20 dnsmasq[1]: query[A] x from 192.0.2.1\n");
	assert_int_equal(reader_dnsmasq.probe((const uint8_t *)log, strlen(log)), 60);
	assert_ptr_equal(reader_detect((const uint8_t *)log, strlen(log)), &reader_dnsmasq);
}

static void every_truncation_and_growth_from_it(void **state)
{
	(void)state;
	reading_hints = (struct hints){ .dated = true, .file_s = INT64_C(1762132400) };
	reading_truncations(&reader_dnsmasq,
	    "Nov  2 02:13:20 dnsmasq[123]: query[AAAA] www.example.com from 192.0.2.17\n"
	    "Nov  2 02:13:20 dnsmasq[123]: reply www.example.com is 198.51.100.7\n"
	    "Nov  2 02:13:21 dnsmasq[123]: query[A] example.com from 192.0.2.18\n",
	    2);
	reading_hints = (struct hints){ .year = 0 };
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_queries_and_answers),
		cmocka_unit_test(counts_what_is_no_query_by_reason),
		cmocka_unit_test(a_name_may_hold_spaces_and_words_of_the_format),
		cmocka_unit_test(is_known_by_its_lines),
		cmocka_unit_test(every_truncation_and_growth_from_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
