/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "report/table.h"

static const struct table_column columns[] = { { "name", false }, { "n", true }, { "", false } };

static void assert_rows(unsigned width, bool above, const char *want)
{
	struct table_layout layout;
	struct table t;
	struct buf out;

	buf_init(&out, 4096);
	table_init(&t, columns, 3, 0);
	t.above = above;
	buf_text(table_cell(&t), "a-rather-long-name.example");
	buf_text(table_cell(&t), "1,234");
	buf_text(table_cell(&t), "x");
	buf_text(table_cell(&t), "b");
	(void)table_cell(&t); /* an empty cell */
	buf_text(table_cell(&t), "yy");
	assert_int_equal(table_rows(&t), 2);
	table_lay_out(&t, width, &layout);
	table_write_head(&t, &layout, &out);
	buf_u8(&out, '\n');
	for (size_t i = 0; i < 2; i++) {
		table_write_row(&t, &layout, i, &out);
		buf_u8(&out, '\n');
	}
	table_close(&t, &out);
	buf_u8(&out, '\0');
	assert_true(buf_ok(&out));
	assert_string_equal((const char *)out.bytes, want);
	buf_release(&out);
}

static void aligns_and_elides(void **state)
{
	(void)state;
	assert_rows(80, false,
	    "name                            n  \n"
	    "a-rather-long-name.example  1,234  x\n"
	    "b                                  yy\n");
	assert_rows(27, false,
	    "name                  n  \n"
	    "a-rat[...]xample  1,234  x\n"
	    "b                        yy\n");
	assert_rows(80, true,
	    "name                            n  \n"
	    "a-rather-long-name.example  1,234  x\n"
	    "b                                  yy\n");
	assert_rows(27, true,
	    "name      n  \n"
	    "a-rather-long-name.example\n"
	    "      1,234  x\n"
	    "b            yy\n");
}

static void tells_of_a_lost_cell(void **state)
{
	struct table t;
	struct buf out;

	(void)state;
	buf_init(&out, 4096);
	table_init(&t, columns, 3, 0);
	t.text.max = 4;
	buf_text(table_cell(&t), "12345");
	table_close(&t, &out);
	assert_false(buf_ok(&out));
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(aligns_and_elides),
		cmocka_unit_test(tells_of_a_lost_cell),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
