/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/stamp.h"

static void reads_epoch_with_its_precision(void **state)
{
	struct stamp s;

	(void)state;
	assert_true(stamp_parse_epoch("1313403271.120525", 17, &s));
	assert_int_equal(s.ns, INT64_C(1313403271120525000));
	assert_int_equal(s.digits, 6);
	assert_true(stamp_parse_epoch("-1.5", 4, &s));
	assert_int_equal(s.ns, INT64_C(-1500000000));
	assert_true(stamp_parse_epoch("7", 1, &s));
	assert_int_equal(s.digits, 0);
}

/* Every length of fraction, beside the same time in a form that is read by digit. */
static void reads_every_precision_alike(void **state)
{
	static const char digits[] = "1700000000.123456789012";
	char plain[32], padded[64];
	struct stamp a, b;

	(void)state;
	for (size_t len = 12; len < sizeof(digits); len++) {
		(void)snprintf(plain, sizeof(plain), "%.*s", (int)len, digits);
		(void)snprintf(padded, sizeof(padded), "0%s", plain);
		assert_true(stamp_parse_epoch(plain, len, &a));
		assert_true(stamp_parse_epoch(padded, len + 1, &b));
		assert_int_equal(a.ns, b.ns);
		assert_int_equal(a.digits, b.digits);
		/* a byte that is no digit, at each place */
		for (size_t i = 0; i < len; i++) {
			char bad[32];

			(void)memcpy(bad, plain, len);
			bad[i] = i % 2 == 0 ? '/' : ':';
			assert_false(stamp_parse_epoch(bad, len, &a));
		}
	}
	assert_true(stamp_parse_epoch("9223372035.9", 12, &a));
	assert_false(stamp_parse_epoch("9223372036.0", 12, &a));
}

static void refuses_what_is_no_epoch(void **state)
{
	static const char *const bad[] = { "", "-", ".", "1.", "x", "1x", "1.2.3", "9999999999999",
		" 1" };
	struct stamp s = { .ns = 42 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_false(stamp_parse_epoch(bad[i], strlen(bad[i]), &s));
	assert_int_equal(s.ns, 42);
}

static void reads_iso_in_every_zone_form(void **state)
{
	static const char *const same[] = { "2017-04-07T22:24:37.251547+0100",
		"2017-04-07T22:24:37.251547+01:00", "2017-04-07 21:24:37.251547Z",
		"2017-04-07T21:24:37,251547", "2017-04-08T00:24:37.251547+03" };
	static const int64_t east_s[] = { 3600, 3600, 0, 0, 10800 };
	struct stamp_zone zone;
	struct stamp s;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(same); i++) {
		assert_true(stamp_parse_iso(same[i], strlen(same[i]), &s, &zone));
		assert_int_equal(s.ns, INT64_C(1491600277251547000));
		assert_int_equal(s.digits, 6);
		assert_int_equal(zone.is_named, i != 3);
		assert_int_equal(zone.east_s, east_s[i]);
	}
}

static void refuses_dates_that_do_not_exist(void **state)
{
	static const char *const bad[] = { "2017-02-29T00:00:00Z", "2017-13-01T00:00:00Z",
		"2017-01-01T24:00:00Z", "2017-01-01T00:60:00Z", "2017-01-01",
		"2017-01-01T00:00:00+9900", "2017-01-01T00:00:00Zx", "17-01-01T00:00:00Z" };
	struct stamp s;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_false(stamp_parse_iso(bad[i], strlen(bad[i]), &s, NULL));
}

static void every_day_of_eight_centuries_comes_back(void **state)
{
	int64_t year;
	unsigned month, day;

	(void)state;
	for (int64_t d = -106000; d < 106000; d++) {
		stamp_date_of(d, &year, &month, &day);
		assert_int_equal(stamp_days_of(year, month, day), d);
	}
	assert_int_equal(stamp_weekday(stamp_days_of(2016, 5, 4)), 2);
}

static void formats_what_it_read(void **state)
{
	char text[STAMP_TEXT_MAX];
	struct stamp s;

	(void)state;
	assert_true(stamp_parse_epoch("-0.25", 5, &s));
	(void)stamp_format_epoch(s, text);
	assert_string_equal(text, "-0.25");
	(void)stamp_format_iso(s, text);
	assert_string_equal(text, "1969-12-31T23:59:59.75Z");
	assert_true(stamp_parse_iso("2016-09-23T14:00:00Z", 20, &s, NULL));
	(void)stamp_format_iso(s, text);
	assert_string_equal(text, "2016-09-23T14:00:00Z");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_epoch_with_its_precision),
		cmocka_unit_test(reads_every_precision_alike),
		cmocka_unit_test(refuses_what_is_no_epoch),
		cmocka_unit_test(reads_iso_in_every_zone_form),
		cmocka_unit_test(refuses_dates_that_do_not_exist),
		cmocka_unit_test(every_day_of_eight_centuries_comes_back),
		cmocka_unit_test(formats_what_it_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
