/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A page as markup.c writes it: every element closed, every attribute in double quotes, and no
 * bare < > or " in a text. Its headings, captions and heads of rows say where one is.
 */
#include <string.h>

#include "report/place.h"

static bool is(const struct place_words *w, const char *text)
{
	return w->len == strlen(text) && memcmp(w->bytes, text, w->len) == 0;
}

static void keep_in(struct place *p, struct place_words *w)
{
	place_clear(w);
	p->kept = w;
}

static void begin_table(struct place *p)
{
	p->in_head = true;
	p->column = 0;
	for (size_t i = 0; i < PLACE_COLUMNS_MAX; i++)
		place_clear(&p->columns[i]);
}

/* The first cell of a row has column 1. */
static void begin_cell(struct place *p)
{
	p->column++;
	if (p->in_head && p->column <= PLACE_COLUMNS_MAX)
		keep_in(p, &p->columns[p->column - 1]);
	else if (is(&p->tag, "th"))
		keep_in(p, &p->row);
}

static void begin_element(struct place *p)
{
	if (is(&p->tag, "h2")) {
		keep_in(p, &p->finding);
		place_clear(&p->part);
	} else if (is(&p->tag, "h3")) {
		keep_in(p, &p->part);
	} else if (is(&p->tag, "table")) {
		begin_table(p);
	} else if (is(&p->tag, "tbody")) {
		p->in_head = false;
	} else if (is(&p->tag, "tr")) {
		p->column = 0;
		place_clear(&p->row);
	} else if (is(&p->tag, "th") || is(&p->tag, "td")) {
		begin_cell(p);
	}
}

static void end_element(struct place *p)
{
	if (is(&p->tag, "/h2") || is(&p->tag, "/h3") || is(&p->tag, "/th"))
		p->kept = NULL;
	else if (is(&p->tag, "/svg"))
		place_clear(&p->picture);
	else if (is(&p->tag, "/table"))
		p->column = 0;
	else if (is(&p->tag, "/tr"))
		place_clear(&p->row);
}

/* <td/>: nothing is in it. */
static bool closes_itself(const struct place *p)
{
	const struct place_words *w = p->attribute.len > 0 ? &p->attribute : &p->tag;

	return w->len > 0 && w->bytes[w->len - 1] == '/';
}

static void end_tag(struct place *p)
{
	if (p->tag.len > 0 && p->tag.bytes[0] == '/')
		end_element(p);
	else
		begin_element(p);
	if (closes_itself(p) && !is(&p->tag, "wbr/"))
		p->kept = NULL;
	place_clear(&p->attribute);
	p->in_tag = false;
	p->token = p->at + 1;
}

static void step_tag(struct place *p, uint8_t byte)
{
	if (p->quoted) {
		if (byte == '"')
			p->quoted = false;
		if (byte == '"' || byte == ' ')
			p->token = p->at + 1;
		if (byte != '"' && is(&p->attribute, " aria-label") && is(&p->tag, "svg"))
			place_keep(&p->picture, byte);
		return;
	}
	if (byte == '>') {
		end_tag(p);
	} else if (byte == '"') {
		p->quoted = true;
		p->token = p->at + 1;
	} else if (byte == ' ') {
		/* with its space, so that one is never empty */
		place_clear(&p->attribute);
		place_keep(&p->attribute, byte);
	} else if (p->attribute.len > 0 && byte != '=') {
		place_keep(&p->attribute, byte);
	} else if (byte != '=') {
		place_keep(&p->tag, byte);
	}
}

void place_page_step(struct place *p, uint8_t byte)
{
	if (p->in_tag) {
		step_tag(p, byte);
		return;
	}
	if (byte == '<') {
		p->in_tag = true;
		p->quoted = false;
		place_clear(&p->tag);
		place_clear(&p->attribute);
	}
	if (byte == '<' || byte == ' ' || byte == '\n')
		p->token = p->at + 1;
	if (byte != '<' && p->kept != NULL)
		place_keep(p->kept, byte);
}

static void say(struct buf *out, const struct place_words *w)
{
	if (w->len == 0)
		return;
	buf_text(out, ", ");
	place_put(out, w);
}

void place_page_say(const struct place *p, struct buf *out)
{
	if (p->finding.len > 0)
		place_put(out, &p->finding);
	else
		buf_text(out, "the head of the page");
	say(out, &p->part);
	say(out, &p->row);
	if (p->column > 0 && p->column <= PLACE_COLUMNS_MAX && p->row.len > 0)
		say(out, &p->columns[p->column - 1]);
	if (p->picture.len > 0) {
		buf_text(out, ", the picture '");
		place_put(out, &p->picture);
		buf_u8(out, '\'');
	}
	if (p->attribute.len > 0)
		buf_u8(out, ',');
	place_put(out, &p->attribute);
}
