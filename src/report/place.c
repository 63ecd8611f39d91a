/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/place.h"

#include <inttypes.h>
#include <string.h>

#include "report/visible.h"

void place_init(struct place *p, enum place_form form)
{
	memset(p, 0, sizeof(*p));
	p->form = form;
	p->line = 1;
	p->in_head = form == PLACE_COLUMNS;
}

void place_clear(struct place_words *w)
{
	w->len = 0;
}

void place_keep(struct place_words *w, uint8_t byte)
{
	if (w->len < sizeof(w->bytes))
		w->bytes[w->len++] = (char)byte;
}

void place_put(struct buf *out, const struct place_words *w)
{
	visible_put(out, w->bytes, w->len, false);
}

/* RFC 4180; the first cell of a line is kept, to name the line by. */
static void step_columns(struct place *p, uint8_t byte)
{
	if (byte == '"') {
		p->quoted = !p->quoted;
		p->token = p->at + 1;
		return;
	}
	if (p->quoted || (byte != ',' && byte != '\n')) {
		if (byte == ' ')
			p->token = p->at + 1;
		if (p->in_head && p->column < PLACE_COLUMNS_MAX)
			place_keep(&p->columns[p->column], byte);
		else if (!p->in_head && p->column == 1)
			place_keep(&p->row, byte);
		return;
	}
	p->token = p->at + 1;
	p->column++;
	if (byte == ',')
		return;
	p->column = 0;
	p->in_head = false;
	place_clear(&p->row);
}

static void say_columns(const struct place *p, struct buf *out)
{
	buf_printf(out, "line %" PRIu64, p->line);
	if (p->row.len > 0) {
		buf_text(out, " (");
		place_put(out, &p->row);
		buf_u8(out, ')');
	}
	if (p->column < PLACE_COLUMNS_MAX && p->columns[p->column].len > 0) {
		buf_text(out, ", ");
		place_put(out, &p->columns[p->column]);
	}
}

void place_feed(struct place *p, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++, p->at++) {
		switch (p->form) {
		case PLACE_PAGE:
			place_page_step(p, bytes[i]);
			break;
		case PLACE_JSON:
			place_json_step(p, bytes[i]);
			break;
		case PLACE_COLUMNS:
			step_columns(p, bytes[i]);
			break;
		case PLACE_LINES:
			if (bytes[i] == ' ' || bytes[i] == '\n')
				p->token = p->at + 1;
			break;
		}
		p->line += bytes[i] == '\n';
	}
}

bool place_ends(const struct place *p, uint8_t byte)
{
	switch (p->form) {
	case PLACE_PAGE:
		return strchr("<>\" \n", byte) != NULL && byte != '\0';
	case PLACE_JSON:
		return byte != '\0' && strchr(p->quoted ? "\" \n" : "\",:{}[]\n", byte) != NULL;
	case PLACE_COLUMNS:
		return byte != '\0' && strchr(p->quoted ? "\" " : "\",\n", byte) != NULL;
	case PLACE_LINES:
		break;
	}
	return byte == ' ' || byte == '\n';
}

void place_say(const struct place *p, struct buf *out)
{
	switch (p->form) {
	case PLACE_PAGE:
		place_page_say(p, out);
		break;
	case PLACE_JSON:
		place_json_say(p, out);
		break;
	case PLACE_COLUMNS:
		say_columns(p, out);
		break;
	case PLACE_LINES:
		buf_printf(out, "line %" PRIu64, p->line);
		break;
	}
}
