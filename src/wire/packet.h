/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A captured packet down to UDP or TCP: link layer, tunnels, IP, fragments. */
#ifndef WIRE_PACKET_H
#define WIRE_PACKET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/attr.h"
#include "base/cursor.h"
#include "wire/ip_frag.h"
#include "wire/tcp.h"
#include "wire/udp.h"

enum packet_kind {
	PACKET_UDP,   /* of a DNS port */
	PACKET_TCP,   /* of a DNS port */
	PACKET_MAIL,  /* TCP of a mail port */
	PACKET_OTHER, /* anything else, or a fragment that waits for others */
	PACKET_BAD,   /* cannot be read: *reterr_why */
};

struct packet {
	struct addr source; /* of the innermost IP header */
	struct addr destination;
	uint8_t hops; /* that were left of it */
	union {
		struct udp udp;
		struct tcp tcp;
	};
	bool is_cut; /* by the snap length */
};

/*
 * Read one packet. frame has what was captured, and tag is the caller's number of it. What *ret
 * borrows from frame, or from frags, holds until the next call. Headers that break inside a
 * tunnel make it PACKET_OTHER: tunnels are recognized by their port or protocol alone.
 */
enum packet_kind packet_read(struct cursor frame, uint16_t linktype, int64_t time_ns, uint64_t tag,
    struct ip_frags *frags, struct packet *ret, const char **reterr_why) MUST_USE;

#endif
