/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "evidence/log_time.h"

static struct health health;

static struct log_time fresh(void)
{
	health = (struct health){ .count = 0 };
	return (struct log_time){ .health = &health };
}

/* The point in time as text; "-" without a date, "?" without a year. */
static const char *at(struct log_time *t, const char *line)
{
	static char text[STAMP_TEXT_MAX];
	struct cursor c = cursor_of(line, strlen(line));
	struct log_date date;
	struct stamp time;

	if (!log_date_read(&c, &date))
		return "-";
	if (!log_time_of(t, &date, &time))
		return "?";
	(void)stamp_format_iso(time, text);
	return text;
}

static void reads_every_form_of_date(void **state)
{
	struct log_time t = fresh();

	(void)state;
	assert_string_equal(at(&t, "24-Jul-2005 14:16:55.123 x"), "2005-07-24T14:16:55.123Z");
	assert_string_equal(
	    at(&t, "2005-07-24T14:16:55.123456-04:00 x"), "2005-07-24T18:16:55.123456Z");
	assert_string_equal(at(&t, "2005-07-24 14:16:55 x"), "2005-07-24T14:16:55Z");
	assert_string_equal(at(&t, "2005/07/24 14:16:55.5 x"), "2005-07-24T14:16:55.5Z");
	assert_string_equal(at(&t, "[1122214615] x"), "2005-07-24T14:16:55Z");
	assert_string_equal(at(&t, "Jul 24 14:16:55 x"), "2005-07-24T14:16:55Z");
	assert_string_equal(at(&t, "Jul  4 14:16:55.25 x"), "2005-07-04T14:16:55.25Z");
	assert_int_equal(health.assumed[ASSUMED_ZONE], 5);
	assert_int_equal(health.assumed[ASSUMED_YEAR], 0);
}

static void refuses_what_is_no_date(void **state)
{
	static const char *const lines[] = { "", " ", "Jul", "Jul 24", "Jul 24 24:16:55",
		"Jul 0 1:1:1", "Jul 32 14:16:55", "Jux 24 14:16:55", "Feb 30 14:16:55",
		"24-Jul-2005", "2005-07-24", "24-Jux-2005 14:16:55", "2005.07.24 14:16:55", "[]",
		"[x]", "[1122214615", "[1122214615]x", "Jul 024 14:16:55", "99999-01-01T00:00:00Z",
		"client x" };
	struct log_time t = fresh();

	(void)state;
	for (size_t i = 0; i < COUNT_OF(lines); i++)
		assert_string_equal(at(&t, lines[i]), "-");
	assert_false(t.started);
}

static void the_year_is_as_the_user_says_and_goes_on(void **state)
{
	struct log_time t = fresh();

	(void)state;
	t.hints.year = 2023;
	t.hints.file_s = INT64_C(1); /* of no interest then */
	t.hints.dated = true;
	assert_string_equal(at(&t, "Nov 30 23:59:59 x"), "2023-11-30T23:59:59Z");
	assert_string_equal(at(&t, "Dec 31 23:59:59 x"), "2023-12-31T23:59:59Z");
	assert_string_equal(at(&t, "Jan  1 00:00:00 x"), "2024-01-01T00:00:00Z");
	/* a straggler */
	assert_string_equal(at(&t, "Dec 31 23:59:58 x"), "2023-12-31T23:59:58Z");
	assert_string_equal(at(&t, "Jan  1 00:00:01 x"), "2024-01-01T00:00:01Z");
	assert_string_equal(at(&t, "Feb 29 00:00:00 x"), "2024-02-29T00:00:00Z");
	/* after ten months without a row */
	assert_string_equal(at(&t, "Dec 29 00:00:00 x"), "2024-12-29T00:00:00Z");
	assert_string_equal(at(&t, "Feb  1 00:00:00 x"), "2025-02-01T00:00:00Z");
	assert_int_equal(health.assumed[ASSUMED_YEAR], 0);
}

static void the_year_is_guessed_from_the_date_of_the_file(void **state)
{
	struct log_time t = fresh();

	(void)state;
	assert_string_equal(at(&t, "Dec 31 23:59:59 x"), "?");
	t.hints.dated = true;
	t.hints.file_s = INT64_C(1704240000); /* 2024-01-03 */
	assert_string_equal(at(&t, "Dec 31 23:59:59 x"), "2023-12-31T23:59:59Z");
	assert_string_equal(at(&t, "Jan  1 00:00:00 x"), "2024-01-01T00:00:00Z");
	assert_int_equal(health.assumed[ASSUMED_YEAR], 2);
	t = fresh();
	t.hints.dated = true;
	t.hints.file_s = INT64_C(1704240000);
	/* east of UTC it is a day later there already */
	assert_string_equal(at(&t, "Jan  3 13:00:00 x"), "2024-01-03T13:00:00Z");
	t = fresh();
	t.hints.dated = true;
	t.hints.file_s = INT64_C(1704240000);
	assert_string_equal(at(&t, "Feb 29 13:00:00 x"), "2020-02-29T13:00:00Z");
	t = fresh();
	t.hints.dated = true;
	t.hints.file_s = INT64_C(1723000000); /* 2024-08-07, and a row that was not written then */
	assert_string_equal(at(&t, "Aug  1 13:00:00 x"), "2024-08-01T13:00:00Z");
	assert_string_equal(at(&t, "Dec 31 13:00:00 x"), "2023-12-31T13:00:00Z");
	assert_string_equal(at(&t, "Aug  2 13:00:00 x"), "2024-08-02T13:00:00Z");
	t = fresh();
	t.hints.year = 2023;
	assert_string_equal(at(&t, "Feb 29 13:00:00 x"), "?");
}

static void the_zone_is_as_the_user_says(void **state)
{
	struct log_time t = fresh();

	(void)state;
	assert_true(hints_set_zone(&t.hints, "+05:30"));
	assert_string_equal(at(&t, "24-Jul-2005 02:00:00.000 x"), "2005-07-23T20:30:00.000Z");
	assert_string_equal(at(&t, "2005-07-24T02:00:00Z x"), "2005-07-24T02:00:00Z");
	assert_int_equal(health.assumed[ASSUMED_ZONE], 0);
	assert_true(hints_set_zone(&t.hints, "UTC"));
	assert_int_equal(t.hints.east_s, 0);
	assert_true(hints_set_zone(&t.hints, "-08"));
	assert_int_equal(t.hints.east_s, -8 * 3600);
	assert_false(hints_set_zone(&t.hints, "Europe/Berlin"));
	assert_false(hints_set_zone(&t.hints, ""));
	assert_false(hints_set_zone(&t.hints, ".5Z"));
	assert_false(hints_set_zone(&t.hints, "+19"));
	assert_int_equal(t.hints.east_s, -8 * 3600);
}

static void rows_of_another_zone_are_counted(void **state)
{
	struct log_time t = fresh();

	(void)state;
	(void)at(&t, "2005-07-24T14:16:55+02:00 x");
	(void)at(&t, "2005-07-24T14:16:56+0200 x");
	(void)at(&t, "2005-07-24T14:16:57+02 x");
	assert_int_equal(health.assumed[ASSUMED_MIXED], 0);
	assert_string_equal(at(&t, "2005-07-24T14:16:58-05:30 x"), "2005-07-24T19:46:58Z");
	(void)at(&t, "2005-07-24T12:16:58Z x");
	(void)at(&t, "2005-07-24 14:16:59 x");
	assert_int_equal(health.assumed[ASSUMED_MIXED], 3);
	/* UTC is one zone, however it is written */
	t = fresh();
	(void)at(&t, "2005-07-24T14:16:55Z x");
	(void)at(&t, "2005-07-24T14:16:55.123+00:00 x");
	(void)at(&t, "[1122214615] x");
	assert_int_equal(health.assumed[ASSUMED_MIXED], 0);
}

static void an_hour_that_is_repeated_is_counted(void **state)
{
	struct log_time t = fresh();

	(void)state;
	(void)at(&t, "30-Oct-2005 02:58:00 x");
	(void)at(&t, "30-Oct-2005 02:57:00 x"); /* a straggler */
	(void)at(&t, "30-Oct-2005 02:59:30 x");
	assert_int_equal(health.assumed[ASSUMED_REPEAT], 0);
	(void)at(&t, "30-Oct-2005 02:00:10 x");
	(void)at(&t, "30-Oct-2005 02:30:00 x");
	(void)at(&t, "30-Oct-2005 02:59:29 x");
	(void)at(&t, "30-Oct-2005 03:00:00 x");
	(void)at(&t, "30-Oct-2005 03:10:00 x");
	assert_int_equal(health.assumed[ASSUMED_REPEAT], 3);
	/* a zone tells one hour from the other */
	t = fresh();
	(void)at(&t, "2005-10-30T02:59:30+02:00 x");
	(void)at(&t, "2005-10-30T02:00:10+01:00 x");
	assert_int_equal(health.assumed[ASSUMED_REPEAT], 0);
	assert_int_equal(health.assumed[ASSUMED_MIXED], 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_form_of_date),
		cmocka_unit_test(refuses_what_is_no_date),
		cmocka_unit_test(the_year_is_as_the_user_says_and_goes_on),
		cmocka_unit_test(the_year_is_guessed_from_the_date_of_the_file),
		cmocka_unit_test(the_zone_is_as_the_user_says),
		cmocka_unit_test(rows_of_another_zone_are_counted),
		cmocka_unit_test(an_hour_that_is_repeated_is_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
