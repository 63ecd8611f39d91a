/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The evidence health table: what was given, what was read of it, and what was not. The name
 * comes last, because a file may be called anything.
 */
#include "report/report.h"

#include <limits.h>
#include <string.h>

#include "finding/words.h"
#include "report/style.h"
#include "report/table.h"
#include "report/visible.h"

static const struct table_column columns[] = {
	{ "state", false },
	{ "format", false },
	{ "records", true },
	{ "contacts", true },
	{ "first", false },
	{ "last", false },
	{ "name", false },
};

static void put_visible(struct buf *out, const char *text, const struct report_style *s)
{
	visible_put(out, text, strlen(text), !s->unicode);
}

static void add_line(struct table *t, const struct health_line *h, const struct report_style *s)
{
	put_visible(table_cell(t), h->state, s);
	put_visible(table_cell(t), h->format[0] == '\0' ? "-" : h->format, s);
	words_count(table_cell(t), h->records);
	words_count(table_cell(t), h->contacts);
	if (h->contacts > 0) {
		words_date(table_cell(t), h->first);
		words_date(table_cell(t), h->last);
	} else {
		buf_u8(table_cell(t), '-');
		buf_u8(table_cell(t), '-');
	}
	put_visible(table_cell(t), h->name, s);
}

void report_health(struct buf *out, const struct report_input *in, const struct report_style *style)
{
	struct table_layout layout;
	struct table t;

	table_init(&t, columns, COUNT_OF(columns), COUNT_OF(columns) - 1);
	t.above = true;
	for (size_t i = 0; i < in->health_count; i++)
		add_line(&t, &in->health[i], style);
	table_lay_out(&t, style->terminal ? style->columns : UINT_MAX, &layout);
	style_dim(out, style);
	table_write_head(&t, &layout, out);
	style_plain(out, style);
	buf_u8(out, '\n');
	for (size_t i = 0; i < table_rows(&t); i++) {
		const char *skipped = in->health[i].skipped;
		const char *losses = in->health[i].losses;

		table_write_row(&t, &layout, i, out);
		buf_u8(out, '\n');
		if (skipped != NULL && skipped[0] != '\0') {
			buf_text(out, "  skipped: ");
			put_visible(out, skipped, style);
			buf_u8(out, '\n');
		}
		if (losses != NULL && losses[0] != '\0') {
			buf_text(out, "  the sensor lost: ");
			put_visible(out, losses, style);
			buf_u8(out, '\n');
		}
	}
	table_close(&t, out);
}
