/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of smtp.log in both notations, and EVE's events of SMTP. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "reading.h"

static struct reading r;

static const char tsv[] =
    "#separator \\x09\n"
    "#path\tsmtp\n"
    "#fields\tts\tid.orig_h\tid.resp_h\thelo\tmailfrom\tdate\tmsg_id\tlast_reply\n"
    "1500000000.5\t192.0.2.7\t198.51.100.25\tmail.example.org\twho@example.org\t"
    "14 Jul 2017 04:39:58 +0200\t<1@mail.example.org>\t250 ok\n"
    "1500003600.5\t198.51.100.25\t192.0.2.7\tmx.example.net\t-\t-\t-\t-\n";

static const char json[] =
    "{\"ts\":1500000000.5,\"id.orig_h\":\"192.0.2.7\",\"id.resp_h\":\"198.51.100.25\",\"helo\":"
    "\"mail.example.org\",\"mailfrom\":\"who@example.org\",\"date\":"
    "\"14 Jul 2017 04:39:58 +0200\",\"msg_id\":\"<1@mail.example.org>\",\"last_reply\":\"250 "
    "ok\"}\n"
    "{\"ts\":1500003600.5,\"id.orig_h\":\"198.51.100.25\",\"id.resp_h\":\"192.0.2.7\",\"helo\":"
    "\"mx.example.net\"}\n";

static const char eve[] =
    "{\"timestamp\":\"2017-07-14T02:40:00.500000+0000\",\"event_type\":\"smtp\",\"src_ip\":"
    "\"192.0.2.7\",\"src_port\":4000,\"dest_ip\":\"198.51.100.25\",\"dest_port\":25,\"smtp\":"
    "{\"helo\":\"mail.example.org\",\"mail_from\":\"<who@example.org>\"},\"email\":{\"date\":"
    "\"14 Jul 2017 04:39:58 \\u002b0200\",\"message_id\":\"<1@mail.example.org>\"}}\n"
    "{\"timestamp\":\"2017-07-14T03:40:00.500000+0000\",\"event_type\":\"smtp\",\"src_ip\":"
    "\"192.0.2.7\",\"src_port\":25,\"dest_ip\":\"198.51.100.25\",\"dest_port\":4000,\"smtp\":"
    "{\"helo\":\"mx.example.net\"}}\n";

static void check_both(const char *log, const struct reader_format *format, uint16_t outcome)
{
	assert_true(format->probe((const uint8_t *)log, strlen(log)) >= 80);
	reading_of(&r, format, log);
	assert_int_equal(r.contact_count, 2);
	assert_int_equal(r.contacts[0].kind, KIND_SMTP);
	assert_int_equal(r.contacts[0].outcome, outcome);
	assert_int_equal(r.contacts[0].time_ns, INT64_C(1500000000500) * 1000000);
	assert_string_equal(reading_text(&r.contacts[0].target), "198.51.100.25");
	assert_string_equal(reading_text(&r.contacts[0].peer), "192.0.2.7");
	assert_string_equal(reading_text(&r.contacts[1].target), "192.0.2.7");
	assert_int_equal(r.contacts[1].seen, SEEN_QUERY);
	assert_int_equal(r.fact_count, 4);
	assert_int_equal(r.facts[0].type, FACT_HELO);
	assert_int_equal(r.facts[1].type, FACT_MESSAGE_ID);
	assert_int_equal(r.facts[2].type, FACT_DATE);
	assert_int_equal(r.facts[2].extra, FACT_EAST_0 + 120);
	assert_string_equal(reading_text(&r.facts[3].owner), "mx.example.net");
}

static void reads_the_same_from_each_notation(void **state)
{
	(void)state;
	check_both(tsv, &reader_zeek_tsv, 250);
	check_both(json, &reader_zeek_json, 250);
	check_both(eve, &reader_eve, OUTCOME_NONE);
}

static void counts_rows_of_no_use(void **state)
{
	(void)state;
	reading_of(&r, &reader_zeek_json,
	    "{\"_path\":\"smtp\",\"ts\":1,\"id.orig_h\":\"192.0.2.7\",\"helo\":\"a.example\"}\n"
	    "{\"ts\":1,\"id.orig_h\":\"192.0.2.7\",\"id.resp_h\":\"192.0.2.7\"}\n");
	assert_int_equal(r.contact_count, 0);
	assert_int_equal(reading_skipped(&r, "bad address"), 1);
	assert_int_equal(reading_skipped(&r, "row of another log"), 1);
	reading_of(&r, &reader_eve,
	    "{\"timestamp\":\"2017-07-14T02:40:00.5+0000\",\"event_type\":\"smtp\",\"src_ip\":"
	    "\"192.0.2.7\",\"dest_ip\":\"192.0.2.8\",\"smtp\":[]}\n");
	assert_int_equal(r.contact_count, 0);
	assert_int_equal(reading_skipped(&r, "no smtp in EVE event"), 1);
}

static void every_truncation_and_growth_from_it(void **state)
{
	(void)state;
	reading_truncations(&reader_zeek_json, json, 2);
	reading_truncations(&reader_eve, eve, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_same_from_each_notation),
		cmocka_unit_test(counts_rows_of_no_use),
		cmocka_unit_test(every_truncation_and_growth_from_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
