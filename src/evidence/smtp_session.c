/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A session lives from its first octet until both directions have ended, until its ports begin
 * another one, or until it has to make room. All work is done in smtp_sessions_next(), one record
 * at a time. What a session held is wiped when it goes.
 */
#include "evidence/smtp_session.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/pages.h"
#include "evidence/delivery.h"
#include "evidence/smtp_dialog.h"
#include "wire/flow_table.h"
#include "wire/ip.h"
#include "wire/port.h"

static const char why_too_many[] = "too many mail sessions at a time";
static const char why_unfinished[] = "mail session cut by the end of the capture";

struct session {
	struct addr client;
	struct addr server;
	uint8_t digits;
	bool has_ended[SMTP_SIDES];
	struct smtp_dialog dialog;
};

struct smtp_sessions {
	struct health *health;
	struct flow_table table;
	struct flow_slot slots[LIMIT_SMTP_SESSIONS];
	uint32_t buckets[2 * LIMIT_SMTP_SESSIONS];
	/* the octets under way */
	struct tcp_message message;
	uint8_t digits;
	bool is_waiting;  /* they have not met their session yet */
	uint32_t reading; /* their session, or FLOW_NONE */
	enum smtp_side side;
	uint32_t closing; /* a session that is being told of for the last time, or FLOW_NONE */
	bool is_finishing;
	struct delivery delivery; /* of the record given out */
	struct session sessions[LIMIT_SMTP_SESSIONS];
};

const size_t smtp_sessions_bytes = sizeof(struct smtp_sessions);

bool smtp_sessions_new(struct health *health, struct smtp_sessions **ret, struct err *reterr)
{
	struct smtp_sessions *s = pages_new(sizeof(*s));

	if (s == NULL) {
		err_set_memory(reterr);
		return false;
	}
	s->health = health;
	flow_table_init(&s->table, s->slots, LIMIT_SMTP_SESSIONS, s->buckets,
	    2 * LIMIT_SMTP_SESSIONS, hash_seed());
	s->is_waiting = s->is_finishing = false;
	s->reading = s->closing = FLOW_NONE;
	*ret = s;
	return true;
}

static void session_wipe(struct session *x)
{
	explicit_bzero(x, sizeof(*x));
}

void smtp_sessions_free(struct smtp_sessions *s)
{
	if (s == NULL)
		return;
	while (s->table.oldest != FLOW_NONE) {
		session_wipe(&s->sessions[s->table.oldest]);
		flow_table_remove(&s->table, s->table.oldest);
	}
	explicit_bzero(&s->delivery, sizeof(s->delivery));
	pages_free(s, sizeof(*s));
}

void smtp_sessions_take(struct smtp_sessions *s, const struct tcp_message *m, uint8_t digits)
{
	assert(!s->is_waiting && s->reading == FLOW_NONE);
	s->message = *m;
	s->digits = digits;
	s->is_waiting = true;
}

void smtp_sessions_finish(struct smtp_sessions *s)
{
	s->is_finishing = true;
}

/* Which side sent the octets: the one at the mail port is the server. */
static enum smtp_side side_of(const struct tcp_message *m)
{
	static const uint8_t digits[] = "0123456789";
	struct cursor c = m->bytes;

	if (port_is_mail(m->source_port) != port_is_mail(m->destination_port))
		return port_is_mail(m->source_port) ? SMTP_SERVER : SMTP_CLIENT;
	/* both are: the server's lines begin with a number */
	return memchr(digits, cursor_u8(&c), sizeof(digits) - 1) != NULL ? SMTP_SERVER
									 : SMTP_CLIENT;
}

static void key_of(struct flow_key *k, const struct tcp_message *m, enum smtp_side side)
{
	if (side == SMTP_CLIENT)
		flow_key_of(k, &m->source, &m->destination,
		    (uint32_t)m->source_port << 16 | m->destination_port, IP_TCP);
	else
		flow_key_of(k, &m->destination, &m->source,
		    (uint32_t)m->destination_port << 16 | m->source_port, IP_TCP);
}

static void take_trouble(struct smtp_sessions *s, struct smtp_dialog *d)
{
	if (d->trouble != NULL)
		health_skip(s->health, d->trouble, s->message.tag);
	d->trouble = NULL;
}

static void close_session(struct smtp_sessions *s, uint32_t entry)
{
	smtp_dialog_end(&s->sessions[entry].dialog);
	take_trouble(s, &s->sessions[entry].dialog);
	s->closing = entry;
}

/* At the end of the capture, or to make room; it is counted where something was lost by that. */
static void close_oldest(struct smtp_sessions *s, bool is_lost, const char *why)
{
	if (is_lost)
		health_skip(s->health, why, s->message.tag);
	close_session(s, s->table.oldest);
}

static uint32_t add_session(struct smtp_sessions *s, const struct flow_key *key)
{
	const struct tcp_message *m = &s->message;
	const uint32_t entry = flow_table_add(&s->table, key);
	struct session *x = &s->sessions[entry];

	x->client = s->side == SMTP_CLIENT ? m->source : m->destination;
	x->server = s->side == SMTP_CLIENT ? m->destination : m->source;
	x->digits = s->digits;
	x->has_ended[SMTP_CLIENT] = x->has_ended[SMTP_SERVER] = false;
	smtp_dialog_begin(&x->dialog, m->time_ns);
	return entry;
}

/* Find the session of the octets, or make it. It may take the closing of another one first. */
static void meet_session(struct smtp_sessions *s)
{
	const struct tcp_message *m = &s->message;
	struct flow_key key;
	uint32_t entry;

	s->side = side_of(m);
	key_of(&key, m, s->side);
	entry = flow_table_find(&s->table, &key);
	if (entry != FLOW_NONE && m->is_first && m->has_start &&
	    s->sessions[entry].dialog.has_begun[s->side]) {
		close_session(s, entry); /* its ports are used anew */
		return;
	}
	if (entry == FLOW_NONE && m->is_first && cursor_left(&m->bytes) > 0) {
		if (flow_table_is_full(&s->table)) {
			close_oldest(
			    s, !s->sessions[s->table.oldest].dialog.is_opaque, why_too_many);
			return;
		}
		entry = add_session(s, &key);
	}
	s->is_waiting = false;
	s->reading = entry;
	if (entry == FLOW_NONE)
		return;
	flow_table_touch(&s->table, entry);
	if (m->is_first && !m->has_start)
		smtp_dialog_join(&s->sessions[entry].dialog, s->side, m->bytes);
	if (m->missing > 0)
		smtp_dialog_miss(&s->sessions[entry].dialog, s->side, m->missing);
}

/* Which of the ends was seen to say anything. */
static void mark_seen(struct delivery *d, const struct smtp_dialog *dialog)
{
	if (d->contact.seen == SEEN_BOTH && !dialog->has_begun[SMTP_CLIENT])
		d->contact.seen = SEEN_RESPONSE;
}

static void add_recipients(struct delivery *d, const struct smtp_transaction *t)
{
	for (uint32_t i = 0; i < t->domain_count; i++)
		if (t->domains[i].is_accepted || !t->domains[i].is_refused)
			delivery_claim(d, FACT_RECIPIENT, &t->domains[i].name);
}

/* t: NULL for a session that had no transaction. */
static void make_record(struct smtp_sessions *s, const struct session *x,
    const struct smtp_transaction *t, struct record *ret)
{
	const struct smtp_dialog *dialog = &x->dialog;
	const uint16_t outcome = t != NULL ? t->outcome : dialog->outcome;
	struct delivery *d = &s->delivery;
	struct endpoint client, server;
	const struct stamp time = { .ns = t != NULL ? t->time_ns : dialog->begin_ns,
		.digits = x->digits };

	endpoint_from_addr(&client, &x->client);
	endpoint_from_addr(&server, &x->server);
	delivery_begin(d, KIND_SMTP, time);
	if (outcome != OUTCOME_NONE)
		delivery_code(d, outcome);
	(void)!delivery_ends(d, &client, &server); /* both are known */
	mark_seen(d, dialog);
	delivery_claim(d, FACT_HELO, &dialog->helo);
	delivery_claim(d, FACT_GREETING, &dialog->greeting);
	if (t != NULL) {
		delivery_claim(d, FACT_MESSAGE_ID, &t->header.message_id);
		if (t->header.has_date)
			delivery_written(d, &t->header.date);
		add_recipients(d, t);
	}
	*ret = delivery_record(d);
}

/* The last records of the session that is closing. */
static bool tell_last(struct smtp_sessions *s, struct record *ret)
{
	struct session *x = &s->sessions[s->closing];
	const struct smtp_transaction *t = smtp_dialog_over(&x->dialog);
	const bool is_bare = t == NULL && x->dialog.given == 0 && !x->dialog.is_foreign;

	if (t == NULL && !is_bare) {
		session_wipe(x);
		flow_table_remove(&s->table, s->closing);
		s->closing = FLOW_NONE;
		return false;
	}
	x->dialog.given += is_bare; /* once */
	make_record(s, x, t, ret);
	return true;
}

/* Read on in the octets under way. True: a transaction is over. */
static bool read_on(struct smtp_sessions *s, struct record *ret)
{
	struct session *x = &s->sessions[s->reading];
	const struct smtp_transaction *t;

	smtp_dialog_read(&x->dialog, s->side, s->message.time_ns, &s->message.bytes);
	take_trouble(s, &x->dialog);
	t = smtp_dialog_over(&x->dialog);
	if (t != NULL) {
		make_record(s, x, t, ret);
		return true;
	}
	if (s->message.is_last)
		x->has_ended[s->side] = true;
	if (s->message.is_reset || (x->has_ended[SMTP_CLIENT] && x->has_ended[SMTP_SERVER]))
		close_session(s, s->reading);
	s->reading = FLOW_NONE;
	return false;
}

bool smtp_sessions_next(struct smtp_sessions *s, struct record *ret)
{
	for (;;) {
		if (s->closing != FLOW_NONE) {
			if (tell_last(s, ret))
				return true;
		} else if (s->reading != FLOW_NONE) {
			if (read_on(s, ret))
				return true;
		} else if (s->is_waiting) {
			meet_session(s);
		} else if (s->is_finishing && s->table.oldest != FLOW_NONE) {
			close_oldest(s, smtp_dialog_is_busy(&s->sessions[s->table.oldest].dialog),
			    why_unfinished);
		} else {
			return false;
		}
	}
}
