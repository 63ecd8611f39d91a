/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/csv_row.h"

#include <inttypes.h>
#include <string.h>

#include "base/decimal.h"
#include "report/visible.h"

#define SIGNIFICANT_DIGITS 6

static void begin_cell(struct csv_row *r)
{
	if (r->begun)
		buf_u8(r->out, ',');
	r->begun = true;
}

void csv_row_bytes(struct csv_row *r, const void *bytes, size_t len)
{
	struct cursor c = cursor_of(bytes, len);
	char text[VISIBLE_MAX];

	begin_cell(r);
	buf_u8(r->out, '"');
	if (len > 0 && memchr("=+-@\t\r", *(const char *)bytes, 6) != NULL)
		buf_u8(r->out, '\'');
	while (cursor_left(&c) > 0) {
		size_t n = visible_next(&c, false, text);

		if (n == 1 && text[0] == '"')
			buf_u8(r->out, '"');
		buf_put(r->out, text, n);
	}
	buf_u8(r->out, '"');
}

void csv_row_text(struct csv_row *r, const char *text)
{
	if (text == NULL)
		begin_cell(r);
	else
		csv_row_bytes(r, text, strlen(text));
}

void csv_row_endpoint(struct csv_row *r, const struct endpoint *e)
{
	char text[ENDPOINT_TEXT_MAX];
	size_t len = endpoint_format(e, text);

	csv_row_bytes(r, text, len);
}

void csv_row_number(struct csv_row *r, double value)
{
	char text[DECIMAL_TEXT_MAX];
	size_t len = decimal_format(value, SIGNIFICANT_DIGITS, text);

	begin_cell(r);
	buf_put(r->out, text, len);
}

void csv_row_count(struct csv_row *r, uint64_t value)
{
	begin_cell(r);
	buf_printf(r->out, "%" PRIu64, value);
}

void csv_row_time(struct csv_row *r, struct stamp s)
{
	char text[STAMP_TEXT_MAX];
	size_t len = stamp_format_iso(s, text);

	begin_cell(r);
	buf_put(r->out, text, len);
}

void csv_row_end(struct csv_row *r)
{
	buf_text(r->out, "\r\n");
	r->begun = false;
}
