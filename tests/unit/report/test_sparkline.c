/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "report/sparkline.h"

static void assert_line(const struct finding_raster *r, size_t width, const char *want)
{
	struct buf b;

	buf_init(&b, 4096);
	sparkline_put(&b, r, width, false);
	assert_int_equal(b.len, strlen(want));
	assert_memory_equal(b.bytes, want, b.len);
	buf_release(&b);
}

static void shows_one_contact_beside_many(void **state)
{
	const uint32_t hours[4][24] = { { 0 }, { 1 }, { [3] = 500, [23] = 500 }, { [12] = 500 } };
	const struct finding_raster r = { 0, 4, hours };

	(void)state;
	assert_line(&r, 80, " .@=");
}

/* Five days in three marks: 1+1, 1+1 and a last one that is half as long. */
static void weighs_a_shorter_end(void **state)
{
	const uint32_t hours[5][24] = { { 8 }, { 8 }, { 8 }, { 8 }, { 8 } };
	const struct finding_raster r = { 0, 5, hours };

	(void)state;
	assert_line(&r, 3, "@@@");
	assert_line(&r, 1, "@");
}

static void draws_nothing_of_nothing(void **state)
{
	const uint32_t hours[2][24] = { { 0 } };
	const struct finding_raster silent = { 0, 2, hours };
	const struct finding_raster none = { 0, 0, NULL };

	(void)state;
	assert_line(&silent, 80, "  ");
	assert_line(&none, 80, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shows_one_contact_beside_many),
		cmocka_unit_test(weighs_a_shorter_end),
		cmocka_unit_test(draws_nothing_of_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
