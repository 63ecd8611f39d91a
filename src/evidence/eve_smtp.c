/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Of "smtp" only what the client calls itself is read, of "email" (which needs extended logging
 * for it) date and Message-ID; who wrote to whom is not looked at. No event has the server's
 * replies, so a contact tells of the client's side alone.
 */
#include "evidence/eve_smtp.h"

#include "wire/port.h"

#define TEXT_MAX 1280 /* decoded; what is longer is no name and no date */

enum {
	SLOT_HELO,
	SMTP_SLOTS,
};

enum {
	SLOT_DATE,
	SLOT_MESSAGE_ID,
	EMAIL_SLOTS,
};

static const struct json_key smtp_keys[] = {
	{ "helo", SLOT_HELO },
};

static const struct json_key email_keys[] = {
	{ "date", SLOT_DATE },
	{ "message_id", SLOT_MESSAGE_ID },
};

void eve_smtp_init(struct eve_smtp *s)
{
	json_keys_init(&s->smtp_keys, smtp_keys, COUNT_OF(smtp_keys), SMTP_SLOTS);
	json_keys_init(&s->email_keys, email_keys, COUNT_OF(email_keys), EMAIL_SLOTS);
	s->is_ready = false;
}

typedef void take_text(struct delivery *d, const uint8_t *text, size_t len);

static void take(struct delivery *d, take_text *taker, const struct json_value *v)
{
	uint8_t room[TEXT_MAX];
	const uint8_t *text;
	size_t len;

	if (v->kind == JSON_STRING && json_text(v, room, sizeof(room), &text, &len))
		taker(d, text, len);
}

const char *eve_smtp_take(
    struct eve_smtp *s, const struct eve_event *event, const struct json_value *email)
{
	const bool turned =
	    port_is_mail(event->source_port) && !port_is_mail(event->destination_port);
	struct json_value smtp[SMTP_SLOTS], mail[EMAIL_SLOTS];
	struct delivery *d = &s->delivery;
	struct endpoint source, destination;
	struct cursor c = cursor_of(event->body.bytes, event->body.len);

	if (event->body.kind != JSON_OBJECT || !json_line_read(&s->smtp_keys, &c, smtp))
		return "no smtp in EVE event";
	endpoint_from_addr(&source, &event->source);
	endpoint_from_addr(&destination, &event->destination);
	delivery_begin(d, KIND_SMTP, event->time);
	/* the source is the client, but for a flow that was picked up midway */
	if (!delivery_ends(d, turned ? &destination : &source, turned ? &source : &destination))
		return "bad address";
	take(d, delivery_helo, &smtp[SLOT_HELO]);
	c = cursor_of(email->bytes, email->len);
	if (email->kind == JSON_OBJECT && json_line_read(&s->email_keys, &c, mail)) {
		take(d, delivery_message_id, &mail[SLOT_MESSAGE_ID]);
		take(d, delivery_date, &mail[SLOT_DATE]);
	}
	s->is_ready = true;
	return NULL;
}

bool eve_smtp_next(struct eve_smtp *s, struct record *ret)
{
	if (!s->is_ready)
		return false;
	s->is_ready = false;
	*ret = delivery_record(&s->delivery);
	return true;
}
