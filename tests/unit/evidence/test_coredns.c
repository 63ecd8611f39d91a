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

static void reads_the_common_format_behind_a_date(void **state)
{
	(void)state;
	reading_of(&r, &reader_coredns,
	    /* the example of the plugin's page, with a date of RFC 3339 */
	    "2018-10-30T19:10:07.547Z [INFO] [::1]:50759 - 29008 \"A IN example.org. udp 41 false "
	    "4096\" NOERROR qr,rd,ra,ad 68 0.037990251s\n"
	    "2018-10-30T19:10:08Z stdout F [INFO] 192.0.2.1:41324 - 7 \"AAAA IN a\\ b.Example.org. "
	    "tcp 41 true 65535\" NXDOMAIN qr,rd 68 1.7s \"0\"\n"
	    "2018-10-30T19:10:09Z [INFO] 192.0.2.1:41324 - 8 \"TYPE65280 IN . udp 41 false 512\" - "
	    "- 0 "
	    "0.1s\n"
	    "2018-10-30T19:10:09Z [INFO] plugin/reload: Running configuration MD5 = 4\n"
	    "[INFO] 192.0.2.1:41324 - 8 \"A IN . udp 41 false 512\" NOERROR qr 0 0.1s\n");
	assert_int_equal(r.contact_count, 2);
	assert_int_equal(r.contacts[0].time_ns, INT64_C(1540926607509) * 1000000);
	assert_int_equal(r.contacts[0].digits, 3);
	assert_int_equal(r.contacts[0].seen, SEEN_BOTH);
	assert_int_equal(r.contacts[0].outcome, 0);
	assert_string_equal(reading_text(&r.contacts[0].target), "example.org");
	assert_string_equal(reading_text(&r.contacts[0].peer), "::1");
	assert_int_equal(r.contacts[1].time_ns, INT64_C(1540926606) * NS_PER_S);
	assert_int_equal(r.contacts[1].outcome, 3);
	assert_string_equal(reading_text(&r.contacts[1].target), "a\\032b.example.org");
	assert_string_equal(reading_text(&r.contacts[1].peer), "192.0.2.1");
	assert_int_equal(reading_skipped(&r, "bad response code"), 1);
	assert_int_equal(reading_skipped(&r, "line of another kind"), 1);
	assert_int_equal(reading_skipped(&r, "line without a date"), 1);
}

static void counts_what_is_no_query_by_reason(void **state)
{
	(void)state;
	reading_of(&r, &reader_coredns,
	    "2018-10-30T19:10:07Z [INFO] 192.0.2:1 - 7 \"A IN x. udp 1 false 1\" NOERROR qr 1 "
	    "0.1s\n"
	    "2018-10-30T19:10:07Z [INFO] 192.0.2.1:1 - 7 \"A IN x..y. udp 1 false 1\" NOERROR qr 1 "
	    "0.1s\n"
	    "2018-10-30T19:10:07Z [INFO] 192.0.2.1:1 - 7 \"NOTYPE IN x. udp 1 false 1\" NOERROR qr "
	    "1 1s\n"
	    "2018-10-30T19:10:07Z [INFO] 192.0.2.1:1 - 7 \"A IN x. udp 1 false 1\" NOERROR\n"
	    "2018-10-30T19:10:07Z [INFO] 192.0.2.1:1 - 7 \"A IN x\\\n");
	assert_int_equal(r.contact_count, 0);
	assert_int_equal(reading_skipped(&r, "bad address"), 1);
	assert_int_equal(reading_skipped(&r, "bad query name"), 1);
	assert_int_equal(reading_skipped(&r, "bad query type"), 1);
	assert_int_equal(reading_skipped(&r, "line is cut"), 2);
}

static void every_truncation_and_growth_from_it(void **state)
{
	(void)state;
	reading_truncations(&reader_coredns,
	    "2018-10-30T19:10:07.547Z [INFO] 192.0.2.1:5 - 29008 \"A IN example.org. udp 41 false "
	    "4096\" NOERROR qr,rd,ra,ad 68 0.037990251s\n"
	    "2018-10-30T19:10:08.547Z [INFO] 192.0.2.1:5 - 29009 \"A IN example.net. udp 41 false "
	    "4096\" NXDOMAIN qr,rd,ra,ad 68 0.5s\n",
	    2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_common_format_behind_a_date),
		cmocka_unit_test(counts_what_is_no_query_by_reason),
		cmocka_unit_test(every_truncation_and_growth_from_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
