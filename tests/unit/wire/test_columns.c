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
	static const char line[] = "one\t\ttwo and more than eight\t-\t";
	struct column columns[8];

	(void)state;
	assert_int_equal(columns_split((const uint8_t *)line, sizeof(line) - 1, '\t', columns,
			     COUNT_OF(columns)),
	    5);
	assert_int_equal(columns[0].len, 3);
	assert_int_equal(columns[1].len, 0);
	assert_int_equal(columns[2].len, 23);
	assert_memory_equal(columns[2].bytes, "two and more than eight", 23);
	assert_int_equal(columns[3].len, 1);
	assert_int_equal(columns[4].len, 0);
}

static void an_empty_line_is_one_empty_column(void **state)
{
	struct column column;

	(void)state;
	assert_int_equal(columns_split((const uint8_t *)"", 0, '\t', &column, 1), 1);
	assert_int_equal(column.len, 0);
}

static void counts_beyond_what_it_keeps(void **state)
{
	struct column columns[2] = { { .len = 0 }, { .len = 77 } };

	(void)state;
	assert_int_equal(columns_split((const uint8_t *)"a,b,c,d", 7, ',', columns, 1), 4);
	assert_int_equal(columns[0].len, 1);
	assert_int_equal(columns[1].len, 77); /* not written */
}

/* Every pattern of separators in lines of up to 12 bytes, against a loop by byte. */
static void agrees_with_a_plain_loop(void **state)
{
	struct column columns[13];

	(void)state;
	for (size_t len = 0; len <= 12; len++) {
		for (unsigned pattern = 0; pattern < 1u << len; pattern++) {
			uint8_t *line = malloc(len + (len == 0)); /* exact, for ASan */
			size_t count = 1;
			size_t start = 0;

			for (size_t i = 0; i < len; i++)
				/* neighbours of the separator, with and without the top bit */
				line[i] = pattern >> i & 1
					      ? '\t'
					      : (uint8_t)("\x08\x0a\x89\x00\xff"[i % 5]);
			for (size_t i = 0; i < len; i++)
				count += line[i] == '\t';
			assert_int_equal(columns_split(line, len, '\t', columns, 13), count);
			for (size_t i = 0; i < count; i++) {
				assert_ptr_equal(columns[i].bytes, line + start);
				start += columns[i].len + 1;
				if (start <= len)
					assert_int_equal(line[start - 1], '\t');
			}
			assert_int_equal(start, len + 1);
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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
