/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Exchange Server's message tracking log (MSGTRK*.LOG): comma-separated values in UTF-8, below lines
 * that begin with '#', of which #Fields names the columns. A message is told of many times on its
 * way through the server; source SMTP with the events RECEIVE, SEND and FAIL are hand-overs between
 * hosts, and others are left alone.
 *
 *	RECEIVE   client-ip delivered to server-ip
 *	SEND      client-ip, this server, delivered to server-ip
 *
 * Senders, recipients and subjects are in the row, too, and are not looked at.
 */
#include <string.h>

#include "base/cursor.h"
#include "evidence/delivery.h"
#include "evidence/log.h"

enum field {
	FIELD_TIME,
	FIELD_CLIENT_IP,
	FIELD_CLIENT_NAME,
	FIELD_SERVER_IP,
	FIELD_SERVER_NAME,
	FIELD_SOURCE,
	FIELD_EVENT,
	FIELD_MESSAGE_ID,
	FIELD_STATUS,
	FIELDS,
};

static const char *const field_names[FIELDS] = { "date-time", "client-ip", "client-hostname",
	"server-ip", "server-hostname", "source", "event-id", "message-id", "recipient-status" };

struct text {
	const uint8_t *bytes;
	size_t len;
};

struct msgtrk {
	bool named;                          /* a #Fields line was read */
	uint8_t field_of[LIMIT_LOG_COLUMNS]; /* + 1; 0: a column that is not used */
	struct delivery delivery;
};

static bool is_text(struct text t, const char *word)
{
	return t.len == strlen(word) && (t.len == 0 || memcmp(t.bytes, word, t.len) == 0);
}

/*
 * The next value; one in quotes ends at a quote that no other follows, and is given without
 * undoubling those within, as no field that is used has any. False: there is no more.
 */
static bool next_value(struct cursor *c, struct text *ret)
{
	size_t len;

	if (cursor_left(c) == 0)
		return false;
	if (c->base[c->pos] != '"') {
		ret->bytes = cursor_until(c, ',', &ret->len);
		return true;
	}
	cursor_skip(c, 1);
	*ret = (struct text){ .bytes = c->base + c->pos };
	while (cursor_until(c, '"', &len) != NULL) {
		ret->len += len;
		if (cursor_left(c) == 0 || c->base[c->pos] != '"')
			break;
		cursor_skip(c, 1);
		ret->len += 2;
	}
	(void)cursor_until(c, ',', &len);
	return true;
}

/* "#Fields: date-time,client-ip,..." */
static void read_fields(struct msgtrk *m, struct cursor *c)
{
	struct text name;

	memset(m->field_of, 0, sizeof(m->field_of));
	m->named = true;
	for (size_t column = 0; next_value(c, &name); column++)
		for (size_t i = 0; i < FIELDS && column < LIMIT_LOG_COLUMNS; i++)
			if (is_text(name, field_names[i]))
				m->field_of[column] = (uint8_t)(i + 1);
}

static bool msgtrk_header(void *state, const uint8_t *line, size_t len)
{
	static const char fields[] = "#Fields: ";
	static const char mark[] = "\xef\xbb\xbf"; /* UTF-8's, at the head of a file */
	struct cursor c = cursor_of(line, len);

	if (len >= 3 && memcmp(line, mark, 3) == 0)
		cursor_skip(&c, 3);
	if (cursor_left(&c) == 0 || c.base[c.pos] != '#')
		return false;
	if (cursor_left(&c) >= sizeof(fields) - 1 &&
	    memcmp(c.base + c.pos, fields, sizeof(fields) - 1) == 0) {
		cursor_skip(&c, sizeof(fields) - 1);
		read_fields(state, &c);
	}
	return true;
}

static bool read_end(struct endpoint *e, struct text address, struct text name)
{
	e->form = ENDPOINT_NONE;
	if (address.len > 0)
		return delivery_host(e, address.bytes, address.len);
	return name.len == 0 || delivery_host(e, name.bytes, name.len);
}

static const char *msgtrk_row(void *state, const uint8_t *line, size_t len, struct record *ret)
{
	struct msgtrk *m = state;
	struct delivery *d = &m->delivery;
	struct cursor c = cursor_of(line, len);
	struct text v[FIELDS] = { { .len = 0 } };
	struct text value;
	struct endpoint client, server;
	struct stamp time;

	if (!m->named)
		return "row before any #Fields line";
	for (size_t column = 0; next_value(&c, &value); column++)
		if (column < LIMIT_LOG_COLUMNS && m->field_of[column] != 0)
			v[m->field_of[column] - 1] = value;
	if (!is_text(v[FIELD_SOURCE], "SMTP") ||
	    (!is_text(v[FIELD_EVENT], "RECEIVE") && !is_text(v[FIELD_EVENT], "SEND")))
		return "row of another event";
	if (v[FIELD_TIME].len == 0 ||
	    !stamp_parse_iso((const char *)v[FIELD_TIME].bytes, v[FIELD_TIME].len, &time, NULL))
		return "bad time";
	delivery_begin(d, KIND_SMTP, time);
	if (!read_end(&client, v[FIELD_CLIENT_IP], v[FIELD_CLIENT_NAME]) ||
	    !read_end(&server, v[FIELD_SERVER_IP], v[FIELD_SERVER_NAME]) ||
	    !delivery_ends(d, &client, &server))
		return "bad address";
	if (is_text(v[FIELD_EVENT], "RECEIVE")) {
		delivery_reply(d, (const uint8_t *)"250", 3); /* the event is of what was taken */
		delivery_message_id(d, v[FIELD_MESSAGE_ID].bytes, v[FIELD_MESSAGE_ID].len);
	} else {
		delivery_reply(d, v[FIELD_STATUS].bytes, v[FIELD_STATUS].len);
		delivery_name(d, v[FIELD_SERVER_NAME].bytes, v[FIELD_SERVER_NAME].len, &server);
	}
	*ret = delivery_record(d);
	return NULL;
}

/* The head of a file names columns that only this log has together. */
static int msgtrk_probe(const uint8_t *head, size_t len)
{
	struct msgtrk m = { .named = false };
	struct cursor c = cursor_of(head, len);
	unsigned found = 0;
	const uint8_t *line;
	size_t line_len;

	while (!m.named && (line = log_head_line(&c, &line_len)) != NULL)
		if (!msgtrk_header(&m, line, line_len))
			return 0;
	for (size_t i = 0; i < LIMIT_LOG_COLUMNS; i++)
		found += m.field_of[i] != 0;
	return found == FIELDS ? 95 : 0;
}

static const struct log_kind msgtrk_kind = {
	.state_bytes = sizeof(struct msgtrk),
	.open_ended = true,
	.header = msgtrk_header,
	.row = msgtrk_row,
};

static bool msgtrk_open(struct stream *s, struct health *h, struct reader **ret, struct err *reterr)
{
	return log_open(&msgtrk_kind, s, h, ret, reterr);
}

static enum vantage msgtrk_vantage(const struct reader *r)
{
	(void)r;
	return VANTAGE_MAIL_SERVER;
}

const struct reader_format reader_msgtrk = {
	.name = "msgtrk",
	.about = "Exchange Server's message tracking log",
	.probe = msgtrk_probe,
	.open = msgtrk_open,
	.next = log_next,
	.close = log_close,
	.consumed = log_consumed,
	.resume = log_resume,
	.vantage = msgtrk_vantage,
};
