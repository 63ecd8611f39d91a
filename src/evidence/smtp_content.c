/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * DATA ends at CRLF "." CRLF alone. Some servers also take a dot between bare line feeds for the
 * end (is_loose_end), which only their reply shows. The header goes through two short lines; of
 * the body only the length of the line, its first and its last octet are looked at.
 */
#include "evidence/smtp_content.h"

#include <string.h>

#include "evidence/delivery.h"
#include "wire/tcp_stream.h"

enum field {
	FIELD_OTHER,
	FIELD_MESSAGE_ID,
	FIELD_DATE,
};

/* The field that has come to its end; the first of each counts. */
static void end_field(struct smtp_content *c)
{
	struct smtp_header *h = &c->header;
	const struct smtp_line *v = &c->value;

	if (!v->is_long && c->field == FIELD_MESSAGE_ID && h->message_id.form == ENDPOINT_NONE)
		(void)!delivery_domain(&h->message_id, v->bytes, v->len);
	if (!v->is_long && c->field == FIELD_DATE && !h->has_date)
		h->has_date = mail_date_parse(v->bytes, v->len, &h->date);
	smtp_line_wipe(&c->value);
	c->field = FIELD_OTHER;
}

void smtp_content_close(struct smtp_content *c)
{
	end_field(c);
	smtp_line_wipe(&c->line);
	c->is_header_done = true;
}

void smtp_content_begin(struct smtp_content *c)
{
	smtp_content_close(c);
	memset(&c->header, 0, sizeof(c->header));
	c->is_header_done = false;
}

void smtp_content_data(struct smtp_content *c)
{
	c->is_chunk = c->has_any = c->has_hole = c->is_loose_end = false;
	c->line_len = 0;
	c->is_cr = c->is_dot = false;
	c->behind_crlf = true;
}

void smtp_content_chunk(struct smtp_content *c, uint64_t count)
{
	c->is_chunk = true;
	c->has_any = c->has_hole = c->is_loose_end = false;
	c->chunk_left = count;
}

static void begin_field(struct smtp_content *c, size_t name_len)
{
	const struct smtp_line *l = &c->line;

	if (smtp_line_is(l->bytes, name_len, "Message-ID"))
		c->field = FIELD_MESSAGE_ID;
	else if (smtp_line_is(l->bytes, name_len, "Date"))
		c->field = FIELD_DATE;
	else
		return;
	smtp_line_add(&c->value, l->bytes + name_len + 1, l->len - name_len - 1);
	c->value.is_long = c->value.is_long || l->is_long;
}

/* The header ends with an empty line, or one that is no field. */
static void take_header(struct smtp_content *c, const uint8_t *piece, size_t len)
{
	struct smtp_line *l = &c->line;
	const uint8_t *colon;

	if (!smtp_line_collect(l, piece, len))
		return;
	if (l->len > 0 && (l->bytes[0] == ' ' || l->bytes[0] == '\t')) {
		if (c->field != FIELD_OTHER)
			smtp_line_add(&c->value, l->bytes, l->len);
		c->value.is_long = c->value.is_long || l->is_long;
	} else {
		end_field(c);
		colon = l->len == 0 ? NULL : memchr(l->bytes, ':', l->len);
		if (colon == NULL)
			c->is_header_done = true;
		else
			begin_field(c, (size_t)(colon - l->bytes));
	}
	smtp_line_wipe(l);
}

static bool read_data(struct smtp_content *c, struct cursor *bytes)
{
	size_t len;
	const uint8_t *piece = smtp_line_piece(bytes, UINT64_MAX, &len);
	const bool is_ended = piece[len - 1] == '\n';
	const size_t text_len = len - is_ended;
	bool is_strict;

	c->has_any = true;
	c->is_loose_end = false;
	if (text_len > 0) {
		c->is_dot = c->line_len == 0 ? piece[0] == '.' : c->is_dot;
		c->is_cr = piece[text_len - 1] == '\r';
		c->line_len = c->line_len + text_len < 3 ? (uint8_t)(c->line_len + text_len) : 3;
	}
	if (!c->is_header_done)
		take_header(c, piece, len);
	if (!is_ended)
		return false;
	c->is_loose_end = c->is_dot && (c->line_len == 1 || (c->line_len == 2 && c->is_cr));
	is_strict = c->is_loose_end && c->is_cr && c->behind_crlf;
	c->behind_crlf = c->is_cr;
	c->line_len = 0;
	c->is_cr = c->is_dot = false;
	return is_strict;
}

static bool read_chunk(struct smtp_content *c, struct cursor *bytes)
{
	const uint8_t *piece;
	size_t len =
	    cursor_left(bytes) < c->chunk_left ? cursor_left(bytes) : (size_t)c->chunk_left;

	if (c->is_header_done) {
		cursor_skip(bytes, len);
	} else {
		piece = smtp_line_piece(bytes, c->chunk_left, &len);
		take_header(c, piece, len);
	}
	c->chunk_left -= len;
	return c->chunk_left == 0;
}

bool smtp_content_read(struct smtp_content *c, struct cursor *bytes)
{
	return c->is_chunk ? read_chunk(c, bytes) : read_data(c, bytes);
}

bool smtp_content_miss(struct smtp_content *c, uint32_t count, bool *ret_ended)
{
	*ret_ended = false;
	smtp_content_close(c);
	if (c->is_chunk) {
		if (count == TCP_MANY || count > c->chunk_left)
			return false;
		c->chunk_left -= count;
		*ret_ended = c->chunk_left == 0;
		return true;
	}
	c->has_any = c->has_hole = true;
	c->line_len = 3;
	c->is_loose_end = false;
	return true;
}
