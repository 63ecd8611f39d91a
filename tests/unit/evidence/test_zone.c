/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Clocks of places: a small file laid out by field, and the system's, held against localtime_r(). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "evidence/zone.h"

#define HEAD(changes, types)                                                                       \
	'T', 'Z', 'i', 'f', '2', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /*  0: version   */  \
	    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,          /* 20: flags, leap seconds: none */       \
	    0, 0, 0, changes, 0, 0, 0, types, 0, 0, 0, 2 /* 32: and bytes of names        */

/* One hour east; from 1000000 on two, and from 2000000 on one again. */
static const uint8_t file[] = {
	HEAD(0, 1), 0, 0, 0, 0, 0, 0, 'X', 0, /* times of 32 bits: none */
	HEAD(2, 2),                           /* times of 64 bits       */
	0, 0, 0, 0, 0x00, 0x0f, 0x42, 0x40,   /* 1000000                */
	0, 0, 0, 0, 0x00, 0x1e, 0x84, 0x80,   /* 2000000                */
	1, 0,                                 /* to the second type, to the first */
	0, 0, 0x0e, 0x10, 0, 0,               /* 3600                   */
	0, 0, 0x1c, 0x20, 1, 0,               /* 7200, summer           */
	'X', 0, '\n', 'X', '-', '1', '\n',    /* name, rule             */
};

static struct zone z;

static void reads_times_before_between_and_behind_changes(void **state)
{
	int64_t utc_s;

	(void)state;
	assert_true(zone_read(&z, file, sizeof(file)));
	assert_int_equal(z.count, 2);
	assert_true(zone_utc(&z, 500000, &utc_s));
	assert_int_equal(utc_s, 500000 - 3600);
	assert_true(zone_utc(&z, 1500000, &utc_s));
	assert_int_equal(utc_s, 1500000 - 7200);
	assert_true(zone_utc(&z, 2500000, &utc_s));
	assert_int_equal(utc_s, 2500000 - 3600);
}

static void tells_hours_that_were_twice_or_never(void **state)
{
	int64_t utc_s;

	(void)state;
	assert_true(zone_read(&z, file, sizeof(file)));
	/* the clock went from 1003600 to 1007200 */
	assert_true(zone_utc(&z, 1003599, &utc_s));
	assert_false(zone_utc(&z, 1003600, &utc_s));
	assert_int_equal(utc_s, 1000000);
	assert_false(zone_utc(&z, 1007199, &utc_s));
	assert_true(zone_utc(&z, 1007200, &utc_s));
	assert_int_equal(utc_s, 1000000);
	/* and from 2007200 back to 2003600 */
	assert_true(zone_utc(&z, 2003599, &utc_s));
	assert_false(zone_utc(&z, 2003600, &utc_s));
	assert_int_equal(utc_s, 2003600 - 7200);
	assert_false(zone_utc(&z, 2007199, &utc_s));
	assert_true(zone_utc(&z, 2007200, &utc_s));
	assert_int_equal(utc_s, 2007200 - 3600);
}

static void refuses_every_truncation(void **state)
{
	(void)state;
	for (size_t n = 0; n < sizeof(file); n++) {
		uint8_t *copy = malloc(n == 0 ? 1 : n);

		assert_non_null(copy);
		memcpy(copy, file, n);
		assert_false(zone_read(&z, copy, n));
		free(copy);
	}
}

static void refuses_what_is_no_place(void **state)
{
	struct err err;

	(void)state;
	assert_false(zone_load(&z, "Nowhere/City", &err));
	assert_false(zone_load(&z, "", &err));
	assert_false(zone_load(&z, "../zoneinfo/UTC", &err));
	assert_false(zone_load(&z, "/usr/share/zoneinfo/UTC", &err));
	assert_false(zone_load(&z, "Europe", &err));
}

static void agrees_with_the_system_s_own_reading(void **state)
{
	static const char *const places[] = { "Europe/Berlin", "America/New_York", "Asia/Kolkata",
		"Australia/Lord_Howe" };
	struct err err;
	int64_t utc_s;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		if (!zone_load(&z, places[i], &err))
			skip(); /* a system without the database */
		(void)setenv("TZ", places[i], 1);
		tzset();
		for (int64_t at_s = 0; at_s < 2082000000; at_s += 86400 * 3 + 1801) {
			const time_t then = at_s;
			struct tm tm;

			assert_non_null(localtime_r(&then, &tm));
			if (zone_utc(&z, at_s + tm.tm_gmtoff, &utc_s))
				assert_int_equal(utc_s, at_s);
			else /* the second of two hours: the first one is told */
				assert_in_range(at_s - utc_s, 0, 7200);
		}
	}
	/* behind the last change that the file lists only its rule tells */
	assert_false(zone_utc(&z, INT64_C(4000000000), &utc_s));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_times_before_between_and_behind_changes),
		cmocka_unit_test(tells_hours_that_were_twice_or_never),
		cmocka_unit_test(refuses_every_truncation),
		cmocka_unit_test(refuses_what_is_no_place),
		cmocka_unit_test(agrees_with_the_system_s_own_reading),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
