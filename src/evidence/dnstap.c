/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dnstap in a file: Frame Streams (wire/frame_stream.h) whose data is protobuf (wire/dnstap_msg.h).
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
#include "wire/frame_stream.h"

#define WINDOW_BYTES (FRAME_STREAM_LENGTH_BYTES + LIMIT_FRAME_BYTES)

struct frame {
	struct frame_stream_frame is;
	uint64_t offset;
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

/* Read the message of a data frame. False: f->fault says why there is none. */
static bool frame_read_msg(struct frame *f)
{
	f->fault = NULL;
	return dnstap_msg_read(&f->msg, f->is.bytes.base, f->is.bytes.len, &f->fault);
}

/* Is there a whole frame at the beginning of these bytes that only this format has? */
static bool begins_frame(const struct framing *none, struct cursor c)
{
	struct frame f;

	(void)none;
	return frame_stream_read(&c, &f.is) &&
	       (f.is.control != FRAME_STREAM_DATA || frame_read_msg(&f));
}

/* The frame at the current place is broken, or cut: count it, and find the next one. */
static enum next step_over(struct reader *r, const char *reason, struct err *reterr)
{
	return framing_step_over(&r->place, reason, WINDOW_BYTES, begins_frame, NULL, reterr);
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

	if (!stream_peek(r->place.stream, FRAME_STREAM_CONTROL_BYTES, &bytes, &len, reterr))
		return NEXT_FAILED;
	if (len == 0)
		return NEXT_END;
	want = frame_stream_bytes(cursor_of(bytes, len));
	if (len < want && !stream_peek(r->place.stream, want, &bytes, &len, reterr))
		return NEXT_FAILED;
	c = cursor_of(bytes, len);
	ret->offset = stream_offset(r->place.stream);
	if (!frame_stream_read(&c, &ret->is))
		return step_over(r, len < want ? "truncated frame" : c.err, reterr);
	ret->fault = NULL;
	if (ret->is.control == FRAME_STREAM_DATA && r->is_foreign)
		ret->fault = "frame of another content type";
	else if (ret->is.control == FRAME_STREAM_DATA && !frame_read_msg(ret) &&
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
	if (f.is.control == FRAME_STREAM_DATA)
		return take_data(r, &f, reterr);
	if (f.is.control == FRAME_STREAM_START)
		r->is_foreign = !frame_stream_is_dnstap(f.is.bytes);
	return NEXT_ITEM;
}

/* ---- the reader ---- */

static int dnstap_probe(const uint8_t *head, size_t len)
{
	struct cursor c = cursor_of(head, len);
	struct frame_stream_frame f;

	if (!frame_stream_read(&c, &f) ||
	    (f.control != FRAME_STREAM_START && f.control != FRAME_STREAM_READY))
		return 0;
	return frame_stream_is_dnstap(f.bytes) ? 100 : 0;
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
		if (status == NEXT_ITEM && f.is.control == FRAME_STREAM_START)
			r->is_foreign = !frame_stream_is_dnstap(f.is.bytes);
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
