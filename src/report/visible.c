/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/visible.h"

#include <stdio.h>
#include <string.h>

#include "report/unicode.h"

static const char gap[] = "[...]";

size_t visible_next(struct cursor *c, bool ascii, char text[static VISIBLE_MAX])
{
	size_t start = c->pos;
	uint32_t code = unicode_next(c);
	uint8_t utf8[UNICODE_UTF8_MAX];
	size_t len = 0;

	if (code == UNICODE_REPLACEMENT) {
		for (size_t i = start; i < c->pos; i++)
			len +=
			    (size_t)snprintf(text + len, VISIBLE_MAX - len, "\\x%02x", c->base[i]);
		return len;
	}
	if (unicode_is_hidden(code) || (ascii && code > 0x7e))
		return (size_t)snprintf(text, VISIBLE_MAX, "\\u%04x", code);
	len = unicode_put(code, utf8);
	memcpy(text, utf8, len);
	text[len] = '\0';
	return len;
}

/* Characters, not bytes, of one step: an escape is as many as it has letters. */
static size_t step_width(const char *text, size_t len)
{
	return text[0] == '\\' ? len : 1;
}

/* Write the characters from number skip on, as far as the end. */
static void put_from(struct buf *out, const void *bytes, size_t len, bool ascii, size_t skip)
{
	struct cursor c = cursor_of(bytes, len);
	size_t at = 0;

	while (cursor_left(&c) > 0) {
		char text[VISIBLE_MAX];
		size_t n = visible_next(&c, ascii, text);

		if (at >= skip)
			buf_put(out, text, n);
		at += step_width(text, n);
	}
}

void visible_put(struct buf *out, const void *bytes, size_t len, bool ascii)
{
	put_from(out, bytes, len, ascii, 0);
}

size_t visible_width(const void *bytes, size_t len, bool ascii)
{
	struct cursor c = cursor_of(bytes, len);
	size_t width = 0;

	while (cursor_left(&c) > 0) {
		char text[VISIBLE_MAX];
		size_t n = visible_next(&c, ascii, text);

		width += step_width(text, n);
	}
	return width;
}

void visible_elide(struct buf *out, const void *bytes, size_t len, bool ascii, size_t width)
{
	size_t whole = visible_width(bytes, len, ascii);
	size_t room = width > sizeof(gap) - 1 ? width - (sizeof(gap) - 1) : 0;
	struct cursor c = cursor_of(bytes, len);
	size_t at = 0;

	if (whole <= width) {
		visible_put(out, bytes, len, ascii);
		return;
	}
	/* a name is known by its end more than by its beginning: the end has the larger half */
	while (at < room / 2) {
		char text[VISIBLE_MAX];
		size_t n = visible_next(&c, ascii, text);

		at += step_width(text, n);
		if (at <= room / 2)
			buf_put(out, text, n);
	}
	buf_text(out, gap);
	put_from(out, bytes, len, ascii, whole - (room - room / 2));
}
