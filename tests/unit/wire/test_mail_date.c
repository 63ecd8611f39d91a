/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "wire/mail_date.h"

static bool parse(const char *text, struct mail_date *ret)
{
	return mail_date_parse((const uint8_t *)text, strlen(text), ret);
}

static void reads_the_forms_of_the_standard(void **state)
{
	static const struct {
		const char *text;
		int64_t seconds; /* as date -u -d says */
		int east_min;
	} dates[] = {
		{ "Tue, 2 Mar 2004 13:57:49 +0100", 1078232269, 60 },
		{ "02 Mar 2004 13:57:49 +0100 (CET)", 1078232269, 60 },
		{ "Tue,02 Mar 2004\r\n 07:27:49\t-0530", 1078232269, -330 },
		{ "Thu, 13 Feb 1969 23:32 -0330", -27723480, -210 },
		{ "Fri, 21 Nov 97 09(comment (in) \\) it):   55  :  06 -0600", 880127706, -360 },
		{ "Fri, 21 Nov 97 15:55:06 GMT", 880127706, 0 },
		{ "Fri, 21 Nov 1997 15:55:06 +0000 GMT", 880127706, 0 },
		{ "21 nov 1997 10:55:06 est", 880127706, -300 },
		{ "Mon, 1 Jan 101 00:00:00 Z", 978307200, 0 },
		{ "Sat, 31 Dec 2016 23:59:60 +0000", 1483228799, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(dates); i++) {
		struct mail_date d;

		assert_true(parse(dates[i].text, &d));
		assert_int_equal(d.time.ns / NS_PER_S, dates[i].seconds);
		assert_true(d.zoned);
		assert_int_equal(d.east_min, dates[i].east_min);
	}
}

static void a_zone_that_is_not_told_is_utc(void **state)
{
	static const char *const texts[] = { "2 Mar 2004 12:57:49 -0000", "2 Mar 2004 12:57:49",
		"2 Mar 2004 12:57:49 MESZ", "Tue Mar  2 12:57:49 2004" };
	struct mail_date d;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		assert_true(parse(texts[i], &d));
		assert_int_equal(d.time.ns / NS_PER_S, 1078232269);
		assert_false(d.zoned);
	}
}

static void refuses_what_is_no_date(void **state)
{
	static const char *const texts[] = { "", "Tue,", "2 Mar", "2 Mar 2004", "2 Mar 2004 12",
		"2 Mar 2004 12:", "31 Feb 2004 12:00 +0000", "2 Mrz 2004 12:00 +0000",
		"2 Mar 20040 12:00 +0000", "2 Mar 2004 24:00 +0000", "2 Mar 2004 12:60 +0000",
		"2 Mar 2004 12:00 +1", "2 Mar 2004 12:00 +9900", "2 Mar 2004 12:00 +0000 x",
		"2 Mar 2004 12:00 +0000 GMT x", "2 Mar 2004 12:00 +0000 \\",
		"2 Mar 2300 12:00 +0000", "123 Mar 2004 12:00 Z" };
	struct mail_date d;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		assert_false(parse(texts[i], &d));
}

static void every_truncation_stays_inside(void **state)
{
	static const char text[] = "Fri, 21 Nov 97 09(a (b) \\) c): 55 : 06 -0600 (x\\";

	(void)state;
	for (size_t len = 0; len < sizeof(text); len++) {
		uint8_t *copy =
		    malloc(len + 1); /* its own block, so that ASan sees one byte too far */
		struct mail_date d;

		assert_non_null(copy);
		memcpy(copy + 1, text, len);
		/* with the year whole, and not all of the zone begun */
		if (mail_date_parse(copy + 1, len, &d))
			assert_true(len >= strlen("Fri, 21 Nov 97 09(a (b) \\) c): 5"));
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_forms_of_the_standard),
		cmocka_unit_test(a_zone_that_is_not_told_is_utc),
		cmocka_unit_test(refuses_what_is_no_date),
		cmocka_unit_test(every_truncation_stays_inside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
