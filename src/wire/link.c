/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Link layers (https://www.tcpdump.org/linktypes.html):
 *
 *	Ethernet      destination (6), source (6), EtherType
 *	VLAN tag      priority and VLAN (16), EtherType: 802.1Q, 802.1ad, and 0x9100 of old switches
 *	cooked v1     packet type (16), ARPHRD (16), address length (16), address (8), EtherType
 *	cooked v2     EtherType, zero (16), interface (32), ARPHRD (16), type (8), length (8),
 *address (8) NULL, LOOP    address family (32), in the capturing host's byte order or in network
 *order PPPoE         version and type (8), code (8), session (16), length (16), PPP PPP optional ff
 *03, protocol of one octet (odd) or two MPLS          label (20), class (3), bottom of stack (1),
 *TTL (8); then IP by its version
 */
#include "wire/link.h"

#include "base/limits.h"

enum linktype {
	LINKTYPE_NULL = 0,
	LINKTYPE_ETHERNET = 1,
	LINKTYPE_PPP = 9,
	LINKTYPE_FDDI = 10,
	LINKTYPE_RAW_BSD = 12, /* DLT_RAW of most systems, found in files by mistake */
	LINKTYPE_RAW_OPENBSD = 14,
	LINKTYPE_PPP_HDLC = 50,
	LINKTYPE_PPP_ETHER = 51,
	LINKTYPE_RAW = 101,
	LINKTYPE_LOOP = 108,
	LINKTYPE_LINUX_SLL = 113,
	LINKTYPE_IPV4 = 228,
	LINKTYPE_IPV6 = 229,
	LINKTYPE_LINUX_SLL2 = 276,
};

enum {
	ETHERTYPE_VLAN = 0x8100,
	ETHERTYPE_QINQ = 0x88a8,
	ETHERTYPE_QINQ_OLD = 0x9100,
	ETHERTYPE_MPLS_MULTICAST = 0x8848,
	ETHERTYPE_MIN = 0x0600, /* below it the field is the length of an 802.3 frame */
	PPP_IPV4 = 0x0021,
	PPP_IPV6 = 0x0057,
};

bool link_is_known(uint16_t linktype)
{
	static const uint16_t known[] = { LINKTYPE_NULL, LINKTYPE_ETHERNET, LINKTYPE_PPP,
		LINKTYPE_FDDI, LINKTYPE_RAW_BSD, LINKTYPE_RAW_OPENBSD, LINKTYPE_PPP_HDLC,
		LINKTYPE_PPP_ETHER, LINKTYPE_RAW, LINKTYPE_LOOP, LINKTYPE_LINUX_SLL, LINKTYPE_IPV4,
		LINKTYPE_IPV6, LINKTYPE_LINUX_SLL2 };

	for (size_t i = 0; i < COUNT_OF(known); i++)
		if (known[i] == linktype)
			return true;
	return false;
}

/* IPv4 or IPv6 by the version in the first octet, which is not stepped over. */
static uint16_t read_raw(struct cursor *frame)
{
	struct cursor ahead = *frame;
	uint8_t octet = cursor_u8(&ahead);

	cursor_fail(frame, ahead.err);
	if (octet >> 4 == 4)
		return LINK_IPV4;
	return octet >> 4 == 6 ? LINK_IPV6 : LINK_NOT_IP;
}

/* The address family tells its own byte order: real ones are small. 24, 28, 30: IPv6 of the BSDs.
 */
static uint16_t read_family(struct cursor *frame)
{
	uint32_t family = cursor_be32(frame);

	if (family > 0xffff)
		family = __builtin_bswap32(family);
	if (family == 2)
		return LINK_IPV4;
	return family == 10 || family == 24 || family == 28 || family == 30 ? LINK_IPV6
									    : LINK_NOT_IP;
}

static uint16_t read_ppp(struct cursor *frame)
{
	unsigned protocol = cursor_u8(frame);

	if (protocol == 0xff) {
		cursor_skip(frame, 1); /* control: 03 */
		protocol = cursor_u8(frame);
	}
	if ((protocol & 1) == 0) {
		protocol <<= 8;
		protocol |= cursor_u8(frame);
	}
	if (protocol == PPP_IPV4)
		return LINK_IPV4;
	return protocol == PPP_IPV6 ? LINK_IPV6 : LINK_NOT_IP;
}

static uint16_t read_pppoe(struct cursor *frame)
{
	uint8_t code;

	cursor_skip(frame, 1);
	code = cursor_u8(frame);
	cursor_skip(frame, 4);
	return code == 0 ? read_ppp(frame) : LINK_NOT_IP; /* other codes: discovery */
}

static uint16_t read_mpls(struct cursor *frame)
{
	for (unsigned i = 0; i < LIMIT_LAYERS; i++)
		if ((cursor_be32(frame) & 0x100) != 0)
			return read_raw(frame);
	return LINK_NOT_IP;
}

/* Other LLC frames are no IP, however short they are. */
static uint16_t read_llc(struct cursor *frame)
{
	struct cursor ahead = *frame;
	uint32_t llc = cursor_be32(&ahead);
	uint16_t organization = cursor_be16(&ahead);
	uint16_t ethertype = cursor_be16(&ahead);

	if (ahead.err != NULL || llc != 0xaaaa0300 || organization != 0)
		return LINK_NOT_IP;
	*frame = ahead;
	return ethertype;
}

uint16_t link_read_payload(uint16_t ethertype, struct cursor *frame)
{
	for (unsigned tags = 0; tags <= LIMIT_VLAN_TAGS; tags++) {
		switch (ethertype) {
		case LINK_IPV4:
		case LINK_IPV6:
			return ethertype;
		case ETHERTYPE_VLAN:
		case ETHERTYPE_QINQ:
		case ETHERTYPE_QINQ_OLD:
			cursor_skip(frame, 2);
			ethertype = cursor_be16(frame);
			break;
		case LINK_ETHERNET:
			cursor_skip(frame, 12);
			ethertype = cursor_be16(frame);
			break;
		case LINK_PPPOE:
			return read_pppoe(frame);
		case LINK_PPP:
			return read_ppp(frame);
		case LINK_MPLS:
		case ETHERTYPE_MPLS_MULTICAST:
			return read_mpls(frame);
		default:
			if (ethertype >= ETHERTYPE_MIN)
				return ethertype;
			ethertype = read_llc(frame);
			if (ethertype < ETHERTYPE_MIN)
				return LINK_NOT_IP;
			break;
		}
	}
	return LINK_NOT_IP;
}

static uint16_t read_sll2(struct cursor *frame)
{
	uint16_t ethertype = cursor_be16(frame);

	cursor_skip(frame, 18);
	return link_read_payload(ethertype, frame);
}

uint16_t link_read(uint16_t linktype, struct cursor *frame)
{
	switch (linktype) {
	case LINKTYPE_ETHERNET:
		return link_read_payload(LINK_ETHERNET, frame);
	case LINKTYPE_NULL:
	case LINKTYPE_LOOP:
		return read_family(frame);
	case LINKTYPE_PPP:
	case LINKTYPE_PPP_HDLC:
		return read_ppp(frame);
	case LINKTYPE_PPP_ETHER:
		return read_pppoe(frame);
	case LINKTYPE_RAW:
	case LINKTYPE_RAW_BSD:
	case LINKTYPE_RAW_OPENBSD:
		return read_raw(frame);
	case LINKTYPE_IPV4:
		return LINK_IPV4;
	case LINKTYPE_IPV6:
		return LINK_IPV6;
	case LINKTYPE_FDDI:
		cursor_skip(frame, 13);
		return link_read_payload(read_llc(frame), frame);
	case LINKTYPE_LINUX_SLL:
		cursor_skip(frame, 14);
		return link_read_payload(cursor_be16(frame), frame);
	case LINKTYPE_LINUX_SLL2:
		return read_sll2(frame);
	default:
		return LINK_NOT_IP;
	}
}
