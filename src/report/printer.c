/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A printer is a comma, a stack of one bit a level, and a buffer. The digits come from the C
 * library, which rounds correctly, so they are the same on every machine; the decimal point, which
 * the locale may change, is set here.
 */
#include "report/printer.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
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

/* ret[0..5] = the digits, rounded; returns the power of ten of the first. */
static int decimal_digits(double magnitude, char ret[static SIGNIFICANT_DIGITS])
{
	char text[PRINTER_NUMBER_MAX];
	const char *exponent;

	(void)snprintf(text, sizeof(text), "%.*e", SIGNIFICANT_DIGITS - 1, magnitude);
	exponent = strchr(text, 'e');
	assert(exponent != NULL && exponent - text >= SIGNIFICANT_DIGITS);
	/* between the first digit and the others stands the locale's point, of one byte or more */
	ret[0] = text[0];
	memcpy(ret + 1, exponent - (SIGNIFICANT_DIGITS - 1), SIGNIFICANT_DIGITS - 1);
	return (int)strtol(exponent + 1, NULL, 10);
}

size_t printer_number_format(double value, char text[static PRINTER_NUMBER_MAX])
{
	char digits[SIGNIFICANT_DIGITS];
	int count = SIGNIFICANT_DIGITS;
	bool scientific;
	size_t len = 0;
	int power;
	int point; /* digits before the point */

	text[0] = '\0';
	if (!isfinite(value))
		return 0;
	power = decimal_digits(fabs(value), digits);
	while (count > 1 && digits[count - 1] == '0')
		count--;
	if (value < 0)
		text[len++] = '-';
	scientific = power < -4 || power >= SIGNIFICANT_DIGITS;
	point = scientific ? 1 : power + 1;
	if (point <= 0)
		len += (size_t)snprintf(text + len, 8, "0.%.*s", -point, "0000");
	for (int i = 0; i < count || i < point; i++) {
		if (i == point && point > 0)
			text[len++] = '.';
		text[len++] = i < count ? digits[i] : '0';
	}
	text[len] = '\0';
	if (scientific)
		len += (size_t)snprintf(text + len, 8, "e%d", power);
	return len;
}

void printer_number(struct printer *p, double value)
{
	char text[PRINTER_NUMBER_MAX];
	size_t len = printer_number_format(value, text);

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

void printer_line(struct printer *p)
{
	assert(p->depth == 0 && !p->after_key);
	buf_u8(p->out, '\n');
	p->comma = false;
}
