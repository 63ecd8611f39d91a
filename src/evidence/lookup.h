/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A DNS query as it was sent: what contacts leave out because no rhythm hangs on it, and what
 * tells one sender from another that uses its address.
 */
#ifndef EVIDENCE_LOOKUP_H
#define EVIDENCE_LOOKUP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/cursor.h"
#include "wire/dns_msg.h"

struct exchange_origin;

struct lookup {
	int64_t time_ns;
	struct addr peer;
	struct addr server;
	uint16_t port; /* of the peer */
	uint16_t id;
	uint16_t type;
	uint16_t flags;      /* of the header, as they stand */
	uint16_t edns_bytes; /* the UDP payload size that the sender takes; 0: no EDNS */
	bool dnssec_ok;
	uint8_t transport;    /* 0 UDP, 1 TCP */
	uint8_t hops;         /* that were left of its time to live; 0: not told */
	uint8_t letters;      /* in the name */
	uint8_t capitals;     /* of them */
	struct dns_name name; /* in lower case */
};

/* Asked of every query that is read; *l is borrowed. False: out of memory, and reading ends. */
typedef bool lookup_watch(void *context, const struct lookup *l);

/* False: the message is no query, or its first question or its records cannot be read. */
bool lookup_read(
    const struct exchange_origin *origin, struct cursor bytes, struct lookup *ret) MUST_USE;

#endif
