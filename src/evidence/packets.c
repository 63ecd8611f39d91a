/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The life of a packet: packet_read() takes the headers off, UDP payloads are DNS messages, TCP
 * payloads go through tcp_stream, and exchange.h makes records of the messages. TCP of mail has
 * streams of its own, so that neither takes room from the other, and smtp_session.h makes records
 * of their octets. All work is done in packets_next(), one record at a time, so that nothing has to
 * be stored.
 */
#include "evidence/packets.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/pages.h"
#include "evidence/exchange.h"
#include "evidence/smtp_session.h"
#include "wire/link.h"
#include "wire/packet.h"
#include "wire/port.h"
#include "wire/tcp_stream.h"

struct packets {
	struct health *health;
	struct packets_counts counts;
	struct exchange *exchange;
	struct ip_frags *frags;
	struct tcp_streams *streams;
	struct tcp_streams *mail_streams;
	struct smtp_sessions *mail;
	/* the packet under way */
	enum packet_kind kind; /* PACKET_OTHER: none, or nothing left in it */
	struct packet packet;
	bool is_finishing;
	bool is_mail_finished;
	bool is_finished;
	struct exchange_origin origin; /* of the message under way */
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
	p->frags = pages_new(sizeof(*p->frags));
	p->streams = pages_new(sizeof(*p->streams));
	p->mail_streams = pages_new(sizeof(*p->mail_streams));
	if (p->frags == NULL || p->streams == NULL || p->mail_streams == NULL) {
		err_set_memory(reterr);
		goto out;
	}
	ip_frags_init(p->frags, (struct loss){ report_loss, p }, seed);
	tcp_streams_init(p->streams, (struct loss){ report_loss, p }, seed);
	tcp_streams_init_raw(p->mail_streams, (struct loss){ report_loss, p }, seed);
	if (!smtp_sessions_new(health, &p->mail, reterr) ||
	    !exchange_new(health, &p->exchange, reterr))
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
	exchange_free(p->exchange);
	if (p->mail != NULL) { /* then its fragments and streams have begun as well */
		ip_frags_wipe(p->frags);
		tcp_streams_wipe(p->mail_streams);
	}
	smtp_sessions_free(p->mail);
	pages_free(p->mail_streams, sizeof(*p->mail_streams));
	pages_free(p->streams, sizeof(*p->streams));
	pages_free(p->frags, sizeof(*p->frags));
	free(p);
}

void packets_watch(struct packets *p, lookup_watch *watch, void *context)
{
	exchange_watch(p->exchange, watch, context);
}

struct packets_counts packets_counts(const struct packets *p)
{
	const struct exchange_counts x = exchange_counts(p->exchange);
	struct packets_counts counts = p->counts;

	counts.messages = x.messages;
	counts.repeated_responses = x.repeated_responses;
	counts.early = x.early;
	return counts;
}

enum vantage packets_vantage(const struct packets *p)
{
	return exchange_vantage(p->exchange);
}

void packets_feed(struct packets *p, const struct captured *packet)
{
	struct cursor frame = cursor_of(packet->bytes, packet->len);
	const bool is_cut = packet->len < packet->wire_len;
	const char *why = NULL;

	assert(p->kind == PACKET_OTHER && !p->is_finishing);
	p->counts.packets++;
	exchange_clock(p->exchange, packet->time_ns);
	p->origin.time_ns = packet->time_ns;
	p->origin.digits = packet->digits;
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
	if (p->kind == PACKET_MAIL)
		tcp_streams_feed(p->mail_streams, packet->time_ns, packet->offset,
		    &p->packet.source, &p->packet.destination, &p->packet.tcp);
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
	tcp_streams_finish(p->mail_streams);
}

static void take_datagram(struct packets *p, struct cursor *ret)
{
	const struct packet *packet = &p->packet;

	p->origin.source = packet->source;
	p->origin.destination = packet->destination;
	p->origin.source_port = packet->udp.source_port;
	p->origin.destination_port = packet->udp.destination_port;
	p->origin.transport = 0;
	p->origin.hops = packet->hops;
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
	p->origin.transport = 1;
	p->origin.hops = 0; /* of several packets */
	p->origin.is_cut = false;
	*ret = m.bytes;
	return true;
}

/* The next message of the packet under way. NEXT_ITEM: there was one. */
static enum next take_message(struct packets *p, struct err *reterr)
{
	struct cursor bytes;

	if (p->kind == PACKET_UDP)
		take_datagram(p, &bytes);
	else if (p->kind != PACKET_TCP || !take_stream(p, &bytes))
		return NEXT_END;
	p->origin.asked_ns = p->origin.time_ns;
	p->origin.kind = exchange_kind(p->origin.source_port, p->origin.destination_port);
	switch (exchange_take(p->exchange, &p->origin, bytes)) {
	case EXCHANGE_NONE:
		/* the ports of the relatives are also taken by chance */
		p->counts.other++;
		return NEXT_ITEM;
	case EXCHANGE_TAKEN:
		return NEXT_ITEM;
	case EXCHANGE_FAILED:
		break;
	}
	err_set_memory(reterr);
	return NEXT_FAILED;
}

/* The next record of the mail in the packet under way. */
static bool next_mail(struct packets *p, struct record *ret)
{
	struct tcp_message m;

	while (!smtp_sessions_next(p->mail, ret)) {
		if (tcp_streams_next(p->mail_streams, &m)) {
			smtp_sessions_take(p->mail, &m, p->origin.digits);
		} else if (p->is_finishing && !p->is_mail_finished) {
			smtp_sessions_finish(p->mail);
			p->is_mail_finished = true;
		} else {
			p->kind = PACKET_OTHER;
			return false;
		}
	}
	return true;
}

enum next packets_next(struct packets *p, struct record *ret, struct err *reterr)
{
	enum next status;

	for (;;) {
		if (p->kind == PACKET_MAIL && next_mail(p, ret))
			return NEXT_ITEM;
		status = exchange_next(p->exchange, ret, reterr);
		if (status != NEXT_END)
			return status;
		status = take_message(p, reterr);
		if (status == NEXT_FAILED)
			return status;
		if (status == NEXT_ITEM)
			continue;
		if (!p->is_finishing || p->is_finished)
			return NEXT_END;
		if (!p->is_mail_finished) {
			p->kind = PACKET_MAIL;
			continue;
		}
		/* all has been read: what still waits stays alone */
		exchange_finish(p->exchange);
		p->is_finished = true;
	}
}
