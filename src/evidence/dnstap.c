/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dnstap in a file: Frame Streams (fstrm, "Control frame" in its documentation), big-endian:
 *
 *	length (32)   data: as many bytes of protobuf, see wire/dnstap_msg.h
 *	0 (32)        length (32), type (32) [, fields: type (32), length (32), bytes]
 *	              a control frame: START begins the data, STOP ends it
 *
 * START names what the data is; frames of anything but dnstap are skipped. Streams put together
 * by cat are read on behind STOP, and a STOP that is missing is no damage: the file may grow.
 *
 * There is no mark between frames, so one broken length loses the place. It is found again by
 * looking, byte by byte, for a whole frame that holds a dnstap message, or is a control frame:
 * some 30 bits of what every one of them has must be right by chance to find a wrong place.
 *
 * The type of a message tells whose ends these are. A query and its response meet in exchange.h,
 * within one role and transport only. A response may carry the time of its query, and then is a
 * contact of that time also where the query itself was not logged.
 */
#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "base/limits.h"
#include "contact/vantage.h"
#include "evidence/exchange.h"
#include "evidence/framing.h"
#include "evidence/reader.h"
#include "wire/dnstap_msg.h"

#define LENGTH_BYTES  4
#define CONTROL_BYTES 8   /* escape and length */
#define CONTROL_MAX   512 /* as fstrm has it */
#define WINDOW_BYTES  (LENGTH_BYTES + LIMIT_FRAME_BYTES)
#define FIELD_CONTENT 1 /* of a control frame: what the data is */

enum control {
	CONTROL_NONE,
	CONTROL_ACCEPT,
	CONTROL_START,
	CONTROL_STOP,
	CONTROL_READY,
	CONTROL_FINISH,
	CONTROLS,
};

struct frame {
	uint32_t control; /* CONTROL_NONE: data */
	uint64_t offset;
	struct cursor bytes;   /* of data; of a control frame its fields */
	struct dnstap_msg msg; /* of data, unless fault says why it is none */
	const char *fault;
};

struct reader {
	struct framing_place place;
	struct exchange *exchange;
	struct vantage_votes votes;
	bool is_foreign; /* the data is not dnstap */
	bool is_finished;
};

static const char content_type[] = "protobuf:dnstap.Dnstap";

/* Where the records of a role were taken. */
static const enum vantage vantages[DNSTAP_ROLES] = {
	[DNSTAP_AUTH] = VANTAGE_AUTHORITATIVE,
	[DNSTAP_RESOLVER] = VANTAGE_RESOLVER_SIDE,
	[DNSTAP_CLIENT] = VANTAGE_RECURSIVE,
	[DNSTAP_FORWARDER] = VANTAGE_RESOLVER_SIDE,
	[DNSTAP_STUB] = VANTAGE_STUB,
	[DNSTAP_TOOL] = VANTAGE_STUB,
	[DNSTAP_UPDATE] = VANTAGE_AUTHORITATIVE,
};

/* ---- frames ---- */

/* Does a control frame allow dnstap? It does if it names no content type at all. */
static bool is_dnstap(struct cursor fields)
{
	bool is_named = false;

	while (cursor_left(&fields) > 0) {
		const uint32_t type = cursor_be32(&fields);
		const uint32_t len = cursor_be32(&fields);
		const uint8_t *bytes = cursor_take(&fields, len);

		if (bytes == NULL || type != FIELD_CONTENT)
			continue;
		if (len == sizeof(content_type) - 1 && memcmp(bytes, content_type, len) == 0)
			return true;
		is_named = true;
	}
	return !is_named;
}

/* The frame at the cursor, stepped over. False: c->err says what is wrong with it. */
static bool frame_read(struct cursor *c, struct frame *ret)
{
	uint32_t len = cursor_be32(c);

	ret->control = CONTROL_NONE;
	if (len > 0 || c->err != NULL) {
		if (len > LIMIT_FRAME_BYTES)
			cursor_fail(c, "damaged frame length");
		ret->bytes = cursor_sub(c, len);
		return c->err == NULL;
	}
	len = cursor_be32(c);
	if (c->err == NULL && (len < LENGTH_BYTES || len > CONTROL_MAX))
		cursor_fail(c, "damaged frame length");
	ret->bytes = cursor_sub(c, len);
	ret->control = cursor_be32(&ret->bytes);
	if (c->err == NULL && (ret->control == CONTROL_NONE || ret->control >= CONTROLS))
		cursor_fail(c, "damaged control frame");
	return c->err == NULL;
}

/* Read the message of a data frame. False: f->fault says why there is none. */
static bool frame_read_msg(struct frame *f)
{
	f->fault = NULL;
	return dnstap_msg_read(&f->msg, f->bytes.base, f->bytes.len, &f->fault);
}

/* Is there a whole frame at the beginning of these bytes that only this format has? */
static bool begins_frame(const struct framing *none, struct cursor c)
{
	struct frame f;

	(void)none;
	return frame_read(&c, &f) && (f.control != CONTROL_NONE || frame_read_msg(&f));
}

/* The frame at the current place is broken, or cut: count it, and find the next one. */
static enum next step_over(struct reader *r, const char *reason, struct err *reterr)
{
	return framing_step_over(&r->place, reason, WINDOW_BYTES, begins_frame, NULL, reterr);
}

/* How many bytes the frame has by its own lengths, as far as these are there. */
static size_t frame_bytes(struct cursor c)
{
	const uint32_t len = cursor_be32(&c);
	const uint32_t control_len = len == 0 ? cursor_be32(&c) : 0;

	if (len == 0)
		return CONTROL_BYTES + (control_len > CONTROL_MAX ? 0 : (size_t)control_len);
	return LENGTH_BYTES + (len > LIMIT_FRAME_BYTES ? 0 : (size_t)len);
}

/*
 * A frame of that many bytes at the current place holds no message. Is that its own fault, or has
 * the place been lost? Then no frame begins behind it.
 */
static bool is_place_lost(struct reader *r, size_t frame_len, bool *ret, struct err *reterr)
{
	const uint8_t *bytes;
	struct cursor c;
	size_t len;

	if (!stream_peek(r->place.stream, frame_len + WINDOW_BYTES, &bytes, &len, reterr))
		return false;
	c = cursor_of(bytes, len);
	cursor_skip(&c, frame_len);
	*ret = len > frame_len && !begins_frame(NULL, cursor_sub(&c, len - frame_len));
	return true;
}

/* The next frame; its bytes are borrowed until the next call. */
static enum next frame_next(struct reader *r, struct frame *ret, struct err *reterr)
{
	const uint8_t *bytes;
	struct cursor c;
	bool lost = false;
	size_t want;
	size_t len;

	if (!stream_peek(r->place.stream, CONTROL_BYTES, &bytes, &len, reterr))
		return NEXT_FAILED;
	if (len == 0)
		return NEXT_END;
	want = frame_bytes(cursor_of(bytes, len));
	if (len < want && !stream_peek(r->place.stream, want, &bytes, &len, reterr))
		return NEXT_FAILED;
	c = cursor_of(bytes, len);
	ret->offset = stream_offset(r->place.stream);
	if (!frame_read(&c, ret))
		return step_over(r, len < want ? "truncated frame" : c.err, reterr);
	ret->fault = NULL;
	if (ret->control == CONTROL_NONE && r->is_foreign)
		ret->fault = "frame of another content type";
	else if (ret->control == CONTROL_NONE && !frame_read_msg(ret) &&
		 !is_place_lost(r, c.pos, &lost, reterr))
		return NEXT_FAILED;
	if (lost)
		return step_over(r, ret->fault, reterr);
	stream_consume(r->place.stream, c.pos);
	r->place.consumed = stream_offset(r->place.stream);
	return NEXT_ITEM;
}

/* ---- messages ---- */

/* By the type and the transport: no record pairs with one of another role. */
static uint8_t transport_of(const struct dnstap_msg *m)
{
	return (uint8_t)((unsigned)m->role << 4 | (m->protocol & 0xfu));
}

static void fill_origin(struct exchange_origin *o, const struct dnstap_msg *m)
{
	const struct dnstap_time *time =
	    m->is_response && m->response_time.is_set ? &m->response_time : &m->query_time;

	o->source = m->is_response ? m->responder : m->initiator;
	o->destination = m->is_response ? m->initiator : m->responder;
	o->source_port = m->is_response ? m->responder_port : m->initiator_port;
	o->destination_port = m->is_response ? m->initiator_port : m->responder_port;
	o->time_ns = time->ns;
	o->digits = time->digits;
	o->asked_ns = time->ns;
	if (m->is_response && m->query_time.is_set) {
		o->asked_ns = m->query_time.ns;
		o->digits = m->query_time.digits;
	}
	/* whatever the port: the software that wrote this knows that it is unicast DNS */
	o->kind = KIND_DNS;
	o->transport = transport_of(m);
	o->is_cut = false;
}

/* NULL, or why the message gives no contact. */
static const char *fault_of(const struct dnstap_msg *m)
{
	if (m->message == NULL)
		return "dnstap message without its DNS message";
	if (!m->query_time.is_set && !(m->is_response && m->response_time.is_set))
		return "dnstap message without its time";
	return NULL;
}

/* NEXT_ITEM: the exchange may have records now. */
static enum next take_data(struct reader *r, const struct frame *f, struct err *reterr)
{
	struct exchange_origin origin = { .offset = f->offset };
	const struct dnstap_msg *m = &f->msg;
	const char *why = f->fault != NULL ? f->fault : fault_of(m);

	if (why != NULL) {
		health_skip(r->place.health, why, f->offset);
		return NEXT_SKIPPED;
	}
	r->votes.of[vantages[m->role]]++;
	fill_origin(&origin, m);
	exchange_clock(r->exchange, origin.time_ns);
	if (exchange_take(r->exchange, &origin, cursor_of(m->message, m->message_len)) !=
	    EXCHANGE_FAILED)
		return NEXT_ITEM;
	err_set_memory(reterr);
	return NEXT_FAILED;
}

/* Take the next frame, or the end. NEXT_ITEM: the exchange may have records now. */
static enum next feed(struct reader *r, struct err *reterr)
{
	struct frame f;
	const enum next status = frame_next(r, &f, reterr);

	if (status == NEXT_END) {
		r->is_finished = true;
		if (stream_damage(r->place.stream) != NULL)
			r->place.health->damaged = true;
		exchange_finish(r->exchange);
		return NEXT_ITEM;
	}
	if (status != NEXT_ITEM)
		return status;
	if (f.control == CONTROL_NONE)
		return take_data(r, &f, reterr);
	if (f.control == CONTROL_START)
		r->is_foreign = !is_dnstap(f.bytes);
	return NEXT_ITEM;
}

/* ---- the reader ---- */

static int dnstap_probe(const uint8_t *head, size_t len)
{
	struct cursor c = cursor_of(head, len);
	struct frame f;

	if (!frame_read(&c, &f) || (f.control != CONTROL_START && f.control != CONTROL_READY))
		return 0;
	return is_dnstap(f.bytes) ? 100 : 0;
}

static void dnstap_close(struct reader *r)
{
	if (r == NULL)
		return;
	exchange_free(r->exchange);
	free(r);
}

static bool dnstap_open(struct stream *s, struct health *h, struct reader **ret, struct err *reterr)
{
	struct reader *r = calloc(1, sizeof(*r));

	if (r == NULL) {
		err_set_memory(reterr);
		return false;
	}
	r->place.stream = s;
	r->place.health = h;
	r->place.consumed = stream_offset(s);
	if (!exchange_new(h, &r->exchange, reterr)) {
		dnstap_close(r);
		return false;
	}
	*ret = r;
	return true;
}

static enum next dnstap_next(struct reader *r, struct record *ret, struct err *reterr)
{
	enum next status;

	for (;;) {
		status = exchange_next(r->exchange, ret, reterr);
		if (status != NEXT_END || r->is_finished)
			return status;
		status = feed(r, reterr);
		if (status != NEXT_ITEM)
			return status;
	}
}

static uint64_t dnstap_consumed(const struct reader *r)
{
	return r->place.consumed;
}

/* Frames are passed over one by one: what the data is stands in the last START before. */
static bool dnstap_resume(struct reader *r, uint64_t offset, struct err *reterr)
{
	const struct health before = *r->place.health;
	enum next status = NEXT_ITEM;
	struct frame f;

	while (r->place.consumed < offset && status != NEXT_END) {
		status = frame_next(r, &f, reterr);
		if (status == NEXT_FAILED)
			return false;
		if (status == NEXT_ITEM && f.control == CONTROL_START)
			r->is_foreign = !is_dnstap(f.bytes);
	}
	*r->place.health = before;
	if (r->place.consumed == offset)
		return true;
	err_set_at(reterr, ERR_INPUT, r->place.consumed,
	    "no frame ends at byte %llu: the stream is not the one that was read before",
	    (unsigned long long)offset);
	return false;
}

static enum vantage dnstap_vantage(const struct reader *r)
{
	return vantage_of_votes(&r->votes);
}

static void dnstap_watch(struct reader *r, lookup_watch *watch, void *context)
{
	exchange_watch(r->exchange, watch, context);
}

const struct reader_format reader_dnstap = {
	.name = "dnstap",
	.about = "dnstap of a name server or resolver, as Frame Streams",
	.probe = dnstap_probe,
	.open = dnstap_open,
	.next = dnstap_next,
	.close = dnstap_close,
	.consumed = dnstap_consumed,
	.resume = dnstap_resume,
	.vantage = dnstap_vantage,
	.watch = dnstap_watch,
};
