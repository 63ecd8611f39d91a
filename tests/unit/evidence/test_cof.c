/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "reading.h"

static struct reading r;

#define ROW(type, data)                                                                            \
	"{\"count\":7,\"time_first\":100,\"rrtype\":" type ",\"rrname\":\"WWW.example.com.\","     \
	"\"rdata\":" data ",\"time_last\":200}\n"

static void reads_a_record_as_a_fact_and_no_contact(void **state)
{
	(void)state;
	reading_of(&r, &reader_cof, ROW("\"A\"", "\"192.0.2.1\""));
	assert_int_equal(r.contact_count, 0);
	assert_int_equal(r.fact_count, 1);
	assert_int_equal(r.vantage, VANTAGE_PASSIVE);
	assert_string_equal(reading_text(&r.facts[0].owner), "www.example.com");
	assert_string_equal(reading_text(&r.facts[0].data), "192.0.2.1");
	assert_int_equal(r.facts[0].type, 1);
	assert_int_equal(r.facts[0].count, 7);
	assert_int_equal(r.facts[0].first_ns, 100 * NS_PER_S);
	assert_int_equal(r.facts[0].last_ns, 200 * NS_PER_S);
	assert_int_equal(r.facts[0].ttl, TTL_NONE);
}

static void reads_arrays_numbers_and_every_kind_of_data(void **state)
{
	(void)state;
	reading_of(&r, &reader_cof,
	    ROW("2", "[\"ns1.example.net.\",\"ns2.example.net\"]")
		ROW("\"MX\"", "\"10 mail.example.net.\"")
		    ROW("\"SOA\"", "\"ns1.example.net. root.example.net. 1 2 3 4 60\"")
			ROW("\"SRV\"", "\"1 2 5060 sip.example.net.\"") ROW("\"AAAA\"",
			    "[\"2001:db8::1\"]") ROW("\"SOA\"", "\"ns1.example.net 61\""));
	assert_int_equal(r.fact_count, 7);
	assert_int_equal(r.facts[6].extra, 61);
	assert_int_equal(health_total(&r.health), 0);
	assert_string_equal(reading_text(&r.facts[1].data), "ns2.example.net");
	assert_int_equal(r.facts[2].extra, 10);
	assert_string_equal(reading_text(&r.facts[3].data), "ns1.example.net");
	assert_int_equal(r.facts[3].extra, 60);
	assert_int_equal(r.facts[4].extra, 1 << 16 | 2);
	assert_int_equal(r.facts[4].port, 5060);
	assert_string_equal(reading_text(&r.facts[5].data), "2001:db8::1");
}

static void takes_times_of_the_zone_and_objects_of_streams(void **state)
{
	(void)state;
	reading_of(&r, &reader_cof,
	    "{\"zone_time_first\":1,\"zone_time_last\":2,\"rrname\":\"x.\",\"rrtype\":\"NS\","
	    "\"rdata\":[\"y.\"]}\n"
	    "{\"obj\":{\"time_first\":3,\"time_last\":4,\"rrname\":\"x.\",\"rrtype\":\"NS\","
	    "\"rdata\":\"z.\",\"count\":99999999999}}\n");
	assert_int_equal(r.fact_count, 2);
	assert_int_equal(r.facts[0].first_ns, NS_PER_S);
	assert_int_equal(r.facts[0].count, 1);
	assert_int_equal(r.facts[1].last_ns, 4 * NS_PER_S);
	assert_int_equal(r.facts[1].count, UINT32_MAX);
}

static void counts_bad_rows_by_reason(void **state)
{
	(void)state;
	reading_of(&r, &reader_cof,
	    ROW("\"TXT\"", "\"v=spf1\"") ROW("\"A\"", "\"2001:db8::1\"") ROW("\"\"", "\"x\"") ROW(
		"\"MX\"", "\"1 2 3\"") "{\"time_first\":5,\"time_last\":4,\"rrname\":\"x\","
				       "\"rrtype\":\"NS\",\"rdata\":\"y\"}\n"
				       "{\"rrname\":\"x\",\"rrtype\":\"NS\",\"rdata\":\"y\"}\n"
				       "{\"rrname\":\"x..y\",\"rrtype\":\"NS\",\"rdata\":\"y\"}\n"
				       "{\"cond\":\"begin\"}\n[]\n");
	assert_int_equal(r.fact_count, 0);
	assert_int_equal(reading_skipped(&r, "record of a type that is not kept"), 3);
	assert_int_equal(reading_skipped(&r, "bad record type"), 1);
	assert_int_equal(reading_skipped(&r, "bad time"), 2);
	assert_int_equal(reading_skipped(&r, "bad record name"), 1);
	assert_int_equal(reading_skipped(&r, "no COF record"), 1);
	assert_int_equal(reading_skipped(&r, "not a JSON object"), 1);
}

static void loses_nothing_at_any_cut(void **state)
{
	static const char log[] = ROW("\"A\"", "\"192.0.2.1\"") ROW("\"NS\"", "[\"a.\",\"b.\"]");

	(void)state;
	assert_int_equal(reader_cof.probe((const uint8_t *)log, sizeof(log) - 1), 88);
	reading_truncations(&reader_cof, log, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_record_as_a_fact_and_no_contact),
		cmocka_unit_test(reads_arrays_numbers_and_every_kind_of_data),
		cmocka_unit_test(takes_times_of_the_zone_and_objects_of_streams),
		cmocka_unit_test(counts_bad_rows_by_reason),
		cmocka_unit_test(loses_nothing_at_any_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
