/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A hop vouches for the one below it if the host that it had the message from, by what that host
 * said or what the DNS said, is the one that wrote the hop below. Its address is then also that
 * host's, so that a host is one and the same when it receives and when it delivers. A clock may be
 * wrong, but not by more than CLOCK_SLACK_NS: a message cannot arrive before it was sent.
 */
#include "evidence/mail_path.h"

#include <string.h>

#include "wire/received.h"

#define CLOCK_SLACK_NS (600 * NS_PER_S)

void mail_path_clear(struct mail_path *p)
{
	explicit_bzero(p->message_id, sizeof(p->message_id));
	explicit_bzero(p->date, sizeof(p->date));
	p->message_id_len = 0;
	p->date_len = 0;
	p->hop_count = 0;
	p->next = 0;
	p->said = false;
}

static void keep(uint8_t *room, size_t *ret_len, const uint8_t *value, size_t len)
{
	if (*ret_len > 0)
		return;
	*ret_len = len < MAIL_TEXT_BYTES ? len : MAIL_TEXT_BYTES;
	if (*ret_len > 0)
		memcpy(room, value, *ret_len);
}

void mail_path_message_id(struct mail_path *p, const uint8_t *value, size_t len)
{
	keep(p->message_id, &p->message_id_len, value, len);
}

void mail_path_date(struct mail_path *p, const uint8_t *value, size_t len)
{
	keep(p->date, &p->date_len, value, len);
}

static void read_host(struct endpoint *e, struct received_text text)
{
	if (text.bytes == NULL || !delivery_host(e, text.bytes, text.len))
		e->form = ENDPOINT_NONE;
}

static bool is_loopback(const struct endpoint *e)
{
	return e->form == ENDPOINT_V4 && e->bytes[0] == 127;
}

void mail_path_received(struct mail_path *p, const uint8_t *value, size_t len)
{
	struct mail_hop *h = &p->hops[p->hop_count];
	struct received r;

	if (p->hop_count == LIMIT_MAIL_HOPS)
		return;
	p->hop_count++;
	h->why = "Received field that names no host";
	h->said.form = h->name.form = h->client.form = h->by.form = ENDPOINT_NONE;
	h->vouched = false;
	if (!received_parse(value, len, &r))
		return;
	read_host(&h->said, r.said);
	read_host(&h->name, r.name);
	if (r.by.bytes == NULL || !delivery_self(&h->by, r.by.bytes, r.by.len))
		h->by.form = ENDPOINT_NONE;
	endpoint_from_addr(&h->client, &r.address);
	if (h->client.form == ENDPOINT_NONE)
		h->client = h->name.form != ENDPOINT_NONE ? h->name : h->said;
	h->date = r.date;
	h->time = r.date.time;
	if (h->client.form == ENDPOINT_NONE || h->by.form == ENDPOINT_NONE)
		h->why = "Received field without both hosts";
	else if (is_loopback(&h->client) || endpoint_cmp(&h->client, &h->by) == 0)
		h->why = "hand-over within the host";
	else
		h->why = r.dated ? NULL : "Received field without a date";
}

static bool is_same(const struct endpoint *a, const struct endpoint *b)
{
	return a->form != ENDPOINT_NONE && endpoint_cmp(a, b) == 0;
}

/* Did this hop have the message from who wrote that one? */
static bool had_from(const struct mail_hop *h, const struct mail_hop *below)
{
	return is_same(&h->said, &below->by) || is_same(&h->name, &below->by) ||
	       is_same(&h->client, &below->by);
}

/* From the top; what hosts do within themselves lies between, and is passed over. */
void mail_path_settle(struct mail_path *p)
{
	const struct mail_hop *above = NULL;

	for (size_t i = 0; i < p->hop_count; i++) {
		struct mail_hop *h = &p->hops[i];

		h->server = h->by;
		if (h->why != NULL)
			continue;
		if (above != NULL && had_from(above, h)) {
			h->server = above->client;
			h->vouched =
			    above->vouched && h->time.ns - above->time.ns <= CLOCK_SLACK_NS;
		} else {
			h->vouched = above == NULL;
		}
		if (endpoint_cmp(&h->server, &h->client) == 0)
			h->server = h->by;
		above = h;
	}
}

/* The zone of the server's clock is a fact about it; what it is called there, too. */
static void add_facts(struct delivery *d, const struct mail_hop *h)
{
	char text[ENDPOINT_TEXT_MAX];

	if (h->name.form == ENDPOINT_NAME)
		delivery_name(
		    d, (const uint8_t *)text, endpoint_format(&h->name, text), &h->client);
	if (h->said.form == ENDPOINT_NAME)
		delivery_helo(d, (const uint8_t *)text, endpoint_format(&h->said, text));
	if (h->by.form == ENDPOINT_NAME && h->server.form != ENDPOINT_NAME)
		delivery_name(d, (const uint8_t *)text, endpoint_format(&h->by, text), &h->server);
	if (h->date.zoned)
		delivery_clock(d, &h->server, &h->by, &h->date);
}

static void say(struct mail_path *p)
{
	delivery_message_id(&p->delivery, p->message_id, p->message_id_len);
	delivery_date(&p->delivery, p->date, p->date_len);
	p->said = true;
}

/* Of a message without any hop, the domain of its Message-ID is all that is known of its origin. */
static enum next say_alone(struct mail_path *p, struct record *ret)
{
	const struct endpoint none = { .form = ENDPOINT_NONE };
	struct delivery *d = &p->delivery;
	struct endpoint domain;
	struct mail_date date;

	p->said = true;
	if (!delivery_domain(&domain, p->message_id, p->message_id_len) ||
	    !mail_date_parse(p->date, p->date_len, &date))
		return NEXT_END;
	delivery_begin(d, KIND_MAIL, date.time);
	if (!delivery_ends(d, &domain, &none))
		return NEXT_END;
	say(p);
	*ret = delivery_record(d);
	ret->contact = NULL;
	return NEXT_ITEM;
}

/* Is the hop that was given last the earliest that is vouched for? */
static bool is_origin(const struct mail_path *p)
{
	if (!p->hops[p->next - 1].vouched)
		return false;
	for (size_t i = p->next; i < p->hop_count; i++)
		if (p->hops[i].vouched)
			return false;
	return true;
}

enum next mail_path_next(struct mail_path *p, struct record *ret, const char **ret_why)
{
	struct delivery *d = &p->delivery;
	const struct mail_hop *h;

	if (p->next == p->hop_count)
		return p->said ? NEXT_END : say_alone(p, ret);
	h = &p->hops[p->next++];
	if (h->why != NULL) {
		*ret_why = h->why;
		return NEXT_SKIPPED;
	}
	delivery_begin(d, KIND_MAIL, h->time);
	d->contact.seen = h->vouched ? SEEN_BOTH : SEEN_RESPONSE;
	if (!delivery_ends(d, &h->client, &h->server))
		return NEXT_END; /* not reached: both are there */
	/* what may be made up binds no names */
	if (h->vouched)
		add_facts(d, h);
	/* the message was written at the other end of the first hop that it took */
	if (is_origin(p))
		say(p);
	*ret = delivery_record(d);
	return NEXT_ITEM;
}
