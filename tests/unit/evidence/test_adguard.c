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

/* the header of a response with that code, in base64: 0x2a2b 0x8180 + code, no more */
#define OK_ANSWER "\"Answer\":\"KiuBgAABAAEAAAAA\""
#define NX_ANSWER "\"Answer\":\"KiuBgwABAAAAAQAA\""

static void reads_a_row_with_the_time_of_its_query(void **state)
{
	(void)state;
	reading_of(&r, &reader_adguard,
	    "{\"T\":\"2020-11-25T18:55:56.519796+03:00\",\"QH\":\"WWW.example.com\",\"QT\":\"A\","
	    "\"QC\":\"IN\",\"CP\":\"\"," OK_ANSWER ",\"Result\":{\"Rules\":[{\"IP\":\"192.0.2.9\"}]"
	    "},\"Elapsed\":837429,\"IP\":\"192.0.2.1\"}\n"
	    "{\"IP\":\"2001:db8::1\",\"T\":\"2020-11-25T15:55:57.123456789Z\",\"QH\":\"x.example\","
	    "\"QT\":\"HTTPS\"," NX_ANSWER "}\n"
	    "{\"IP\":\"192.0.2.1\",\"T\":\"2020-11-25T15:55:58Z\",\"QH\":\"y.example\",\"QT\":"
	    "\"AAAA\"}\n");
	assert_int_equal(r.contact_count, 3);
	assert_int_equal(r.contacts[0].time_ns, INT64_C(1606319756519796000));
	assert_int_equal(r.contacts[0].digits, 6);
	assert_int_equal(r.contacts[0].seen, SEEN_BOTH);
	assert_int_equal(r.contacts[0].outcome, 0);
	assert_string_equal(reading_text(&r.contacts[0].target), "www.example.com");
	assert_string_equal(reading_text(&r.contacts[0].peer), "192.0.2.1");
	assert_int_equal(r.contacts[1].digits, 9);
	assert_int_equal(r.contacts[1].type, 65);
	assert_int_equal(r.contacts[1].outcome, 3);
	assert_int_equal(r.contacts[2].seen, SEEN_QUERY);
	assert_int_equal(r.contacts[2].outcome, OUTCOME_NONE);
	assert_int_equal(r.health.assumed[ASSUMED_ZONE], 0);
}

static void counts_bad_rows_by_reason(void **state)
{
	(void)state;
	reading_of(&r, &reader_adguard,
	    "{\"T\":\"2020-11-25\",\"QH\":\"x\",\"QT\":\"A\",\"IP\":\"192.0.2.1\"}\n"
	    "{\"T\":\"2020-11-25T15:55:58Z\",\"QH\":\"x..y\",\"QT\":\"A\",\"IP\":\"192.0.2.1\"}\n"
	    "{\"T\":\"2020-11-25T15:55:58Z\",\"QH\":\"x\",\"QT\":\"\",\"IP\":\"192.0.2.1\"}\n"
	    "{\"T\":\"2020-11-25T15:55:58Z\",\"QH\":\"x\",\"QT\":\"A\",\"IP\":\"192.0.2\"}\n"
	    "{\"T\":\"2020-11-25T15:55:58Z\",\"QH\":\"x\",\"QT\":\"A\"}\n[]\n");
	assert_int_equal(r.contact_count, 0);
	assert_int_equal(reading_skipped(&r, "bad time"), 1);
	assert_int_equal(reading_skipped(&r, "bad query name"), 1);
	assert_int_equal(reading_skipped(&r, "bad query type"), 1);
	assert_int_equal(reading_skipped(&r, "bad address"), 1);
	assert_int_equal(reading_skipped(&r, "line of another kind"), 1);
	assert_int_equal(reading_skipped(&r, "not a JSON object"), 1);
}

static void an_answer_that_is_no_message_says_nothing(void **state)
{
	static const char *const answers[] = { "\"\"", "\"KiuB\"", "\"Kiu*gAAB\"", "null", "7" };
	char log[256];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(answers); i++) {
		(void)snprintf(log, sizeof(log),
		    "{\"T\":\"2020-11-25T15:55:58Z\",\"QH\":\"x\",\"QT\":\"A\",\"IP\":\"192.0.2."
		    "1\","
		    "\"Answer\":%s}\n",
		    answers[i]);
		reading_of(&r, &reader_adguard, log);
		assert_int_equal(r.contact_count, 1);
		assert_int_equal(r.contacts[0].seen, SEEN_QUERY);
	}
}

static void every_truncation_and_growth_from_it(void **state)
{
	(void)state;
	reading_truncations(&reader_adguard,
	    "{\"T\":\"2020-11-25T15:55:58Z\",\"QH\":\"x\",\"QT\":\"A\",\"IP\":\"192.0.2.1\"}\n"
	    "{\"T\":\"2020-11-25T15:55:59Z\",\"QH\":\"y\",\"QT\":\"AAAA\",\"IP\":\"192.0.2.17\"}\n",
	    2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_row_with_the_time_of_its_query),
		cmocka_unit_test(counts_bad_rows_by_reason),
		cmocka_unit_test(an_answer_that_is_no_message_says_nothing),
		cmocka_unit_test(every_truncation_and_growth_from_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
