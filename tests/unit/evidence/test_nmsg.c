/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "reading.h"

static struct reading r;

/* "a." A IN with the ID 7, and its response, NXDOMAIN, in base64 */
#define QUERY    "\"query\":\"AAcBAAABAAAAAAAAAWEAAAEAAQ==\""
#define RESPONSE "\"response\":\"AAeBgwABAAAAAAAAAWEAAAEAAQ==\""

#define ENDS                                                                                       \
	"\"query_ip\":\"192.0.2.7\",\"response_ip\":\"192.0.2.53\",\"proto\":\"UDP\","             \
	"\"query_port\":99,\"response_port\":53,"
#define ASKED(second) "\"query_time_sec\":[" second "],\"query_time_nsec\":[5],"
#define TOLD(second)  "\"response_time_sec\":[" second "],\"response_time_nsec\":[6],"
#define ROW(message)                                                                               \
	"{\"time\":\"2023-07-13 17:41:09.408162000\",\"vname\":\"base\",\"mname\":\"dnsqr\","      \
	"\"message\":{" message "}}\n"

static void reads_query_and_response_of_a_row(void **state)
{
	(void)state;
	reading_of(&r, &reader_nmsg, ROW(ENDS ASKED("100") TOLD("120") QUERY "," RESPONSE));
	assert_int_equal(r.contact_count, 1);
	assert_int_equal(health_total(&r.health), 0);
	assert_int_equal(r.contacts[0].time_ns, 100 * NS_PER_S + 5);
	assert_int_equal(r.contacts[0].digits, 9);
	/* they belong together, although the response took twenty seconds */
	assert_int_equal(r.contacts[0].seen, SEEN_BOTH);
	assert_int_equal(r.contacts[0].outcome, 3);
	assert_string_equal(reading_text(&r.contacts[0].peer), "192.0.2.7");
	assert_string_equal(reading_text(&r.contacts[0].target), "a");
}

static void reads_either_alone(void **state)
{
	(void)state;
	reading_of(&r, &reader_nmsg, ROW(ENDS ASKED("100") QUERY) ROW(ENDS TOLD("200") RESPONSE));
	assert_int_equal(r.contact_count, 2);
	assert_int_equal(r.contacts[0].seen, SEEN_QUERY);
	assert_int_equal(r.contacts[0].txid, 7);
	assert_int_equal(r.contacts[1].seen, SEEN_RESPONSE);
	assert_int_equal(r.contacts[1].time_ns, 200 * NS_PER_S + 6);
	assert_string_equal(reading_text(&r.contacts[1].peer), "192.0.2.7");
}

static void counts_bad_rows_by_reason(void **state)
{
	(void)state;
	reading_of(&r, &reader_nmsg,
	    "{\"vname\":\"base\",\"mname\":\"email\",\"message\":{}}\n" ROW(ENDS QUERY)
		ROW(ENDS ASKED("100") "\"query\":\"AA!\"") ROW(ENDS ASKED("100") RESPONSE)
		    ROW("\"query_ip\":\"192.0.2.7\"") "[]\n");
	assert_int_equal(r.contact_count, 0);
	assert_int_equal(reading_skipped(&r, "nmsg of another type"), 1);
	assert_int_equal(reading_skipped(&r, "bad time"), 1);
	assert_int_equal(reading_skipped(&r, "bad base64"), 1);
	assert_int_equal(reading_skipped(&r, "nmsg without its DNS message"), 1);
	assert_int_equal(reading_skipped(&r, "bad address"), 1);
	assert_int_equal(reading_skipped(&r, "not a JSON object"), 1);
}

static void loses_nothing_at_any_cut(void **state)
{
	static const char log[] =
	    ROW(ENDS ASKED("100") TOLD("100") QUERY "," RESPONSE) ROW(ENDS ASKED("200") QUERY);

	(void)state;
	assert_int_equal(reader_nmsg.probe((const uint8_t *)log, sizeof(log) - 1), 90);
	reading_truncations(&reader_nmsg, log, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_query_and_response_of_a_row),
		cmocka_unit_test(reads_either_alone),
		cmocka_unit_test(counts_bad_rows_by_reason),
		cmocka_unit_test(loses_nothing_at_any_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
