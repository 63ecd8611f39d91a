/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reassembly for DNS over TCP. Acknowledgments, FIN and windows are not followed: a direction is
 * the octets that its segments carry, by sequence number (modulo 2^32), and only what is still
 * wanted is kept. Most segments carry whole messages in order and are read where they lie.
 * What has to wait goes to a room:
 *
 *	next (sequence number)
 *	|
 *	v bytes[0]                                   LIMIT_TCP_ROOM_BYTES
 *	[ length | message ... ]  hole  [ ... ]  hole  [ ... ]
 *	  ranges[0]                      ranges[1]      ranges[2]
 *
 * Octets that arrived first stay; later ones for the same place are dropped, as most hosts do. A
 * connection whose beginning was not captured is joined where a segment begins like a message. A
 * hole that is not filled (LIMIT_TCP_HOLE_S, LIMIT_TCP_RANGES, the room's length) is given up:
 * the direction is joined again behind it. Every such loss is reported.
 *
 * Where octets are wanted in place of messages (is_raw), every segment fits: a direction is joined
 * anywhere, what stands in front is given out at once, and a hole is given up by telling its size.
 */
#include "wire/tcp_stream.h"

#include <string.h>

#include "base/stamp.h"
#include "wire/dns_msg.h"
#include "wire/ip.h"

#define LENGTH_BYTES 2

static const char why_cut_off[] = "TCP stream ends inside a message";
static const char why_missing[] = "TCP segment missing";
static const char why_no_start[] = "TCP stream without its beginning";
static const char why_no_framing[] = "TCP stream that is no DNS";
static const char why_too_many[] = "too many TCP streams at a time";

void tcp_streams_init(struct tcp_streams *s, struct loss loss, uint64_t seed)
{
	s->loss = loss;
	s->is_raw = false;
	s->half = FLOW_NONE;
	s->payload = cursor_of(NULL, 0);
	s->tag = 0;
	s->now_ns = 0;
	s->turn = 0;
	s->given_bytes = 0;
	s->finishing = FLOW_NONE;
	flow_table_init(
	    &s->table, s->slots, LIMIT_TCP_HALVES, s->buckets, 2 * LIMIT_TCP_HALVES, seed);
	s->room_count = 0;
}

void tcp_streams_init_raw(struct tcp_streams *s, struct loss loss, uint64_t seed)
{
	tcp_streams_init(s, loss, seed);
	s->is_raw = true;
}

static void room_wipe(struct tcp_room *room)
{
	if (room->range_count > 0)
		explicit_bzero(room->bytes, room->ranges[room->range_count - 1].to);
}

void tcp_streams_wipe(struct tcp_streams *s)
{
	for (uint32_t i = 0; i < s->room_count; i++)
		if (s->rooms[i].half != FLOW_NONE)
			room_wipe(&s->rooms[i]);
}

static void room_release(struct tcp_streams *s, struct tcp_half *h)
{
	if (h->room != FLOW_NONE && s->is_raw)
		room_wipe(&s->rooms[h->room]);
	if (h->room != FLOW_NONE)
		s->rooms[h->room].half = FLOW_NONE;
	h->room = FLOW_NONE;
}

static void room_lose(struct tcp_streams *s, struct tcp_half *h, const char *why)
{
	if (h->room != FLOW_NONE && s->rooms[h->room].range_count > 0)
		loss_report(&s->loss, why, s->rooms[h->room].tag);
	room_release(s, h);
}

/* Out of step: the next segment that begins like a message is joined. */
static void lose_step(struct tcp_streams *s, struct tcp_half *h, const char *why)
{
	loss_report(&s->loss, why, s->tag);
	room_release(s, h);
	h->in_step = false;
	h->missing = TCP_MANY;
}

/* A free room, or the one that was used least recently. */
static struct tcp_room *room_take(struct tcp_streams *s, uint32_t half)
{
	uint32_t best = 0;
	struct tcp_room *room;

	for (uint32_t i = 0; i < LIMIT_TCP_ROOMS; i++) {
		if (i == s->room_count)
			s->rooms[s->room_count++].half = FLOW_NONE;
		if (s->rooms[i].half == FLOW_NONE) {
			best = i;
			break;
		}
		if (s->rooms[i].used < s->rooms[best].used)
			best = i;
	}
	room = &s->rooms[best];
	if (room->half != FLOW_NONE) {
		s->halves[room->half].in_step = false;
		s->halves[room->half].missing = TCP_MANY;
		room_lose(s, &s->halves[room->half], why_too_many);
	}
	room->half = half;
	room->tag = s->tag;
	room->first_ns = s->now_ns;
	room->range_count = 0;
	s->halves[half].room = best;
	return room;
}

/* Insert [from, to) into the ranges. False: there would be too many. */
static bool ranges_add(struct tcp_room *room, uint32_t from, uint32_t to)
{
	struct tcp_range *r = room->ranges;
	uint32_t first = 0, last;

	while (first < room->range_count && r[first].to < from)
		first++;
	for (last = first; last < room->range_count && r[last].from <= to; last++) {
		from = r[last].from < from ? r[last].from : from;
		to = r[last].to > to ? r[last].to : to;
	}
	/* ranges first .. last-1 become one */
	if (first == last && room->range_count == LIMIT_TCP_RANGES)
		return false;
	memmove(&r[first + 1], &r[last], (room->range_count - last) * sizeof(*r));
	room->range_count = room->range_count - (last - first) + 1;
	r[first].from = from;
	r[first].to = to;
	return true;
}

/* Copy what is not there yet of payload, which begins at octet from of the room and fits. */
static bool room_put(struct tcp_room *room, uint32_t from, struct cursor payload)
{
	const uint32_t to = from + (uint32_t)cursor_left(&payload);
	uint32_t at = from;
	const uint8_t *piece;

	for (uint32_t i = 0; i <= room->range_count && at < to; i++) {
		const bool is_past = i == room->range_count;
		uint32_t hole_end =
		    is_past || room->ranges[i].from > to ? to : room->ranges[i].from;

		if (at < hole_end) {
			piece = cursor_take(&payload, hole_end - at);
			memcpy(room->bytes + at, piece, hole_end - at);
			at = hole_end;
		}
		if (!is_past && at < room->ranges[i].to && at >= room->ranges[i].from) {
			hole_end = room->ranges[i].to < to ? room->ranges[i].to : to;
			cursor_skip(&payload, hole_end - at);
			at = hole_end;
		}
	}
	if (ranges_add(room, from, to))
		return true;
	explicit_bzero(room->bytes + from, to - from); /* no range would tell that they are there */
	return false;
}

/* Forget the first count octets of the room. */
static void room_shift(struct tcp_streams *s, struct tcp_room *room, uint32_t count)
{
	uint32_t end, kept = 0;

	if (count == 0 || room->range_count == 0)
		return;
	end = room->ranges[room->range_count - 1].to;
	for (uint32_t i = 0; i < room->range_count; i++) {
		struct tcp_range r = room->ranges[i];

		if (r.to <= count)
			continue;
		r.from = r.from > count ? r.from - count : 0;
		r.to -= count;
		room->ranges[kept++] = r;
	}
	room->range_count = kept;
	if (count < end)
		memmove(room->bytes, room->bytes + count, end - count);
	if (s->is_raw) /* what the move has left behind */
		explicit_bzero(room->bytes + end - count, count);
}

/* Does a message begin here? True as well where there is too little to tell. */
static bool begins_message(struct cursor c)
{
	size_t len = cursor_be16(&c);
	size_t left = cursor_left(&c);
	const uint8_t *header;

	if (c.err != NULL || len < DNS_HEADER_BYTES)
		return false;
	if (left == 0) /* the length alone: some send it by itself */
		return true;
	header = cursor_take(&c, DNS_HEADER_BYTES);
	return header != NULL && dns_msg_is_plausible(header, DNS_HEADER_BYTES, len);
}

/* Give up the octets that have not come: what stands behind them is next. */
static void room_skip_missing(struct tcp_streams *s, struct tcp_half *h)
{
	struct tcp_room *room = &s->rooms[h->room];
	const uint32_t count = room->range_count > 0 ? room->ranges[0].from : 0;

	if (count == 0)
		return;
	loss_report(&s->loss, why_missing, room->tag);
	room->tag = s->tag;
	room->first_ns = s->now_ns;
	room_shift(s, room, count);
	h->next += count;
	h->missing = h->missing > TCP_MANY - count ? TCP_MANY : h->missing + count;
}

/* Give up the message that has a hole, and join the stream behind it. */
static void room_skip_hole(struct tcp_streams *s, struct tcp_half *h)
{
	struct tcp_room *room = &s->rooms[h->room];

	if (s->is_raw) {
		room_skip_missing(s, h);
		return;
	}
	loss_report(&s->loss,
	    room->range_count == 1 && room->ranges[0].from == 0 ? why_cut_off : why_missing,
	    room->tag);
	room->tag = s->tag;
	room->first_ns = s->now_ns;
	while (room->range_count > 0) {
		struct tcp_range r = room->ranges[0];

		if (r.from == 0) {
			/* the beginning, cut short by the hole */
			if (room->range_count == 1)
				break;
			r = room->ranges[1];
		}
		room_shift(s, room, r.from);
		h->next += r.from;
		if (begins_message(cursor_of(room->bytes, r.to - r.from)))
			return;
	}
	room_release(s, h);
	h->in_step = false;
}

static uint32_t find_or_add(struct tcp_streams *s, const struct flow_key *k)
{
	uint32_t entry = flow_table_find(&s->table, k);
	struct tcp_half *h;

	if (entry != FLOW_NONE) {
		flow_table_touch(&s->table, entry);
		return entry;
	}
	if (flow_table_is_full(&s->table)) {
		room_lose(s, &s->halves[s->table.oldest], why_too_many);
		flow_table_remove(&s->table, s->table.oldest);
	}
	entry = flow_table_add(&s->table, k);
	h = &s->halves[entry];
	h->next = h->start = 0;
	h->in_step = false;
	h->room = FLOW_NONE;
	h->is_fresh = true;
	h->has_start = h->has_end = h->is_reset = h->is_over = false;
	h->missing = 0;
	return entry;
}

/* Lay the payload into the half's room, offset octets behind next. */
static void store(struct tcp_streams *s, struct tcp_half *h, uint32_t offset)
{
	struct tcp_room *room = h->room != FLOW_NONE ? &s->rooms[h->room] : room_take(s, s->half);
	const size_t left = cursor_left(&s->payload);
	bool has_hole;

	room->used = s->turn;
	if (offset + left > LIMIT_TCP_ROOM_BYTES || !room_put(room, offset, s->payload)) {
		lose_step(s, h, why_missing);
		h->in_step = s->is_raw; /* octets go on with this payload */
		h->next += offset;
		return;
	}
	has_hole = room->ranges[0].from > 0 || room->range_count > 1;
	if (has_hole && s->now_ns / NS_PER_S - room->first_ns / NS_PER_S > LIMIT_TCP_HOLE_S)
		room_skip_hole(s, h);
}

/* Where does the payload stand in the stream? False: nowhere, or all of it is known. */
static bool place(
    struct tcp_streams *s, struct tcp_half *h, uint32_t sequence, uint32_t *ret_offset)
{
	uint32_t ahead = sequence - h->next;
	uint32_t behind = h->next - sequence;

	if (h->in_step && ahead > LIMIT_TCP_ROOM_BYTES && behind > LIMIT_TCP_ROOM_BYTES)
		lose_step(s, h, why_missing);
	if (!h->in_step) {
		if (!s->is_raw && !begins_message(s->payload)) {
			loss_report(&s->loss, why_no_start, s->tag);
			return false;
		}
		h->next = h->start = sequence;
		h->in_step = true;
		ahead = behind = 0;
	}
	if (behind > 0 && behind <= LIMIT_TCP_ROOM_BYTES) {
		if (behind >= cursor_left(&s->payload))
			return false;
		cursor_skip(&s->payload, behind);
		ahead = 0;
	}
	*ret_offset = ahead;
	return true;
}

/* FIN stands behind the segment's octets. RST counts at once, where it is near what is known. */
static void note_end(struct tcp_half *h, uint32_t sequence, const struct tcp *segment)
{
	const uint32_t end = sequence + (uint32_t)cursor_left(&segment->payload);

	if (!h->in_step)
		return;
	if (segment->fin && end - h->next <= LIMIT_TCP_ROOM_BYTES) {
		h->has_end = true;
		h->end = end;
	}
	h->is_reset = segment->rst && sequence - h->next <= LIMIT_TCP_ROOM_BYTES;
}

void tcp_streams_feed(struct tcp_streams *s, int64_t now_ns, uint64_t tag,
    const struct addr *source, const struct addr *destination, const struct tcp *segment)
{
	const uint32_t sequence = segment->sequence + (segment->syn ? 1 : 0);
	struct tcp_half *h;
	struct flow_key key;
	uint32_t offset;

	s->half = FLOW_NONE;
	s->payload = segment->payload;
	s->tag = tag;
	s->now_ns = now_ns;
	s->turn++;
	flow_key_of(&key, source, destination,
	    (uint32_t)segment->source_port << 16 | segment->destination_port, IP_TCP);
	s->half = find_or_add(s, &key);
	h = &s->halves[s->half];
	if (segment->syn && !(h->in_step && h->start == sequence)) {
		room_lose(s, h, why_cut_off);
		h->next = h->start = sequence;
		h->in_step = true;
		h->is_fresh = h->has_start = true;
		h->has_end = h->is_reset = h->is_over = false;
		h->missing = 0;
	}
	if (s->is_raw)
		note_end(h, sequence, segment);
	if (cursor_left(&s->payload) == 0 || !place(s, h, sequence, &offset)) {
		s->payload = cursor_of(NULL, 0);
		s->half = h->has_end || h->is_reset ? s->half : FLOW_NONE;
	} else if (h->room != FLOW_NONE || offset > 0) {
		store(s, h, offset);
	}
}

enum framing {
	FRAMING_WHOLE,
	FRAMING_PARTIAL,
	FRAMING_JUNK,
};

/* Take a message with its length off; the cursor moves only when it is whole. */
static enum framing take_message(struct cursor *c, struct cursor *ret)
{
	struct cursor ahead = *c;
	size_t len = cursor_be16(&ahead);

	if (ahead.err != NULL)
		return FRAMING_PARTIAL;
	if (len < DNS_HEADER_BYTES ||
	    (cursor_left(&ahead) >= DNS_HEADER_BYTES && !begins_message(*c)))
		return FRAMING_JUNK;
	if (cursor_left(&ahead) < len)
		return FRAMING_PARTIAL;
	*ret = cursor_sub(&ahead, len);
	*c = ahead;
	return FRAMING_WHOLE;
}

static enum framing take_from_room(struct tcp_streams *s, struct tcp_half *h, struct cursor *ret)
{
	struct tcp_room *room = &s->rooms[h->room];
	const uint32_t len = room->ranges[0].from == 0 ? room->ranges[0].to : 0;
	struct cursor c = cursor_of(room->bytes, len);
	enum framing framing;

	cursor_skip(&c, s->given_bytes);
	framing = take_message(&c, ret);
	if (framing == FRAMING_WHOLE) {
		s->given_bytes = (uint32_t)c.pos;
		return framing;
	}
	if (s->given_bytes > 0) {
		room_shift(s, room, s->given_bytes);
		h->next += s->given_bytes;
		s->given_bytes = 0;
		room->first_ns = s->now_ns;
		room->tag = s->tag;
	}
	if (room->range_count == 0)
		room_release(s, h);
	return framing;
}

static enum framing take_from_payload(struct tcp_streams *s, struct tcp_half *h, struct cursor *ret)
{
	const size_t before = cursor_left(&s->payload);
	enum framing framing = take_message(&s->payload, ret);

	h->next += (uint32_t)(before - cursor_left(&s->payload));
	if (framing == FRAMING_PARTIAL && before > 0)
		store(s, h, 0);
	return framing;
}

/* What has come of the half under way, and whether it ends there. False: nothing new. */
static bool take_octets(struct tcp_streams *s, struct tcp_half *h, struct tcp_message *ret)
{
	struct tcp_room *room = h->room != FLOW_NONE ? &s->rooms[h->room] : NULL;
	uint32_t len;

	if (h->is_over) { /* what stands behind a reset */
		s->given_bytes = 0;
		room_release(s, h);
		return false;
	}
	if (room != NULL) {
		room_shift(s, room, s->given_bytes);
		h->next += s->given_bytes;
		len = room->range_count > 0 && room->ranges[0].from == 0 ? room->ranges[0].to : 0;
		s->given_bytes = len;
		ret->bytes = cursor_of(room->bytes, len);
		if (room->range_count == 0)
			room_release(s, h);
	} else {
		len = (uint32_t)cursor_left(&s->payload);
		ret->bytes = cursor_sub(&s->payload, len);
		h->next += len;
	}
	ret->is_last = h->is_reset || (h->has_end && h->next + (room != NULL ? len : 0) == h->end);
	if (len == 0 && !ret->is_last)
		return false;
	ret->is_first = h->is_fresh;
	ret->has_start = h->has_start;
	ret->is_reset = h->is_reset;
	ret->missing = h->missing;
	h->is_fresh = false;
	h->is_over = ret->is_last;
	h->missing = 0;
	return true;
}

/* At the end of the capture: the next direction that waits, joined behind its hole. */
static bool finish_next(struct tcp_streams *s)
{
	for (; s->finishing < s->room_count; s->finishing++) {
		if (s->rooms[s->finishing].half == FLOW_NONE)
			continue;
		s->half = s->rooms[s->finishing].half;
		s->now_ns = s->rooms[s->finishing].first_ns;
		s->tag = s->rooms[s->finishing].tag;
		room_skip_hole(s, &s->halves[s->half]);
		return true;
	}
	s->finishing = FLOW_NONE;
	return false;
}

void tcp_streams_finish(struct tcp_streams *s)
{
	s->half = FLOW_NONE;
	s->finishing = 0;
}

static void fill_origin(const struct tcp_streams *s, struct tcp_message *ret)
{
	const struct flow_key *k = &s->slots[s->half].key;

	ret->source.len = ret->destination.len = (uint8_t)k->family;
	memcpy(ret->source.bytes, k->source, sizeof(k->source));
	memcpy(ret->destination.bytes, k->destination, sizeof(k->destination));
	ret->source_port = (uint16_t)(k->number >> 16);
	ret->destination_port = (uint16_t)k->number;
	ret->time_ns = s->now_ns;
	ret->tag = s->tag;
}

bool tcp_streams_next(struct tcp_streams *s, struct tcp_message *ret)
{
	enum framing framing;
	struct tcp_half *h;

	for (;;) {
		if (s->half == FLOW_NONE && (s->finishing == FLOW_NONE || !finish_next(s)))
			return false;
		h = &s->halves[s->half];
		if (s->is_raw)
			framing = take_octets(s, h, ret) ? FRAMING_WHOLE : FRAMING_PARTIAL;
		else if (h->room != FLOW_NONE)
			framing = take_from_room(s, h, &ret->bytes);
		else if (s->finishing == FLOW_NONE)
			framing = take_from_payload(s, h, &ret->bytes);
		else
			framing = FRAMING_PARTIAL;
		if (framing == FRAMING_WHOLE) {
			fill_origin(s, ret);
			return true;
		}
		if (framing == FRAMING_JUNK)
			lose_step(s, h, why_no_framing);
		s->half = FLOW_NONE;
	}
}
