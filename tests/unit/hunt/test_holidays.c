/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/stamp.h"
#include "hunt/holidays.h"

static bool parse(const char *text, int64_t *ret)
{
	return holidays_parse(text, strlen(text), ret);
}

static void a_date_is_read_up_to_its_blank(void **state)
{
	int64_t day;

	(void)state;
	assert_true(parse("2016-02-29", &day));
	assert_int_equal(day, stamp_days_of(2016, 2, 29));
	assert_true(parse("2016-05-16,Whit Monday\n", &day));
	assert_true(parse("2016-05-16\t# comment", &day));
	assert_false(parse("2015-02-29", &day));
	assert_false(parse("2016-13-01", &day));
	assert_false(parse("2016-5-16", &day));
	assert_false(parse("2016-05-160", &day));
	assert_false(parse("2016-05-1", &day));
	assert_false(parse("", &day));
}

static void a_file_is_sorted_and_a_bad_line_has_its_number(void **state)
{
	char path[] = "/tmp/lodestone-holidays-XXXXXX";
	struct holidays h;
	struct arena memory;
	struct err err;
	FILE *f = fdopen(mkstemp(path), "w");

	(void)state;
	arena_init(&memory, 1u << 20);
	assert_non_null(f);
	fputs("date,label\n# none\n2016-12-26\n\n2016-05-16 x\n2016-12-26\n", f);
	fflush(f);
	assert_true(holidays_read(path, &memory, &h, &err));
	assert_int_equal(h.count, 2);
	assert_int_equal(h.days[0], stamp_days_of(2016, 5, 16));
	fputs("16.05.2016\n", f);
	fclose(f);
	assert_false(holidays_read(path, &memory, &h, &err));
	assert_non_null(strstr(err.text, "line 7"));
	unlink(path);
	arena_release(&memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_date_is_read_up_to_its_blank),
		cmocka_unit_test(a_file_is_sorted_and_a_bad_line_has_its_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
