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

static void reads_the_lines_of_both_servers(void **state)
{
	(void)state;
	reading_hints = (struct hints){ .year = 2026 };
	reading_of(&r, &reader_powerdns,
	    "Nov 28 01:05:08 Remote 192.0.2.1 wants 'WWW.example.com|A', do = 0, bufsize = 512: "
	    "packetcache MISS\n"
	    "Nov 28 01:05:08 ns1 pdns_server[7]: Remote 2001:db8::1 wants "
	    "'a\\032b.example.com|TXT', "
	    "do = 1, bufsize = 1232: packetcache HIT\n"
	    "Nov 28 01:05:08 ns1 pdns_recursor[7]: 3 [1/1] question for 'www.example.com|AAAA' "
	    "from "
	    "192.0.2.1:33165\n"
	    "Nov 28 01:05:08 3 [1/1] TCP question for '.|NS' from [2001:db8::1]:33165 (ecs)\n"
	    "Nov 28 01:05:08 msg=\"Question\" subsystem=\"syncres\" level=\"0\" prio=\"Info\" "
	    "tid=\"1\" ts=\"1795827908.835\" ecs=\"\" mtid=\"1\" proto=\"udp\" "
	    "qname=\"a\\\\032b.example.com\" qtype=\"TYPE65280\" remote=\"192.0.2.1:33165\"\n"
	    "Nov 28 01:05:08 msg=\"Question answered from packet cache\" subsystem=\"in\" "
	    "ts=\"1795827908.839\" qname=\"www.example.com\" qtype=\"A\" "
	    "remote=\"[2001:db8::1]:48215\" source=\"[2001:db8::2]:48215\" tag=\"0\"\n"
	    "Nov 28 01:05:08 msg=\"Answer\" subsystem=\"syncres\" ts=\"1795827908.836\" "
	    "qname=\"www.example.com\" qtype=\"A\" rcode=\"2\" remote=\"192.0.2.1:33165\"\n");
	reading_hints = (struct hints){ .year = 0 };
	assert_int_equal(r.contact_count, 6);
	assert_int_equal(r.vantage, VANTAGE_MIXED);
	assert_string_equal(reading_text(&r.contacts[5].peer), "2001:db8::1");
	assert_int_equal(r.contacts[5].type, 1);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(r.contacts[i].time_ns, INT64_C(1795827908) * NS_PER_S);
	assert_string_equal(reading_text(&r.contacts[0].target), "www.example.com");
	assert_string_equal(reading_text(&r.contacts[0].peer), "192.0.2.1");
	assert_string_equal(reading_text(&r.contacts[1].target), "a\\032b.example.com");
	assert_string_equal(reading_text(&r.contacts[1].peer), "2001:db8::1");
	assert_int_equal(r.contacts[1].type, 16);
	assert_string_equal(reading_text(&r.contacts[2].peer), "192.0.2.1");
	assert_string_equal(reading_text(&r.contacts[3].target), ".");
	assert_string_equal(reading_text(&r.contacts[3].peer), "2001:db8::1");
	assert_int_equal(r.contacts[4].time_ns, INT64_C(1795827908835) * 1000000);
	assert_int_equal(r.contacts[4].digits, 3);
	assert_int_equal(r.contacts[4].type, 65280);
	assert_string_equal(reading_text(&r.contacts[4].target), "a\\032b.example.com");
	assert_int_equal(reading_skipped(&r, "line of another kind"), 1);
	assert_int_equal(r.health.assumed[ASSUMED_ZONE], 4);
}

static void counts_what_is_no_query_by_reason(void **state)
{
	(void)state;
	reading_of(&r, &reader_powerdns,
	    "2026-11-28T01:05:08Z Remote 192.0.2.1 wants 'x', do = 0\n"
	    "2026-11-28T01:05:08Z Remote 192.0.2.1 wants x|A\n"
	    "2026-11-28T01:05:08Z Remote 192.0.2.1 sent nonsense\n"
	    "2026-11-28T01:05:08Z Remote 192.0.2 wants 'x|A', do = 0\n"
	    "2026-11-28T01:05:08Z question for 'x|A' from\n"
	    "2026-11-28T01:05:08Z question for 'x..y|A' from 192.0.2.1:1\n"
	    "2026-11-28T01:05:08Z msg=\"Question\" ts=\"x\" qname=\"x\" qtype=\"A\" "
	    "remote=\"192.0.2.1\"\n"
	    "2026-11-28T01:05:08Z msg=\"Question\" qname=\"x\" qtype=\"A\n");
	assert_int_equal(r.contact_count, 0);
	assert_int_equal(reading_skipped(&r, "line of another kind"), 3);
	assert_int_equal(reading_skipped(&r, "bad address"), 1);
	assert_int_equal(reading_skipped(&r, "line is cut"), 2);
	assert_int_equal(reading_skipped(&r, "bad query name"), 1);
	assert_int_equal(reading_skipped(&r, "bad time"), 1);
}

static void every_truncation_and_growth_from_it(void **state)
{
	(void)state;
	reading_truncations(&reader_powerdns,
	    "2026-11-28T01:05:08Z Remote 192.0.2.17 wants 'www.example.com|AAAA', do = 0\n"
	    "2026-11-28T01:05:09Z 3 [1/1] question for 'www.example.com|AAAA' from 192.0.2.17:331\n"
	    "2026-11-28T01:05:09Z 3 [1/1] question for 'www.example.com|A' from 2001:db8::17\n"
	    "2026-11-28T01:05:10Z msg=\"Question\" ts=\"1795827910.835\" qname=\"www.example.com\" "
	    "qtype=\"AAAA\" remote=\"192.0.2.17:33165\"\n",
	    4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_lines_of_both_servers),
		cmocka_unit_test(counts_what_is_no_query_by_reason),
		cmocka_unit_test(every_truncation_and_growth_from_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
