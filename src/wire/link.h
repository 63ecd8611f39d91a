/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Link layers of captures: from the first octet of a frame to the network layer. */
#ifndef WIRE_LINK_H
#define WIRE_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/cursor.h"

enum link_ethertype {
	LINK_NOT_IP = 0, /* a frame that can hold no IP packet: 802.3 length, PPP control, ... */
	LINK_IPV4 = 0x0800,
	LINK_ETHERNET = 0x6558, /* an Ethernet frame inside another protocol */
	LINK_IPV6 = 0x86dd,
	LINK_PPP = 0x880b,
	LINK_MPLS = 0x8847,
	LINK_PPPOE = 0x8864,
};

/* Is this LINKTYPE_ number of pcap one that link_read() knows? */
bool link_is_known(uint16_t linktype);

/*
 * Step over the link header of a captured frame, VLAN tags and PPPoE included. Returns the
 * EtherType of what follows, or LINK_NOT_IP; frame->err is set where the header is cut short.
 */
uint16_t link_read(uint16_t linktype, struct cursor *frame);

/* The same, for what stands behind an EtherType: tags, PPPoE, MPLS and inner Ethernet go. */
uint16_t link_read_payload(uint16_t ethertype, struct cursor *frame);

#endif
