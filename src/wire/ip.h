/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IPv4 (RFC 791) and IPv6 (RFC 8200) headers, options and extension headers included. */
#ifndef WIRE_IP_H
#define WIRE_IP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/attr.h"
#include "base/cursor.h"

enum ip_protocol {
	IP_HOP_BY_HOP = 0,
	IP_IPV4 = 4,
	IP_TCP = 6,
	IP_UDP = 17,
	IP_IPV6 = 41,
	IP_ROUTING = 43,
	IP_FRAGMENT = 44,
	IP_GRE = 47,
	IP_AUTHENTICATION = 51,
	IP_NOTHING = 59,
	IP_DESTINATION = 60,
};

struct ip_packet {
	struct addr source;
	struct addr destination;
	/*
	 * What the protocol's header begins. Never past the length that the IP header states, so
	 * the padding of short Ethernet frames is gone; less than it where the capture cut the
	 * packet: then is_cut.
	 */
	struct cursor payload;
	uint8_t protocol;
	uint8_t hops; /* that are left: its time to live, or hop limit */
	bool is_cut;
	/* of a fragment; a whole packet has offset 0 and no more */
	bool is_fragment;
	bool more_fragments;
	uint32_t fragment_offset; /* octets */
	uint32_t fragment_id;
};

/*
 * Read one IP header, of either version, with all that stands before the payload. The payload
 * borrows from packet. False: packet->err says why. *ret is then undefined.
 */
bool ip_read(struct cursor *packet, struct ip_packet *ret) MUST_USE;

#endif
