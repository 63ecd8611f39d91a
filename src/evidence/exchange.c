/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The life of a message: message_read() reads it, and its questions become contacts, one each:
 *
 *	query          waits in pair.c for its response, or until the window has passed
 *	response       completes its query, or waits for it, and is a contact by itself at the end;
 *	               facts go out at once
 *	without any question: no contact; the facts of a response (a zone transfer goes on so) stand
 *	mDNS (RFC 6762)    queries to the group are answered to the group, by whoever knows: they
 *	               are contacts without an outcome; responses to the group are facts alone,
 *	               because nobody need have asked. One-shot queries from other ports pair.
 *	LLMNR (RFC 4795)   pairs by the asking side: the answer comes from another address
 *
 * Every class and opcode counts: a CHAOS query or a dynamic update is a contact as well. All
 * work is done in exchange_next(), one record at a time, so that nothing has to be stored.
 */
#include "evidence/exchange.h"

#include <stdlib.h>
#include <string.h>

#include "evidence/message.h"
#include "evidence/pair.h"
#include "evidence/vantage_guess.h"
#include "wire/port.h"

struct exchange {
	struct health *health;
	struct exchange_counts counts;
	struct pairs *pairs;
	int64_t time_ns;   /* of the clock; INT64_MIN before it was first set */
	int64_t expire_ns; /* what waits is measured against this */
	/* the message under way */
	struct exchange_origin origin;
	struct message message;
	size_t next_question; /* below message.question_count: not yet a contact */
	bool has_facts;       /* that no record has carried yet */
	struct pair_key key;
	struct contact contact; /* of the record given out */
	struct vantage_guess guess;
	lookup_watch *watch; /* or NULL */
	void *watch_context;
};

bool exchange_new(struct health *health, struct exchange **ret, struct err *reterr)
{
	struct exchange *x = calloc(1, sizeof(*x));

	if (x == NULL) {
		err_set_memory(reterr);
		return false;
	}
	x->health = health;
	x->time_ns = x->expire_ns = INT64_MIN;
	message_init(&x->message);
	if (!pairs_new(&x->pairs, reterr)) {
		exchange_free(x);
		return false;
	}
	*ret = x;
	return true;
}

void exchange_free(struct exchange *x)
{
	if (x == NULL)
		return;
	message_release(&x->message);
	pairs_free(x->pairs);
	free(x);
}

struct exchange_counts exchange_counts(const struct exchange *x)
{
	return x->counts;
}

uint8_t exchange_kind(uint16_t source_port, uint16_t destination_port)
{
	if (source_port == PORT_DNS || destination_port == PORT_DNS)
		return KIND_DNS;
	if (source_port == PORT_LLMNR || destination_port == PORT_LLMNR)
		return KIND_LLMNR;
	if (source_port == PORT_MDNS || destination_port == PORT_MDNS)
		return KIND_MDNS;
	return KIND_DNS;
}

void exchange_watch(struct exchange *x, lookup_watch *watch, void *context)
{
	x->watch = watch;
	x->watch_context = context;
}

void exchange_clock(struct exchange *x, int64_t time_ns)
{
	/* one message with a time far ahead must not end the wait of all others */
	x->expire_ns = time_ns < x->time_ns ? time_ns : x->time_ns;
	x->time_ns = time_ns;
}

void exchange_finish(struct exchange *x)
{
	x->expire_ns = INT64_MAX;
}

/* RD tells who asks, and stands in the response as well. */
static void note_vantage(struct exchange *x)
{
	const struct exchange_origin *o = &x->origin;
	const struct message *m = &x->message;

	if (o->kind == KIND_DNS && m->has_flags)
		vantage_guess_message(&x->guess, m->is_response ? &o->destination : &o->source,
		    m->is_response ? &o->source : &o->destination, m->recursion_desired);
}

/* False: out of memory. */
static bool show_lookup(struct exchange *x, struct cursor bytes)
{
	struct lookup l;

	if (x->watch == NULL || x->origin.kind != KIND_DNS || !lookup_read(&x->origin, bytes, &l))
		return true;
	return x->watch(x->watch_context, &l);
}

enum exchange_step exchange_take(
    struct exchange *x, const struct exchange_origin *origin, struct cursor bytes)
{
	struct message *m = &x->message;
	const struct message_context context = {
		.time_ns = origin->time_ns,
		.digits = origin->digits,
		.is_mdns = origin->kind == KIND_MDNS,
		.is_cut = origin->is_cut,
	};
	enum message_step step;

	x->origin = *origin;
	step = message_read(m, &context, bytes);
	x->next_question = 0;
	x->has_facts = m->fact_count > 0;
	if (step == MESSAGE_FAILED || !show_lookup(x, bytes))
		return EXCHANGE_FAILED;
	if (step == MESSAGE_READ) {
		x->counts.messages++;
		note_vantage(x);
		if (m->trouble == NULL && m->question_count == 0 && origin->kind == KIND_DNS)
			m->trouble = m->is_response ? "DNS response without a question"
						    : "DNS query without a question";
	} else if (origin->kind != KIND_DNS) {
		return EXCHANGE_NONE;
	}
	if (m->trouble != NULL)
		health_skip(x->health, m->trouble, origin->offset);
	return EXCHANGE_TAKEN;
}

struct message *exchange_message(struct exchange *x)
{
	x->message.fact_count = 0;
	x->message.question_count = 0;
	x->message.trouble = NULL;
	x->next_question = SIZE_MAX; /* nothing of it counts until it is taken */
	return &x->message;
}

void exchange_take_filled(struct exchange *x, const struct exchange_origin *origin)
{
	x->origin = *origin;
	x->next_question = 0;
	x->has_facts = x->message.fact_count > 0;
	x->counts.messages++;
	note_vantage(x);
}

enum vantage exchange_vantage(const struct exchange *x)
{
	return vantage_guess_of(&x->guess);
}

static void fill_key(struct exchange *x, const struct dns_question *q)
{
	const struct exchange_origin *o = &x->origin;
	const bool is_response = x->message.is_response;
	const struct addr *client = is_response ? &o->destination : &o->source;
	const struct addr *server = is_response ? &o->source : &o->destination;
	struct pair_key *k = &x->key;

	memset(k, 0, offsetof(struct pair_key, name));
	memcpy(k->client, client->bytes, client->len);
	if (o->kind == KIND_DNS)
		memcpy(k->server, server->bytes, server->len);
	k->client_port = is_response ? o->destination_port : o->source_port;
	k->server_port = is_response ? o->source_port : o->destination_port;
	k->id = x->message.id;
	k->type = o->is_untyped ? 0 : q->type;
	k->class = q->class;
	k->kind = o->kind;
	k->transport = o->transport;
	k->addr_len = client->len;
	k->name_len = q->name.len;
	memcpy(k->name, q->name.bytes, q->name.len);
}

static void fill_contact(struct exchange *x, const struct pair_key *k, const struct pair_message *m,
    enum contact_seen seen)
{
	struct contact *c = &x->contact;

	c->time_ns = m->time_ns;
	c->digits = m->digits;
	c->kind = k->kind;
	c->seen = (uint8_t)seen;
	c->direction = DIRECTION_OUT;
	c->type = m->type;
	c->outcome = m->outcome;
	c->ttl = m->ttl;
	c->txid = seen == SEEN_BOTH ? -1 : k->id;
	c->target.form = ENDPOINT_NAME;
	c->target.len = (uint8_t)k->name_len;
	memcpy(c->target.bytes, k->name, k->name_len);
	c->peer.form = k->addr_len == 4    ? ENDPOINT_V4
		       : k->addr_len == 16 ? ENDPOINT_V6
					   : ENDPOINT_NONE;
	c->peer.len = k->addr_len;
	memcpy(c->peer.bytes, k->client, k->addr_len);
}

/* Hand out the contact, if there is one, and the message's facts, if no one had them yet. */
static void fill_record(struct exchange *x, bool has_contact, struct record *ret)
{
	*ret = (struct record){ .contact = has_contact ? &x->contact : NULL,
		.facts = x->has_facts ? x->message.facts : NULL,
		.fact_count = x->has_facts ? x->message.fact_count : 0 };
	x->has_facts = false;
}

/* A message to a multicast group, which pairs with nothing: from and to the port of mDNS. */
static bool is_to_all(const struct exchange *x)
{
	return x->origin.kind == KIND_MDNS && x->origin.source_port == PORT_MDNS &&
	       x->origin.destination_port == PORT_MDNS;
}

/* The next question of the message. NEXT_SKIPPED: it made no record. */
static enum next take_question(struct exchange *x, struct record *ret, struct err *reterr)
{
	const struct message_question *at = &x->message.questions[x->next_question++];
	struct pair_message m = {
		.time_ns = x->message.is_response ? x->origin.asked_ns : x->origin.time_ns,
		.ttl = at->ttl,
		.outcome = x->message.outcome,
		.type = at->q.type,
		.digits = x->origin.digits,
	};
	enum pair_step step;

	if (is_to_all(x) && x->message.is_response)
		return NEXT_SKIPPED;
	fill_key(x, &at->q);
	if (is_to_all(x)) {
		fill_contact(x, &x->key, &m, SEEN_QUERY);
		x->contact.txid = -1;
		fill_record(x, true, ret);
		return NEXT_ITEM;
	}
	step = x->message.is_response ? pairs_response(x->pairs, &x->key, &m)
				      : pairs_query(x->pairs, &x->key, &m);
	switch (step) {
	case PAIR_MET:
		fill_contact(x, &x->key, &m, SEEN_BOTH);
		fill_record(x, true, ret);
		return NEXT_ITEM;
	case PAIR_WAITS:
		return NEXT_SKIPPED;
	case PAIR_FAILED:
		break;
	}
	err_set_memory(reterr);
	return NEXT_FAILED;
}

static void give_alone(struct exchange *x, const struct pair_alone *alone, struct record *ret)
{
	x->counts.early += alone->is_early;
	fill_contact(x, alone->key, &alone->message, alone->is_query ? SEEN_QUERY : SEEN_RESPONSE);
	*ret = (struct record){ .contact = &x->contact };
}

enum next exchange_next(struct exchange *x, struct record *ret, struct err *reterr)
{
	struct pair_alone alone;
	enum next status;

	for (;;) {
		if (pairs_expire(x->pairs, x->expire_ns, &alone)) {
			x->counts.repeated_responses += alone.is_repeated;
			if (alone.is_repeated)
				continue;
			give_alone(x, &alone, ret);
			return NEXT_ITEM;
		}
		if (x->next_question < x->message.question_count) {
			status = take_question(x, ret, reterr);
			if (status != NEXT_SKIPPED)
				return status;
			continue;
		}
		if (!x->has_facts)
			return NEXT_END;
		fill_record(x, false, ret);
		return NEXT_ITEM;
	}
}
