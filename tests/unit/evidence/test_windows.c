/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "reading.h"

static struct reading r;

#define PACKET " 0C28 PACKET  00000000022B2D30 UDP "
#define ASKED  " Q [0001   D   NOERROR] A      (3)WWW(7)example(3)com(0)\n"
#define TOLD   " R Q [8381   DR NXDOMAIN] A      (3)www(7)example(3)com(0)\n"
#define AT     "7/22/2014 12:59:19 PM"

static void pairs_the_client_s_messages(void **state)
{
	(void)state;
	reading_of(&r, &reader_windows,
	    "DNS Server log file creation at 7/22/2014 12:59:00 PM\n\n" AT PACKET
	    "Rcv 192.0.2.7       8a3f  " ASKED AT PACKET "Snd 192.0.2.7       8a3f" TOLD);
	assert_int_equal(r.contact_count, 1);
	assert_int_equal(r.contacts[0].time_ns, INT64_C(1406033959) * NS_PER_S);
	assert_int_equal(r.contacts[0].digits, 0);
	assert_int_equal(r.contacts[0].seen, SEEN_BOTH);
	assert_int_equal(r.contacts[0].outcome, 3);
	assert_int_equal(r.contacts[0].type, 1);
	assert_string_equal(reading_text(&r.contacts[0].peer), "192.0.2.7");
	assert_string_equal(reading_text(&r.contacts[0].target), "www.example.com");
	assert_int_equal(r.vantage, VANTAGE_RECURSIVE);
	assert_int_equal(r.health.assumed[ASSUMED_ZONE], 2);
	assert_int_equal(r.health.assumed[ASSUMED_DAY_ORDER], 0);
	assert_int_equal(reading_skipped(&r, "line without a date"), 1);
}

/* With the same ID, and at the same time: what the server asks is no part of what it was asked. */
static void keeps_the_server_s_own_questions_apart(void **state)
{
	(void)state;
	reading_of(&r, &reader_windows,
	    AT PACKET "Rcv 192.0.2.7 0001" ASKED AT PACKET "Snd 198.51.100.1 0001" ASKED AT PACKET
		      "Rcv 198.51.100.1 0001" TOLD);
	assert_int_equal(r.contact_count, 2);
	assert_int_equal(r.contacts[0].peer.form, ENDPOINT_NONE);
	assert_int_equal(r.contacts[0].seen, SEEN_BOTH);
	assert_string_equal(reading_text(&r.contacts[1].peer), "192.0.2.7");
	assert_int_equal(r.contacts[1].seen, SEEN_QUERY);
	assert_int_equal(r.vantage, VANTAGE_MIXED);
}

/* The same moment, as several locales write it; the last two do not tell day from month. */
static void reads_the_dates_of_many_locales(void **state)
{
	static const char *const dates[] = { "3/22/2014 1:02:03 AM", "22/03/2014 01:02:03",
		"22.03.2014 1:02:03", "2014-03-22 01:02:03", "22-3-14 01:02:03",
		"22/3/2014 1:02:03 AM", "3/22/2014 01:02:03" };
	static const char *const unclear[] = { "2/3/2014 1:02:03 AM", "03/02/2014 01:02:03" };
	char line[256];

	(void)state;
	for (size_t i = 0; i < 7; i++) {
		(void)snprintf(line, sizeof(line), "%s" PACKET "Rcv 192.0.2.7 1" ASKED, dates[i]);
		reading_of(&r, &reader_windows, line);
		assert_int_equal(r.contact_count, 1);
		assert_int_equal(r.contacts[0].time_ns, INT64_C(1395450123) * NS_PER_S);
		assert_int_equal(r.health.assumed[ASSUMED_DAY_ORDER], 0);
	}
	for (size_t i = 0; i < 2; i++) {
		(void)snprintf(line, sizeof(line), "%s" PACKET "Rcv 192.0.2.7 1" ASKED, unclear[i]);
		reading_of(&r, &reader_windows, line);
		/* 3 February */
		assert_int_equal(r.contacts[0].time_ns, INT64_C(1391389323) * NS_PER_S);
		assert_int_equal(r.health.assumed[ASSUMED_DAY_ORDER], 1);
	}
}

static void counts_bad_rows_by_reason(void **state)
{
	(void)state;
	reading_of(&r, &reader_windows,
	    AT " 0C28 EVENT   The DNS server has started.\n" AT PACKET
	       "Rcv 192.0.2 1" ASKED AT PACKET "Rcv 192.0.2.7 xyz" ASKED AT PACKET
	       "Rcv 192.0.2.7 1 N [0001 D NOERROR] SOA (1)x(0)\n" AT PACKET
	       "Rcv 192.0.2.7 1 Q [0001 D WHAT] A (1)x(0)\n" AT PACKET
	       "Rcv 192.0.2.7 1 Q [0001 D NOERROR] A (9)x(0)\n" AT PACKET
	       "Rcv 192.0.2.7 1 Q [0001 D NOERROR] A (1)x\n"
	       "13/13/2014 1:02:03" PACKET "Rcv 192.0.2.7 1" ASKED);
	assert_int_equal(r.contact_count, 0);
	assert_int_equal(reading_skipped(&r, "line of another kind"), 1);
	assert_int_equal(reading_skipped(&r, "bad address"), 1);
	assert_int_equal(reading_skipped(&r, "bad transaction ID"), 1);
	assert_int_equal(reading_skipped(&r, "opcode is not query"), 1);
	assert_int_equal(reading_skipped(&r, "bad response code"), 1);
	assert_int_equal(reading_skipped(&r, "bad query name"), 2);
	assert_int_equal(reading_skipped(&r, "line without a date"), 1);
}

static void loses_nothing_at_any_cut(void **state)
{
	static const char log[] =
	    AT PACKET "Rcv 192.0.2.7 8a3f" ASKED AT PACKET "Rcv 2001:db8::7 8a40" ASKED;

	(void)state;
	assert_int_equal(reader_windows.probe((const uint8_t *)log, sizeof(log) - 1), 85);
	reading_truncations(&reader_windows, log, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pairs_the_client_s_messages),
		cmocka_unit_test(keeps_the_server_s_own_questions_apart),
		cmocka_unit_test(reads_the_dates_of_many_locales),
		cmocka_unit_test(counts_bad_rows_by_reason),
		cmocka_unit_test(loses_nothing_at_any_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
