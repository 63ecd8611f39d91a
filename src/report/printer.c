/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A printer is a comma, a stack of one bit a level, and a buffer.
 */
#include "report/printer.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "base/cursor.h"
#include "base/decimal.h"
#include "report/unicode.h"

#define SIGNIFICANT_DIGITS 6

void printer_init(struct printer *p, struct buf *out)
{
	*p = (struct printer){ .out = out };
}

/* What stands before any value. */
static void begin_value(struct printer *p)
{
	assert(p->after_key == p->in_map[p->depth]);
	if (p->comma && !p->after_key)
		buf_u8(p->out, ',');
	p->comma = true;
	p->after_key = false;
}

static void begin(struct printer *p, bool map)
{
	begin_value(p);
	assert(p->depth < PRINTER_DEPTH_MAX);
	p->in_map[++p->depth] = map;
	p->comma = false;
	buf_u8(p->out, map ? '{' : '[');
}

void printer_begin_map(struct printer *p)
{
	begin(p, true);
}

void printer_begin_list(struct printer *p)
{
	begin(p, false);
}

void printer_end(struct printer *p)
{
	assert(p->depth > 0 && !p->after_key);
	buf_u8(p->out, p->in_map[p->depth--] ? '}' : ']');
	p->comma = true;
}

static void put_code(struct buf *out, uint32_t code)
{
	uint8_t utf8[UNICODE_UTF8_MAX];

	if (code == '"' || code == '\\') {
		buf_u8(out, '\\');
		buf_u8(out, (uint8_t)code);
	} else if (code == '\n') {
		buf_text(out, "\\n"); /* between paragraphs, as JSON printers commonly write it */
	} else if (!unicode_is_hidden(code) && code != UNICODE_REPLACEMENT) {
		buf_put(out, utf8, unicode_put(code, utf8));
	} else if (code > 0xffff) {
		buf_printf(out, "\\u%04x\\u%04x", 0xd800 + ((code - 0x10000) >> 10),
		    0xdc00 + (code & 0x3ff));
	} else {
		buf_printf(out, "\\u%04x", code);
	}
}

static void put_string(struct buf *out, const void *bytes, size_t len)
{
	struct cursor c = cursor_of(bytes, len);

	buf_u8(out, '"');
	while (cursor_left(&c) > 0)
		put_code(out, unicode_next(&c));
	buf_u8(out, '"');
}

void printer_map_key(struct printer *p, const char *key)
{
	assert(p->in_map[p->depth] && !p->after_key);
	if (p->comma)
		buf_u8(p->out, ',');
	put_string(p->out, key, strlen(key));
	buf_u8(p->out, ':');
	p->after_key = true;
}

void printer_string_len(struct printer *p, const void *bytes, size_t len)
{
	begin_value(p);
	put_string(p->out, bytes, len);
}

void printer_string(struct printer *p, const char *text)
{
	if (text == NULL)
		printer_null(p);
	else
		printer_string_len(p, text, strlen(text));
}

void printer_uinteger(struct printer *p, uint64_t value)
{
	begin_value(p);
	buf_printf(p->out, "%" PRIu64, value);
}

void printer_integer(struct printer *p, int64_t value)
{
	begin_value(p);
	buf_printf(p->out, "%" PRId64, value);
}

void printer_number(struct printer *p, double value)
{
	char text[DECIMAL_TEXT_MAX];
	size_t len = decimal_format(value, SIGNIFICANT_DIGITS, text);

	if (len == 0) {
		printer_null(p);
		return;
	}
	begin_value(p);
	buf_put(p->out, text, len);
}

void printer_boolean(struct printer *p, bool value)
{
	begin_value(p);
	buf_text(p->out, value ? "true" : "false");
}

void printer_null(struct printer *p)
{
	begin_value(p);
	buf_text(p->out, "null");
}

void printer_time(struct printer *p, struct stamp s)
{
	char text[STAMP_TEXT_MAX];
	size_t len = stamp_format_iso(s, text);

	printer_string_len(p, text, len);
}

void printer_epoch(struct printer *p, struct stamp s)
{
	char text[STAMP_TEXT_MAX];
	size_t len = stamp_format_epoch(s, text);

	begin_value(p);
	buf_put(p->out, text, len);
}

void printer_raw(struct printer *p, const void *bytes, size_t len)
{
	begin_value(p);
	buf_put(p->out, bytes, len);
}

void printer_line(struct printer *p)
{
	assert(p->depth == 0 && !p->after_key);
	buf_u8(p->out, '\n');
	p->comma = false;
}
