/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "reading.h"

#define FLOW "\"id.orig_h\":\"192.0.2.7\",\"id.resp_p\":53,\"trans_id\":9,\"RD\":true"

static struct reading r;

static void maps_the_keys_of_an_answered_query(void **state)
{
	(void)state;
	reading_of(&r, &reader_zeek_json,
	    "{\"ts\":1588205198.89971,\"uid\":\"C1\"," FLOW
	    ",\"rtt\":0.1,\"query\":\"A.Test\",\"qtype\":1,"
	    "\"rcode\":0,\"answers\":[\"b.test\",\"192.0.2.1\"],\"TTLs\":[3599.5,1200.0],\"extra\":"
	    "{\"a\":[]}}\n");
	assert_int_equal(r.contact_count, 1);
	assert_int_equal(r.contacts[0].time_ns, INT64_C(1588205198899710000));
	assert_int_equal(r.contacts[0].digits, 6);
	assert_int_equal(r.contacts[0].kind, KIND_DNS);
	assert_int_equal(r.contacts[0].seen, SEEN_BOTH);
	assert_int_equal(r.contacts[0].type, 1);
	assert_int_equal(r.contacts[0].outcome, 0);
	assert_int_equal(r.contacts[0].ttl, 3600);
	assert_string_equal(reading_text(&r.contacts[0].target), "a.test");
	assert_string_equal(reading_text(&r.contacts[0].peer), "192.0.2.7");
	assert_int_equal(r.fact_count, 2);
	assert_string_equal(reading_text(&r.facts[1].owner), "b.test");
	assert_string_equal(reading_text(&r.facts[1].data), "192.0.2.1");
}

static void reads_the_keys_of_shippers(void **state)
{
	(void)state;
	reading_of(&r, &reader_zeek_json,
	    "{\"@stream\":\"dns\",\"ts\":1.5,\"id_orig_h\":\"2001:db8::1\",\"id_resp_p\":5353,"
	    "\"query\":\"x.local\",\"qtype_name\":\"PTR\",\"rcode\":null}\n"
	    "{\"@stream\":\"http\",\"ts\":1.5," FLOW ",\"query\":\"x\",\"qtype\":1}\n");
	assert_int_equal(r.contact_count, 1);
	assert_int_equal(r.contacts[0].kind, KIND_MDNS);
	assert_int_equal(r.contacts[0].type, 12);
	assert_int_equal(r.contacts[0].seen, SEEN_QUERY);
	assert_int_equal(reading_skipped(&r, "row of another log"), 1);
}

static void reads_time_with_the_precision_of_its_clock(void **state)
{
	static const struct {
		const char *text;
		int64_t ns;
		uint8_t digits;
	} cases[] = {
		{ "1588205198.89971", INT64_C(1588205198899710000), 6 },
		{ "1588205198.0", INT64_C(1588205198000000000), 6 },
		{ "1588205198", INT64_C(1588205198000000000), 0 },
		{ "1588205198.8997101", INT64_C(1588205198899710100), 7 },
		{ "1588205198.89971012345", INT64_C(1588205198899710123), 9 },
		{ "\"1588205198.5\"", INT64_C(1588205198500000000), 6 },
		{ "1588205198899", INT64_C(1588205198899000000), 3 }, /* JSON::TS_MILLIS */
		{ "\"2018-03-24T17:15:20.865710Z\"", INT64_C(1521911720865710000), 6 },
		{ "\"2018-03-24T17:15:20Z\"", INT64_C(1521911720000000000), 0 },
		{ "29.557741", INT64_C(29557741000), 6 },
	};
	char line[512];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		(void)snprintf(line, sizeof(line),
		    "{\"ts\":%s," FLOW ",\"query\":\"a\",\"qtype\":1}\n", cases[i].text);
		reading_of(&r, &reader_zeek_json, line);
		assert_int_equal(r.contact_count, 1);
		assert_int_equal(r.contacts[0].time_ns, cases[i].ns);
		assert_int_equal(r.contacts[0].digits, cases[i].digits);
	}
}

static void decodes_names(void **state)
{
	(void)state;
	/* \xHH stands for a byte, a backslash before anything else for itself; UTF-8; the root */
	reading_of(&r, &reader_zeek_json,
	    "{\"ts\":1.0," FLOW ",\"query\":\"\\\\xc3\\\\xa9.test\",\"qtype\":1}\n"
	    "{\"ts\":1.0," FLOW ",\"query\":\"a\\\\b\\\\xzz.test\",\"qtype\":1}\n"
	    "{\"ts\":1.0," FLOW ",\"query\":\"\\u00e9.test\",\"qtype\":1}\n"
	    "{\"ts\":1.0," FLOW ",\"query\":\"\",\"qtype\":2}\n");
	assert_int_equal(r.contact_count, 4);
	assert_string_equal(reading_text(&r.contacts[0].target), "\\195\\169.test");
	assert_string_equal(reading_text(&r.contacts[1].target), "a\\092b\\092xzz.test");
	assert_string_equal(reading_text(&r.contacts[2].target), "\\195\\169.test");
	assert_string_equal(reading_text(&r.contacts[3].target), ".");
}

static void counts_bad_rows_by_reason(void **state)
{
	static const char *const reasons[] = { "not a JSON object", "cut JSON", "bad time",
		"bad address", "no query name", "bad query name", "netbios name service",
		"opcode is not query" };

	(void)state;
	reading_of(&r, &reader_zeek_json,
	    "#separator \\x09\n"
	    "{\"ts\":1.0,\n"
	    "{\"ts\":true," FLOW ",\"query\":\"a\"}\n"
	    "{\"ts\":1.0,\"id.orig_h\":7,\"trans_id\":9,\"query\":\"a\"}\n"
	    "{\"ts\":1.0," FLOW "}\n"
	    "{\"ts\":1.0," FLOW ",\"query\":\"..\"}\n"
	    "{\"ts\":1.0," FLOW ",\"id.resp_p\":137,\"query\":\"A\"}\n"
	    "{\"ts\":1.0," FLOW ",\"opcode\":5,\"query\":\"a\"}\n"
	    "\n"
	    "{\"ts\":9.0," FLOW ",\"query\":\"good\"}\n");
	for (size_t i = 0; i < COUNT_OF(reasons); i++)
		assert_int_equal(reading_skipped(&r, reasons[i]), 1);
	assert_int_equal(health_total(&r.health), COUNT_OF(reasons));
	assert_int_equal(r.contact_count, 1);
	assert_string_equal(reading_text(&r.contacts[0].target), "good");
}

static void a_name_longer_than_any_is_refused(void **state)
{
	char line[8192];
	char name[4096] = "";

	(void)state;
	for (size_t i = 0; i < 900; i++)
		strcat(name, "\\\\a.");
	(void)snprintf(line, sizeof(line), "{\"ts\":1.0," FLOW ",\"query\":\"%s\"}\n", name);
	reading_of(&r, &reader_zeek_json, line);
	assert_int_equal(reading_skipped(&r, "bad query name"), 1);
}

static void a_line_beyond_the_limit_is_skipped(void **state)
{
	static const char good[] = "{\"ts\":2.0," FLOW ",\"query\":\"good\"}\n";
	size_t len = LIMIT_LOG_LINE_BYTES + 100;
	char *log = malloc(len + sizeof(good));

	(void)state;
	memset(log, 'x', len);
	log[len - 1] = '\n';
	memcpy(log + len, good, sizeof(good));
	reading_of(&r, &reader_zeek_json, log);
	assert_int_equal(reading_skipped(&r, "line too long"), 1);
	assert_int_equal(r.contact_count, 1);
	free(log);
}

static int probe(const char *head)
{
	return reader_zeek_json.probe((const uint8_t *)head, strlen(head));
}

static void takes_only_dns_logs(void **state)
{
	static const char dns[] = "{\"ts\":1.0," FLOW "}\n";
	static const char http[] = "{\"ts\":1.0,\"id.orig_h\":\"192.0.2.7\",\"trans_depth\":1,"
				   "\"method\":\"GET\",\"uri\":\"/\"}\n";
	char mixed[1024];

	(void)state;
	assert_int_equal(probe(dns), 90);
	assert_int_equal(probe("{\"_path\":\"dns\",\"ts\":1}"), 90);
	assert_int_equal(probe("{\"_path\":\"http\",\"ts\":1," FLOW "}"), 0);
	assert_int_equal(probe(http), 0);
	assert_int_equal(
	    probe("{\"ts\":1.0,\"id.orig_h\":\"192.0.2.7\",\"trans_id\":1,\"msg_types\":[]}"), 0);
	assert_int_equal(
	    probe("{\"timestamp\":\"x\",\"event_type\":\"dns\",\"dns\":{\"query\":[]}}"), 0);
	assert_int_equal(probe("[]"), 0);
	assert_int_equal(probe(""), 0);
	(void)snprintf(mixed, sizeof(mixed), "%s%s", http, dns);
	assert_int_equal(probe(mixed), 40);
	/* cut within the first line */
	assert_int_equal(reader_zeek_json.probe((const uint8_t *)dns, sizeof(dns) - 4), 0);
}

static void every_truncation_and_growth_from_it(void **state)
{
	static const char log[] = "{\"ts\":1.0," FLOW ",\"query\":\"a\"}\n{\"ts\":2.0," FLOW
				  ",\"query\":\"b\"}\n\n{\"ts\":3.0," FLOW ",\"query\":\"c\"}\n";
	static struct reading rest;

	(void)state;
	for (size_t len = 0; len < sizeof(log); len++) {
		reading_from(&r, &reader_zeek_json, log, len, 0);
		assert_true(r.consumed <= len);
		reading_from(&rest, &reader_zeek_json, log, sizeof(log) - 1, r.consumed);
		assert_int_equal(r.contact_count + rest.contact_count, 3);
		for (size_t i = 0; i < 3; i++)
			assert_int_equal(i < r.contact_count
					     ? r.contacts[i].time_ns
					     : rest.contacts[i - r.contact_count].time_ns,
			    (int64_t)(i + 1) * NS_PER_S);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(maps_the_keys_of_an_answered_query),
		cmocka_unit_test(reads_the_keys_of_shippers),
		cmocka_unit_test(reads_time_with_the_precision_of_its_clock),
		cmocka_unit_test(decodes_names),
		cmocka_unit_test(counts_bad_rows_by_reason),
		cmocka_unit_test(a_name_longer_than_any_is_refused),
		cmocka_unit_test(a_line_beyond_the_limit_is_skipped),
		cmocka_unit_test(takes_only_dns_logs),
		cmocka_unit_test(every_truncation_and_growth_from_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
