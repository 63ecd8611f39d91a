/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "wire/columns.h"

static void cuts_at_every_separator(void **state)
{
	static const uint8_t line[] = "one\t\ttwo and more than eight\t-\t";
	uint32_t ends[8];
	struct column column;

	(void)state;
	assert_int_equal(columns_split(line, sizeof(line) - 1, '\t', ends, COUNT_OF(ends)), 5);
	assert_int_equal(column_of(line, ends, 0).len, 3);
	assert_int_equal(column_of(line, ends, 1).len, 0);
	column = column_of(line, ends, 2);
	assert_int_equal(column.len, 23);
	assert_memory_equal(column.bytes, "two and more than eight", 23);
	assert_int_equal(column_of(line, ends, 3).len, 1);
	assert_int_equal(column_of(line, ends, 4).len, 0);
}

static void an_empty_line_is_one_empty_column(void **state)
{
	uint32_t end = 7;

	(void)state;
	assert_int_equal(columns_split((const uint8_t *)"", 0, '\t', &end, 1), 1);
	assert_int_equal(end, 0);
}

static void counts_beyond_what_it_keeps(void **state)
{
	uint32_t ends[2] = { 0, 77 };

	(void)state;
	assert_int_equal(columns_split((const uint8_t *)"a,b,c,d", 7, ',', ends, 1), 4);
	assert_int_equal(ends[0], 1);
	assert_int_equal(ends[1], 77); /* not written */
}

/* Against a loop by byte: lines that end in and behind whole words and blocks. */
static void check_line(const uint8_t *line, size_t len)
{
	uint32_t ends[256];
	size_t count = 0;

	assert_true(columns_split(line, len, '\t', ends, COUNT_OF(ends)) <= len + 1);
	for (size_t i = 0; i < len; i++)
		if (line[i] == '\t')
			assert_int_equal(ends[count++], i);
	assert_int_equal(ends[count++], len);
	assert_int_equal(columns_split(line, len, '\t', ends, COUNT_OF(ends)), count);
}

static void agrees_with_a_plain_loop(void **state)
{
	(void)state;
	for (size_t len = 0; len <= 12; len++) {
		for (unsigned pattern = 0; pattern < 1u << len; pattern++) {
			uint8_t *line = malloc(len + (len == 0)); /* exact, for ASan */

			/* neighbors of the separator, with and without the top bit */
			for (size_t i = 0; i < len; i++)
				line[i] = pattern >> i & 1
					      ? '\t'
					      : (uint8_t) "\x08\x0a\x89\x00\xff"[i % 5];
			check_line(line, len);
			free(line);
		}
	}
}

static void blocks_and_what_is_left_of_them(void **state)
{
	(void)state;
	for (size_t len = 0; len < 200; len++) {
		for (size_t step = 1; step < 70; step += 3) {
			uint8_t *line = malloc(len + (len == 0));

			for (size_t i = 0; i < len; i++)
				line[i] = i % step == 0 || i + 1 == len ? '\t' : 'x';
			check_line(line, len);
			free(line);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cuts_at_every_separator),
		cmocka_unit_test(an_empty_line_is_one_empty_column),
		cmocka_unit_test(counts_beyond_what_it_keeps),
		cmocka_unit_test(agrees_with_a_plain_loop),
		cmocka_unit_test(blocks_and_what_is_left_of_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
