/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From captured packets to records: link, IP, UDP and TCP are taken off, DNS messages read,
 * queries and responses paired. The framing of the capture file is the caller's.
 *
 *	packets_feed(p, &packet);
 *	while ((status = packets_next(p, &record, reterr)) == NEXT_ITEM)
 *		...
 *
 * and at the end of the capture packets_finish() in place of packets_feed(). Memory is bounded
 * by the limits LIMIT_PAIR_*, LIMIT_FRAG_* and LIMIT_TCP_*, whatever is fed.
 */
#ifndef EVIDENCE_PACKETS_H
#define EVIDENCE_PACKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "evidence/health.h"
#include "evidence/reader.h"

struct captured {
	int64_t time_ns;
	uint8_t digits;       /* fractional digits of the capture's clock, 0 to 9 */
	uint16_t linktype;    /* LINKTYPE_ number of pcap and pcapng */
	uint64_t offset;      /* of the packet's record in the capture, for the health table */
	const uint8_t *bytes; /* borrowed until packets_next() has said NEXT_END */
	size_t len;           /* bytes captured */
	size_t wire_len;      /* bytes the packet had; more than len where the snap length cut it */
};

/* What became of the packets; none of these is damage. */
struct packets_counts {
	uint64_t packets;
	uint64_t messages;           /* DNS messages read */
	uint64_t other;              /* packets that are no DNS by port or protocol */
	uint64_t repeated_responses; /* to a query that already had its response */
	uint64_t early; /* given up before their time because LIMIT_PAIR_WAITING was reached */
};

struct packets;

/* health is the caller's and outlives it. */
bool packets_new(struct health *health, struct packets **ret, struct err *reterr) MUST_USE;
void packets_free(struct packets *p);

/* Take the next packet, in file order. The one before must have been drained. */
void packets_feed(struct packets *p, const struct captured *packet);

/* The capture has ended: what still waits comes out of packets_next() as unpaired. */
void packets_finish(struct packets *p);

/*
 * The next finished record, borrowed until the next call. NEXT_END: feed another packet.
 * NEXT_FAILED: out of memory. Contacts come out when they are complete, not in time order.
 */
enum next packets_next(struct packets *p, struct record *ret, struct err *reterr) MUST_USE;

/* As exchange.h has it. */
void packets_watch(struct packets *p, lookup_watch *watch, void *context);

struct packets_counts packets_counts(const struct packets *p);

/* Where the packets fed so far were captured, as far as they tell. */
enum vantage packets_vantage(const struct packets *p);

#endif
