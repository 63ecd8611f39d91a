/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "report/markup.h"
#include "report/plot.h"
#include "report/svg.h"

static void closes_what_it_opens(void **state)
{
	static const char want[] =
	    "<p class=\"a\">1 &lt; 2 &amp; &quot;3&quot;&#39;<code>x</code>7</p>\n"
	    "<rect width=\"3\"/>\n<div></div>\n";
	struct markup m;
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	markup_init(&m, &b);
	markup_begin(&m, "p");
	markup_attr(&m, "class", "a");
	markup_text(&m, "1 < 2 & \"3\"'");
	markup_element(&m, "code", NULL, "x");
	buf_text(markup_words(&m), "7");
	markup_end(&m);
	markup_begin(&m, "rect");
	markup_attr_uint(&m, "width", 3);
	markup_end(&m);
	markup_begin(&m, "div");
	markup_end(&m);
	assert_int_equal(b.len, strlen(want));
	assert_memory_equal(b.bytes, want, b.len);
	buf_release(&b);
}

/* No byte leaves an attribute, whichever it is. */
static void keeps_every_byte_inside_its_quotes(void **state)
{
	(void)state;
	for (unsigned byte = 0; byte < 256; byte++) {
		uint8_t value[3] = { 'a', (uint8_t)byte, 'z' };
		struct markup m;
		struct buf b;

		buf_init(&b, 4096);
		markup_init(&m, &b);
		markup_begin(&m, "p");
		markup_attr_len(&m, "title", value, sizeof(value));
		for (size_t i = strlen("<p title=\""); i + 1 < b.len; i++) {
			assert_true(b.bytes[i] >= 0x20 && b.bytes[i] < 0x7f);
			assert_null(strchr("<>\"'", b.bytes[i]));
		}
		assert_int_equal(b.bytes[b.len - 1], '"');
		buf_release(&b);
	}
}

static void holds_any_record_in_so_many_columns(void **state)
{
	(void)state;
	assert_int_equal(plot_days_per_column(1), 1);
	assert_int_equal(plot_days_per_column(366), 1);
	assert_int_equal(plot_days_per_column(367), 7);
	for (size_t days = 1; days < 250000; days += 97) {
		size_t step = plot_days_per_column(days);

		assert_true((days + step - 1) / step <= PLOT_COLUMNS_MAX);
	}
}

/* A busy hour in every hour of every day of a century, in the worst order for runs of shades. */
static void draws_the_worst_raster_small(void **state)
{
	static uint32_t hours[36500][24];
	const struct finding_raster r = { 0, 36500, (const uint32_t(*)[24])hours };
	struct markup m;
	struct buf b;

	(void)state;
	for (size_t day = 0; day < r.days; day++)
		for (size_t hour = 0; hour < 24; hour++)
			hours[day][hour] = hour % 2 == 0 ? UINT32_MAX : 1;
	buf_init(&b, 200000);
	markup_init(&m, &b);
	svg_raster(&m, &r);
	assert_true(buf_ok(&b));
	assert_int_equal(m.depth, 0);
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(closes_what_it_opens),
		cmocka_unit_test(keeps_every_byte_inside_its_quotes),
		cmocka_unit_test(holds_any_record_in_so_many_columns),
		cmocka_unit_test(draws_the_worst_raster_small),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
