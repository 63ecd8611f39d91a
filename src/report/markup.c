/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * "Polyglot markup" (W3C, 2015): void elements end in "/>", all others have an end tag, so that
 * a browser and xmllint read the same tree.
 */
#include "report/markup.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "base/attr.h"
#include "base/cursor.h"
#include "report/visible.h"

void markup_init(struct markup *m, struct buf *out)
{
	*m = (struct markup){ .out = out };
}

static bool is_one_of(const char *element, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(element, list[i]) == 0)
			return true;
	return false;
}

static void close_tag(struct markup *m)
{
	if (m->tag_open)
		buf_u8(m->out, '>');
	m->tag_open = false;
}

void markup_begin(struct markup *m, const char *element)
{
	close_tag(m);
	assert(m->depth < MARKUP_DEPTH_MAX);
	m->stack[m->depth++] = element;
	buf_printf(m->out, "<%s", element);
	m->tag_open = true;
}

void markup_end(struct markup *m)
{
	static const char *const leaves[] = { "meta", "wbr", "col", "rect", "path", "line" };
	static const char *const in_line[] = { "a", "bdi", "code", "span", "strong", "sup", "td",
		"th", "text", "wbr" };
	const char *element;

	assert(m->depth > 0);
	element = m->stack[--m->depth];
	if (m->tag_open && is_one_of(element, leaves, COUNT_OF(leaves))) {
		buf_text(m->out, "/>");
		m->tag_open = false;
	} else {
		close_tag(m);
		buf_printf(m->out, "</%s>", element);
	}
	/* a line end for the reader of the source, where it cannot show */
	if (!is_one_of(element, in_line, COUNT_OF(in_line)))
		buf_u8(m->out, '\n');
}

static void put_escaped(struct buf *out, const void *bytes, size_t len)
{
	struct cursor c = cursor_of(bytes, len);

	while (cursor_left(&c) > 0) {
		char text[VISIBLE_MAX];
		size_t n = visible_next(&c, false, text);

		switch (text[0]) {
		case '<':
			buf_text(out, "&lt;");
			break;
		case '>':
			buf_text(out, "&gt;");
			break;
		case '&':
			buf_text(out, "&amp;");
			break;
		case '"':
			buf_text(out, "&quot;");
			break;
		case '\'':
			buf_text(out, "&#39;");
			break;
		default:
			buf_put(out, text, n);
			break;
		}
	}
}

void markup_attr_len(struct markup *m, const char *name, const void *value, size_t len)
{
	assert(m->tag_open);
	buf_printf(m->out, " %s=\"", name);
	put_escaped(m->out, value, len);
	buf_u8(m->out, '"');
}

void markup_attr(struct markup *m, const char *name, const char *value)
{
	markup_attr_len(m, name, value, strlen(value));
}

void markup_attr_uint(struct markup *m, const char *name, uint64_t value)
{
	assert(m->tag_open);
	buf_printf(m->out, " %s=\"%" PRIu64 "\"", name, value);
}

void markup_text_len(struct markup *m, const void *text, size_t len)
{
	close_tag(m);
	put_escaped(m->out, text, len);
}

void markup_text(struct markup *m, const char *text)
{
	markup_text_len(m, text, strlen(text));
}

struct buf *markup_words(struct markup *m)
{
	close_tag(m);
	return m->out;
}

void markup_element(struct markup *m, const char *element, const char *class, const char *text)
{
	markup_begin(m, element);
	if (class != NULL)
		markup_attr(m, "class", class);
	markup_text(m, text);
	markup_end(m);
}
