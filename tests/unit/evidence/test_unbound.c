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

static void reads_queries_in_each_form_of_date(void **state)
{
	static const char *const lines[] = {
		"[1405360802] unbound[2541:0] info: 192.0.2.7 Mail.example.com. A IN",
		"[1405360802] unbound[2541:0] query: 192.0.2.7 mail.example.com. A IN",
		"2014-07-14T14:00:02-04:00 host unbound: [2541:0] info: 192.0.2.7 "
		"mail.example.com. A IN",
		"Jul 14 18:00:02 unbound[2541:0] info: 192.0.2.7 mail.example.com. A IN",
		"Jul 14 18:00:02 host unbound[2541]: [2541:0] info: 192.0.2.7 mail.example.com. A "
		"IN",
	};
	char log[256];

	(void)state;
	reading_hints = (struct hints){ .year = 2014 };
	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		(void)snprintf(log, sizeof(log), "%s\n", lines[i]);
		assert_int_equal(reader_unbound.probe((const uint8_t *)log, strlen(log)), 85);
		reading_of(&r, &reader_unbound, log);
		assert_int_equal(r.contact_count, 1);
		assert_int_equal(r.contacts[0].time_ns, INT64_C(1405360802) * NS_PER_S);
		assert_int_equal(r.contacts[0].digits, 0);
		assert_int_equal(r.contacts[0].seen, SEEN_QUERY);
		assert_int_equal(r.contacts[0].type, 1);
		assert_string_equal(reading_text(&r.contacts[0].target), "mail.example.com");
		assert_string_equal(reading_text(&r.contacts[0].peer), "192.0.2.7");
	}
	reading_hints = (struct hints){ .year = 0 };
}

static void a_reply_has_an_outcome_and_the_time_of_its_query(void **state)
{
	(void)state;
	reading_of(&r, &reader_unbound,
	    "[1405360802] unbound[1:0] info: 2001:db8::7 x.example. TYPE65 IN NXDOMAIN 0.400000 0 "
	    "90\n"
	    "[1405360802] unbound[1:0] reply: 192.0.2.7 x.example. A IN NOERROR 2.600000 0 90\n"
	    "2014-07-14T18:00:02.500Z unbound[1:0] reply: 192.0.2.7 . NS IN SERVFAIL 0.123456 1 "
	    "90\n");
	assert_int_equal(r.contact_count, 3);
	assert_int_equal(r.vantage, VANTAGE_RECURSIVE);
	assert_int_equal(r.contacts[0].seen, SEEN_BOTH);
	assert_int_equal(r.contacts[0].outcome, 3);
	assert_int_equal(r.contacts[0].type, 65);
	assert_int_equal(r.contacts[0].time_ns, INT64_C(1405360802) * NS_PER_S);
	assert_int_equal(r.contacts[1].outcome, 0);
	assert_int_equal(r.contacts[1].time_ns, INT64_C(1405360799) * NS_PER_S);
	assert_int_equal(r.contacts[2].outcome, 2);
	assert_int_equal(r.contacts[2].time_ns, INT64_C(1405360802377) * 1000000);
	assert_int_equal(r.contacts[2].digits, 3);
}

static void a_log_of_both_counts_each_query_once(void **state)
{
	(void)state;
	reading_of(&r, &reader_unbound,
	    "[1405360802] unbound[1:0] query: 192.0.2.7 x.example. A IN\n"
	    "[1405360802] unbound[1:0] reply: 192.0.2.7 x.example. A IN NOERROR 0.400000 0 90\n"
	    "[1405360803] unbound[1:0] query: 192.0.2.7 y.example. A IN\n");
	assert_int_equal(r.contact_count, 2);
	assert_int_equal(reading_skipped(&r, "reply to a query of the log"), 1);
}

static void counts_what_is_no_query_by_reason(void **state)
{
	(void)state;
	reading_of(&r, &reader_unbound,
	    "[1405360805] unbound[1:0] info: server stats for thread 0: 3 queries, 2 answers\n"
	    "[1405360805] unbound[1:0] info: resolving x.example. A IN\n"
	    "[1405360805] unbound[1:0] notice: sendto failed: Can't assign requested address\n"
	    "[1405360805] unbound[1:0] info: 192.0.2.300 x. A IN\n"
	    "[1405360805] unbound[1:0] info: 192.0.2.7 x. A IN NOCODE 0.0 0 1\n"
	    "[14053608o5] unbound[1:0] info: 192.0.2.7 x. A IN\n[]\n");
	assert_int_equal(r.contact_count, 0);
	assert_int_equal(reading_skipped(&r, "line of another kind"), 3);
	assert_int_equal(reading_skipped(&r, "bad address"), 1);
	assert_int_equal(reading_skipped(&r, "bad response code"), 1);
	assert_int_equal(reading_skipped(&r, "line without a date"), 2);
}

static void every_truncation_and_growth_from_it(void **state)
{
	(void)state;
	reading_truncations(&reader_unbound,
	    "[1405360802] unbound[1:0] reply: 192.0.2.17 a.example. A IN NOERROR 1.250000 0 90\n"
	    "[1405360803] unbound[1:0] reply: 2001:db8::71 b.example. AAAA IN NXDOMAIN 0.1 0 90\n",
	    2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_queries_in_each_form_of_date),
		cmocka_unit_test(a_reply_has_an_outcome_and_the_time_of_its_query),
		cmocka_unit_test(a_log_of_both_counts_each_query_once),
		cmocka_unit_test(counts_what_is_no_query_by_reason),
		cmocka_unit_test(every_truncation_and_growth_from_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
