/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "evidence/table.h"
#include "reading.h"

static struct reading r;
static struct table_map map;

static void maps(const char *text)
{
	struct err err;

	assert_true(table_map_read(&map, text, strlen(text), &err));
	reading_hints = (struct hints){ .map = &map };
}

static void reads_columns_by_name_whatever_the_separator(void **state)
{
	static const char *const logs[] = {
		"ts,client,query,qtype,rcode,ttl\n"
		"1700000000.5,192.0.2.7,WWW.example.com,AAAA,NOERROR,60\n",
		"\xef\xbb\xbfts\tx\tclient\tquery\trcode\tqtype\tttl\n"
		"1700000000.5\t\t192.0.2.7\twww.example.com.\t0\t28\t60\n",
		"# made by hand\nts;client;query;qtype;rcode;ttl\n"
		"\"1700000000.5\" ; 192.0.2.7; \"www.example.com\" ;TYPE28;NoError;60\n",
	};

	(void)state;
	maps("time=ts, peer=client, target=query,type=qtype,outcome=rcode,ttl=ttl");
	for (size_t i = 0; i < 3; i++) {
		assert_true(table_fits(&map, (const uint8_t *)logs[i], strlen(logs[i])));
		reading_of(&r, &reader_table, logs[i]);
		assert_int_equal(r.contact_count, 1);
		assert_int_equal(health_total(&r.health), 0);
		assert_int_equal(r.contacts[0].time_ns, INT64_C(1700000000500000000));
		assert_int_equal(r.contacts[0].digits, 1);
		assert_int_equal(r.contacts[0].kind, KIND_DNS);
		assert_int_equal(r.contacts[0].type, 28);
		assert_int_equal(r.contacts[0].outcome, 0);
		assert_int_equal(r.contacts[0].seen, SEEN_BOTH);
		assert_int_equal(r.contacts[0].ttl, 60);
		assert_string_equal(reading_text(&r.contacts[0].peer), "192.0.2.7");
		assert_string_equal(reading_text(&r.contacts[0].target), "www.example.com");
	}
}

static void reads_columns_by_number_and_addresses_as_targets(void **state)
{
	static const char log[] = "2023-11-14T22:13:20Z,192.0.2.7,198.51.100.1\n"
				  "2023-11-14 22:13:21,192.0.2.7,a.example\n";

	(void)state;
	maps("time=1\n# who\npeer=2\ntarget=3\n");
	assert_true(table_map_is_numbered(&map));
	assert_false(table_fits(&map, (const uint8_t *)log, sizeof(log) - 1));
	reading_of(&r, &reader_table, log);
	assert_int_equal(r.contact_count, 2);
	assert_int_equal(r.contacts[0].time_ns, INT64_C(1700000000000000000));
	assert_int_equal(r.contacts[0].kind, KIND_CONN);
	assert_int_equal(r.contacts[1].kind, KIND_DNS);
	assert_int_equal(r.contacts[1].seen, SEEN_QUERY);
	assert_int_equal(r.contacts[1].outcome, OUTCOME_NONE);
	assert_int_equal(r.health.assumed[ASSUMED_ZONE], 1);
}

static void reads_finer_units_by_their_size(void **state)
{
	(void)state;
	maps("time=t,target=q");
	reading_of(&r, &reader_table,
	    "t,q\n1700000000123,a\n1700000000123456,a\n1700000000123456789,a\n170000000012,a\n");
	assert_int_equal(r.contact_count, 3);
	assert_int_equal(r.contacts[0].time_ns, INT64_C(1700000000123000000));
	assert_int_equal(r.contacts[0].digits, 3);
	assert_int_equal(r.contacts[1].time_ns, INT64_C(1700000000123456000));
	assert_int_equal(r.contacts[2].time_ns, INT64_C(1700000000123456789));
	assert_int_equal(reading_skipped(&r, "bad time"), 1);
}

static void counts_bad_rows_by_reason(void **state)
{
	(void)state;
	maps("time=t,peer=p,target=q,type=y,outcome=o");
	reading_of(&r, &reader_table,
	    "t,p,q,y,o\nx,192.0.2.7,a,A,-\n1,192.0.2.7,a..b,A,\n1,192.0.2.7,a,,x\n"
	    "1,192.0.2.7,a,!,\n1,..,a,A,\n1,192.0.2.7\n\"1,\n1,192.0.2.7,\"a\"\"b\",A,\n");
	assert_int_equal(r.contact_count, 0);
	assert_int_equal(reading_skipped(&r, "bad time"), 1);
	assert_int_equal(reading_skipped(&r, "bad query name"), 2);
	assert_int_equal(reading_skipped(&r, "bad query type"), 1);
	assert_int_equal(reading_skipped(&r, "bad response code"), 1);
	assert_int_equal(reading_skipped(&r, "bad address"), 1);
	assert_int_equal(reading_skipped(&r, "line is cut"), 1);
	assert_int_equal(reading_skipped(&r, "open quote"), 1);
	reading_of(&r, &reader_table, "t,p,q\n1,192.0.2.7,a\n");
	assert_int_equal(reading_skipped(&r, "column of the map is not in the table"), 1);
}

static void refuses_maps_that_say_nothing(void **state)
{
	static const char *const texts[] = { "", "time=1", "when=ts,target=q", "time=,target=q",
		"time,target=q" };
	struct err err;

	(void)state;
	for (size_t i = 0; i < 5; i++)
		assert_false(table_map_read(&map, texts[i], strlen(texts[i]), &err));
	maps("time=0,target=999999999999999999999");
	reading_of(&r, &reader_table, "1,a\n");
	assert_int_equal(reading_skipped(&r, "column of the map is not in the table"), 1);
}

static void loses_nothing_at_any_cut(void **state)
{
	(void)state;
	maps("time=t,peer=p,target=q");
	reading_truncations(
	    &reader_table, "t,p,q\n100,192.0.2.7,a.example\n101,192.0.2.7,b.example\n", 2);
	maps("time=1,peer=2,target=3");
	reading_truncations(&reader_table, "100,192.0.2.7,a.example\n101,192.0.2.7,b.example\n", 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_columns_by_name_whatever_the_separator),
		cmocka_unit_test(reads_columns_by_number_and_addresses_as_targets),
		cmocka_unit_test(reads_finer_units_by_their_size),
		cmocka_unit_test(counts_bad_rows_by_reason),
		cmocka_unit_test(refuses_maps_that_say_nothing),
		cmocka_unit_test(loses_nothing_at_any_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
