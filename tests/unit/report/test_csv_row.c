/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <string.h>

#include <cmocka.h>

#include "report/csv_row.h"

static void assert_row(struct buf *b, const char *expected)
{
	assert_true(buf_ok(b));
	assert_int_equal(b->len, strlen(expected));
	assert_memory_equal(b->bytes, expected, b->len);
	buf_release(b);
}

static void quotes_text_and_nothing_else(void **state)
{
	struct buf b;
	struct csv_row r = { .out = &b };

	(void)state;
	buf_init(&b, 1024);
	csv_row_text(&r, "say \"a, b\"");
	csv_row_text(&r, NULL);
	csv_row_text(&r, "");
	csv_row_number(&r, 0.25);
	csv_row_number(&r, (double)NAN);
	csv_row_count(&r, 12);
	csv_row_time(&r, (struct stamp){ 0, 3 });
	csv_row_end(&r);
	csv_row_count(&r, 1);
	csv_row_end(&r);
	assert_row(&b, "\"say \"\"a, b\"\"\",,\"\",0.25,,12,1970-01-01T00:00:00.000Z\r\n1\r\n");
}

static void makes_no_formula_and_hides_nothing(void **state)
{
	static const char *const formulas[] = { "=1+1", "+1", "-1", "@a", "a=1" };
	struct buf b;
	struct csv_row r = { .out = &b };

	(void)state;
	buf_init(&b, 1024);
	for (size_t i = 0; i < sizeof(formulas) / sizeof(formulas[0]); i++)
		csv_row_text(&r, formulas[i]);
	csv_row_text(&r, "a\xe2\x80\xae\nb");
	assert_row(&b, "\"'=1+1\",\"'+1\",\"'-1\",\"'@a\",\"a=1\",\"a\\u202e\\u000ab\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quotes_text_and_nothing_else),
		cmocka_unit_test(makes_no_formula_and_hides_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
