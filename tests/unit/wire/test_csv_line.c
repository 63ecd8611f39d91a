/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "wire/csv_line.h"

static struct csv_cell cells[4];
static size_t count;

static bool reads(const char *line)
{
	return csv_line_read((const uint8_t *)line, strlen(line), ',', cells, 4, &count);
}

static bool is(size_t i, const char *text)
{
	return cells[i].len == strlen(text) && memcmp(cells[i].bytes, text, cells[i].len) == 0;
}

static void cuts_at_separators_outside_quotes(void **state)
{
	(void)state;
	assert_true(reads("a, b c ,\"d,e\",\"\""));
	assert_int_equal(count, 4);
	assert_true(is(0, "a") && is(1, "b c") && is(2, "d,e") && is(3, ""));
	assert_true(reads("\"a \"\"b\"\"\" , c"));
	assert_true(cells[0].is_doubled && is(0, "a \"\"b\"\"") && is(1, "c"));
	assert_true(reads(""));
	assert_int_equal(count, 1);
	assert_int_equal(cells[0].len, 0);
}

static void counts_more_than_it_writes(void **state)
{
	(void)state;
	assert_true(reads("1,2,3,4,5,"));
	assert_int_equal(count, 6);
	assert_true(is(3, "4"));
}

static void refuses_open_quotes_and_what_follows_closed_ones(void **state)
{
	(void)state;
	assert_false(reads("a,\"b"));
	assert_false(reads("\"a\"\""));
	assert_false(reads("\"a\"b,c"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cuts_at_separators_outside_quotes),
		cmocka_unit_test(counts_more_than_it_writes),
		cmocka_unit_test(refuses_open_quotes_and_what_follows_closed_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
