/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The life of a packet: packet_read() takes the headers off, UDP payloads are DNS messages, TCP
 * payloads go through tcp_stream, message_read() reads each message, and its questions become
 * contacts, one each:
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
 * work is done in packets_next(), one record at a time, so that nothing has to be stored.
 */
#include "evidence/packets.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "evidence/message.h"
#include "evidence/pair.h"
#include "wire/link.h"
#include "wire/packet.h"
#include "wire/port.h"
#include "wire/tcp_stream.h"

/* Where a message comes from. */
struct origin {
	struct addr source;
	struct addr destination;
	uint16_t source_port;
	uint16_t destination_port;
	uint64_t offset;
	int64_t time_ns;
	bool is_tcp;
	bool is_cut;
};

struct packets {
	struct health *health;
	struct packets_counts counts;
	struct pairs *pairs;
	struct ip_frags *frags;
	struct tcp_streams *streams;
	int64_t time_ns;   /* of the packet under way; INT64_MIN before the first */
	int64_t expire_ns; /* what waits is measured against this */
	uint8_t digits;
	/* the packet under way */
	enum packet_kind kind; /* PACKET_OTHER: none, or nothing left in it */
	struct packet packet;
	bool is_finishing;
	/* the message under way */
	struct origin origin;
	uint8_t contact_kind;
	struct message message;
	size_t next_question; /* below message.question_count: not yet a contact */
	bool has_facts;       /* that no record has carried yet */
	struct pair_key key;
	struct contact contact; /* of the record given out */
};

static void report_loss(void *context, const char *why, uint64_t tag)
{
	struct packets *p = context;

	health_skip(p->health, why, tag);
}

bool packets_new(struct health *health, struct packets **ret, struct err *reterr)
{
	struct packets *p = calloc(1, sizeof(*p));
	const uint64_t seed = hash_seed();
	bool ok = false;

	if (p == NULL) {
		err_set_memory(reterr);
		goto out;
	}
	p->health = health;
	p->kind = PACKET_OTHER;
	p->time_ns = p->expire_ns = INT64_MIN;
	message_init(&p->message);
	/* some 50 MB, of which a page is touched when it is used: not calloc(), which may clear them */
	p->frags = malloc(sizeof(*p->frags));
	p->streams = malloc(sizeof(*p->streams));
	if (p->frags == NULL || p->streams == NULL) {
		err_set_memory(reterr);
		goto out;
	}
	ip_frags_init(p->frags, (struct loss){ report_loss, p }, seed);
	tcp_streams_init(p->streams, (struct loss){ report_loss, p }, seed);
	if (!pairs_new(&p->pairs, reterr))
		goto out;
	*ret = p;
	p = NULL;
	ok = true;
out:
	packets_free(p);
	return ok;
}

void packets_free(struct packets *p)
{
	if (p == NULL)
		return;
	message_release(&p->message);
	pairs_free(p->pairs);
	free(p->streams);
	free(p->frags);
	free(p);
}

struct packets_counts packets_counts(const struct packets *p)
{
	return p->counts;
}

void packets_feed(struct packets *p, const struct captured *packet)
{
	struct cursor frame = cursor_of(packet->bytes, packet->len);
	const bool is_cut = packet->len < packet->wire_len;
	const char *why = NULL;

	assert(p->kind == PACKET_OTHER && !p->is_finishing);
	p->counts.packets++;
	/* one packet with a time far ahead must not end the wait of all others */
	p->expire_ns = packet->time_ns < p->time_ns ? packet->time_ns : p->time_ns;
	p->time_ns = packet->time_ns;
	p->digits = packet->digits;
	p->origin.offset = packet->offset;
	if (!link_is_known(packet->linktype)) {
		health_skip(p->health, "link type not known", packet->offset);
		return;
	}
	p->kind = packet_read(
	    frame, packet->linktype, packet->time_ns, packet->offset, p->frags, &p->packet, &why);
	p->packet.is_cut = p->packet.is_cut || is_cut;
	if (p->kind == PACKET_OTHER)
		p->counts.other++;
	if (p->kind == PACKET_TCP)
		tcp_streams_feed(p->streams, packet->time_ns, packet->offset, &p->packet.source,
		    &p->packet.destination, &p->packet.tcp);
	if (p->kind == PACKET_BAD) {
		health_skip(
		    p->health, is_cut ? "packet cut by the snap length" : why, packet->offset);
		p->kind = PACKET_OTHER;
	}
}

void packets_finish(struct packets *p)
{
	assert(p->kind == PACKET_OTHER);
	p->is_finishing = true;
	p->kind = PACKET_TCP;
	ip_frags_finish(p->frags);
	tcp_streams_finish(p->streams);
}

static void take_datagram(struct packets *p, struct cursor *ret)
{
	const struct packet *packet = &p->packet;

	p->origin.source = packet->source;
	p->origin.destination = packet->destination;
	p->origin.source_port = packet->udp.source_port;
	p->origin.destination_port = packet->udp.destination_port;
	p->origin.time_ns = p->time_ns;
	p->origin.is_tcp = false;
	p->origin.is_cut = packet->is_cut;
	*ret = packet->udp.payload;
	p->kind = PACKET_OTHER;
}

static bool take_stream(struct packets *p, struct cursor *ret)
{
	struct tcp_message m;

	if (!tcp_streams_next(p->streams, &m)) {
		p->kind = PACKET_OTHER;
		return false;
	}
	p->origin.source = m.source;
	p->origin.destination = m.destination;
	p->origin.source_port = m.source_port;
	p->origin.destination_port = m.destination_port;
	p->origin.offset = m.tag;
	p->origin.time_ns = m.time_ns;
	p->origin.is_tcp = true;
	p->origin.is_cut = false;
	*ret = m.bytes;
	return true;
}

static uint8_t kind_of(const struct origin *o)
{
	if (o->source_port == PORT_DNS || o->destination_port == PORT_DNS)
		return KIND_DNS;
	if (o->source_port == PORT_LLMNR || o->destination_port == PORT_LLMNR)
		return KIND_LLMNR;
	return KIND_MDNS;
}

/* Read one message. False: out of memory. */
static bool begin_message(struct packets *p, struct cursor bytes)
{
	struct message *m = &p->message;
	struct message_context context = {
		.time_ns = p->origin.time_ns,
		.digits = p->digits,
		.is_cut = p->origin.is_cut,
	};
	enum message_step step;

	p->contact_kind = kind_of(&p->origin);
	context.is_mdns = p->contact_kind == KIND_MDNS;
	step = message_read(m, &context, bytes);
	p->next_question = 0;
	p->has_facts = m->fact_count > 0;
	if (step == MESSAGE_FAILED)
		return false;
	if (step == MESSAGE_READ) {
		p->counts.messages++;
		if (m->trouble == NULL && m->question_count == 0 && p->contact_kind == KIND_DNS)
			m->trouble = m->is_response ? "DNS response without a question"
						    : "DNS query without a question";
	} else if (p->contact_kind != KIND_DNS) {
		/* the ports of the relatives are also taken by chance */
		p->counts.other++;
		return true;
	}
	if (m->trouble != NULL)
		health_skip(p->health, m->trouble, p->origin.offset);
	return true;
}

static void fill_key(struct packets *p, const struct dns_question *q)
{
	const struct origin *o = &p->origin;
	const bool is_response = p->message.is_response;
	const struct addr *client = is_response ? &o->destination : &o->source;
	const struct addr *server = is_response ? &o->source : &o->destination;
	struct pair_key *k = &p->key;

	memset(k, 0, offsetof(struct pair_key, name));
	memcpy(k->client, client->bytes, client->len);
	if (p->contact_kind == KIND_DNS)
		memcpy(k->server, server->bytes, server->len);
	k->client_port = is_response ? o->destination_port : o->source_port;
	k->server_port = is_response ? o->source_port : o->destination_port;
	k->id = p->message.id;
	k->type = q->type;
	k->class = q->class;
	k->kind = p->contact_kind;
	k->transport = o->is_tcp;
	k->addr_len = client->len;
	k->name_len = q->name.len;
	memcpy(k->name, q->name.bytes, q->name.len);
}

static void fill_contact(struct packets *p, const struct pair_key *k, const struct pair_message *m,
    enum contact_seen seen)
{
	struct contact *c = &p->contact;

	c->time_ns = m->time_ns;
	c->digits = m->digits;
	c->kind = k->kind;
	c->seen = (uint8_t)seen;
	c->direction = DIRECTION_OUT;
	c->type = k->type;
	c->outcome = m->outcome;
	c->ttl = m->ttl;
	c->txid = seen == SEEN_BOTH ? -1 : k->id;
	c->target.form = ENDPOINT_NAME;
	c->target.len = (uint8_t)k->name_len;
	memcpy(c->target.bytes, k->name, k->name_len);
	c->peer.form = k->addr_len == 4 ? ENDPOINT_V4 : ENDPOINT_V6;
	c->peer.len = k->addr_len;
	memcpy(c->peer.bytes, k->client, k->addr_len);
}

/* Hand out the contact, if there is one, and the message's facts, if no one had them yet. */
static void fill_record(struct packets *p, bool has_contact, struct record *ret)
{
	ret->contact = has_contact ? &p->contact : NULL;
	ret->facts = p->has_facts ? p->message.facts : NULL;
	ret->fact_count = p->has_facts ? p->message.fact_count : 0;
	p->has_facts = false;
}

/* A message to a multicast group, which pairs with nothing: from and to the port of mDNS. */
static bool is_to_all(const struct packets *p)
{
	return p->contact_kind == KIND_MDNS && p->origin.source_port == PORT_MDNS &&
	       p->origin.destination_port == PORT_MDNS;
}

/* The next question of the message. NEXT_SKIPPED: it made no record. */
static enum next take_question(struct packets *p, struct record *ret, struct err *reterr)
{
	const struct message_question *at = &p->message.questions[p->next_question++];
	struct pair_message m = {
		.time_ns = p->origin.time_ns,
		.ttl = at->ttl,
		.outcome = p->message.outcome,
		.digits = p->digits,
	};
	enum pair_step step;

	if (is_to_all(p) && p->message.is_response)
		return NEXT_SKIPPED;
	fill_key(p, &at->q);
	if (is_to_all(p)) {
		fill_contact(p, &p->key, &m, SEEN_QUERY);
		p->contact.txid = -1;
		fill_record(p, true, ret);
		return NEXT_ITEM;
	}
	step = p->message.is_response ? pairs_response(p->pairs, &p->key, &m)
				      : pairs_query(p->pairs, &p->key, &m);
	switch (step) {
	case PAIR_MET:
		fill_contact(p, &p->key, &m, SEEN_BOTH);
		fill_record(p, true, ret);
		return NEXT_ITEM;
	case PAIR_WAITS:
		return NEXT_SKIPPED;
	case PAIR_FAILED:
		break;
	}
	err_set_memory(reterr);
	return NEXT_FAILED;
}

/* The next message of the packet under way. NEXT_ITEM: there was one. */
static enum next take_message(struct packets *p, struct err *reterr)
{
	struct cursor bytes;

	if (p->kind == PACKET_UDP)
		take_datagram(p, &bytes);
	else if (p->kind != PACKET_TCP || !take_stream(p, &bytes))
		return NEXT_END;
	if (begin_message(p, bytes))
		return NEXT_ITEM;
	err_set_memory(reterr);
	return NEXT_FAILED;
}

static void give_alone(struct packets *p, const struct pair_alone *alone, struct record *ret)
{
	p->counts.early += alone->is_early;
	fill_contact(p, alone->key, &alone->message, alone->is_query ? SEEN_QUERY : SEEN_RESPONSE);
	ret->contact = &p->contact;
	ret->facts = NULL;
	ret->fact_count = 0;
}

enum next packets_next(struct packets *p, struct record *ret, struct err *reterr)
{
	struct pair_alone alone;
	enum next status;

	for (;;) {
		if (pairs_expire(p->pairs, p->expire_ns, &alone)) {
			p->counts.repeated_responses += alone.is_repeated;
			if (alone.is_repeated)
				continue;
			give_alone(p, &alone, ret);
			return NEXT_ITEM;
		}
		if (p->next_question < p->message.question_count) {
			status = take_question(p, ret, reterr);
			if (status != NEXT_SKIPPED)
				return status;
			continue;
		}
		if (p->has_facts) {
			fill_record(p, false, ret);
			return NEXT_ITEM;
		}
		status = take_message(p, reterr);
		if (status == NEXT_FAILED)
			return status;
		if (status == NEXT_ITEM)
			continue;
		if (!p->is_finishing || p->expire_ns == INT64_MAX)
			return NEXT_END;
		/* all has been read: what still waits stays alone */
		p->expire_ns = INT64_MAX;
	}
}
