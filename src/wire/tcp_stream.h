/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * DNS messages out of TCP connections (RFC 1035 4.2.2, RFC 7766): segments are put in order, each
 * direction for itself, and cut at the two-octet lengths. All in one block of memory of the
 * caller, which may hold anything at first; pages that were never touched cost nothing.
 *
 * Or the octets themselves, for protocols whose messages another finds: a message is then what
 * came next of one direction, with where the direction begins, ends, and lacks octets. What was
 * given out, or given up, is wiped from the memory.
 *
 *	tcp_streams_feed(s, now_ns, tag, &source, &destination, &segment);
 *	while (tcp_streams_next(s, &message))
 *		...
 */
#ifndef WIRE_TCP_STREAM_H
#define WIRE_TCP_STREAM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/attr.h"
#include "base/limits.h"
#include "wire/flow_table.h"
#include "wire/loss.h"
#include "wire/tcp.h"

/* One direction of a connection. */
struct tcp_half {
	uint32_t next;  /* sequence number of the first octet not yet given out */
	uint32_t start; /* of the first octet after SYN */
	uint32_t room;  /* where octets wait, or FLOW_NONE */
	bool in_step;   /* next is known, and a message begins there */
	/* of octets alone */
	bool is_fresh;  /* nothing was given out yet */
	bool has_start; /* its SYN was captured */
	bool has_end;   /* FIN was captured, and stands at end */
	bool is_reset;  /* RST was captured */
	bool is_over;   /* its end was told of */
	uint32_t end;
	uint32_t missing; /* octets in front of next that will not come, or TCP_MANY */
};

struct tcp_range {
	uint32_t from;
	uint32_t to;
};

/* Octets that wait for others: bytes[0] has the half's next sequence number. */
struct tcp_room {
	uint32_t half; /* FLOW_NONE: free */
	uint64_t used; /* turn of the last use */
	uint64_t tag;  /* of the first packet that waits */
	int64_t first_ns;
	uint32_t range_count;
	struct tcp_range ranges[LIMIT_TCP_RANGES]; /* what is here: ascending, not touching */
	uint8_t bytes[LIMIT_TCP_ROOM_BYTES];
};

struct tcp_streams {
	struct loss loss;
	bool is_raw; /* octets, no messages */
	struct flow_table table;
	/* the segment under way */
	uint32_t half;         /* FLOW_NONE: none */
	struct cursor payload; /* of it; used up, or moved to a room */
	uint64_t tag;
	int64_t now_ns;
	uint64_t turn;
	uint32_t given_bytes; /* at the head of the room, given out by the last next */
	uint32_t finishing;   /* the next room to finish, or FLOW_NONE */
	uint32_t room_count;  /* rooms behind these were never touched */
	struct flow_slot slots[LIMIT_TCP_HALVES];
	uint32_t buckets[2 * LIMIT_TCP_HALVES];
	struct tcp_half halves[LIMIT_TCP_HALVES];
	struct tcp_room rooms[LIMIT_TCP_ROOMS];
};

void tcp_streams_init(struct tcp_streams *s, struct loss loss, uint64_t seed);

/* The same for octets in place of messages. */
void tcp_streams_init_raw(struct tcp_streams *s, struct loss loss, uint64_t seed);

/* Of octets: wipe what still waits. */
void tcp_streams_wipe(struct tcp_streams *s);

/* Take a segment. The one before must have been drained. The payload is borrowed until then. */
void tcp_streams_feed(struct tcp_streams *s, int64_t now_ns, uint64_t tag,
    const struct addr *source, const struct addr *destination, const struct tcp *segment);

/* Give up waiting, so that next() gives out what stands behind holes. */
void tcp_streams_finish(struct tcp_streams *s);

#define TCP_MANY UINT32_MAX /* not known how many */

struct tcp_message {
	struct cursor bytes; /* without its length; borrowed until the next call */
	struct addr source;
	struct addr destination;
	uint16_t source_port;
	uint16_t destination_port;
	int64_t time_ns; /* of the segment that completed it */
	uint64_t tag;
	/* of octets alone; bytes may then be empty */
	bool is_first;    /* of this direction */
	bool has_start;   /* SYN stood before them: not joined midway */
	bool is_last;     /* FIN or RST stands behind them */
	bool is_reset;    /* RST: both directions end */
	uint32_t missing; /* octets before bytes that were not captured, or TCP_MANY */
};

/* The next whole message. False: drained, feed another segment. */
bool tcp_streams_next(struct tcp_streams *s, struct tcp_message *ret) MUST_USE;

#endif
