/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Headers are taken off one after the other, until UDP or TCP of a DNS port, or TCP of a mail
 * port, is reached, or something that holds no packet. These lead from one IP header to the next:
 *
 *	IPv4, IPv6 inside IP   protocols 4 and 41 (RFC 2003, 4213, 2473)
 *	GRE                    protocol 47 (RFC 2784, 2890; version 1 with PPP by RFC 2637)
 *	VXLAN, Geneve          UDP ports 4789 (RFC 7348), 6081 (RFC 8926)
 *	Teredo                 UDP port 3544 (RFC 4380), plain encapsulation
 *	GTP-U                  UDP port 2152 (3GPP TS 29.281), the user's packets
 */
#include "wire/packet.h"

#include "base/limits.h"
#include "wire/ip.h"
#include "wire/link.h"
#include "wire/port.h"

enum tunnel_port {
	TUNNEL_GTP = 2152,
	TUNNEL_TEREDO = 3544,
	TUNNEL_VXLAN = 4789,
	TUNNEL_GENEVE = 6081,
};

struct layers {
	struct cursor at;
	uint16_t ethertype; /* of what stands at at, or LINK_NOT_IP: the end */
	bool is_inside;     /* a tunnel */
	bool is_whole;      /* put together from fragments: not done twice in one packet */
	bool is_cut;
};

static void read_gre(struct layers *l)
{
	struct cursor *c = &l->at;
	uint16_t flags = cursor_be16(c);
	uint16_t ethertype = cursor_be16(c);
	const bool is_pptp = (flags & 7) == 1;

	if ((flags & 0x8000) != 0)
		cursor_skip(c, 4); /* checksum */
	if ((flags & 0x2000) != 0)
		cursor_skip(c, 4); /* key; PPTP: payload length and call */
	if ((flags & 0x1000) != 0)
		cursor_skip(c, 4); /* sequence */
	if (is_pptp && (flags & 0x0080) != 0)
		cursor_skip(c, 4); /* acknowledgment */
	l->ethertype = link_read_payload(ethertype, c);
}

static void read_geneve(struct layers *l)
{
	size_t words = cursor_u8(&l->at) & 0x3f;
	uint16_t ethertype;

	cursor_skip(&l->at, 1);
	ethertype = cursor_be16(&l->at);
	cursor_skip(&l->at, 4 + words * 4);
	l->ethertype = link_read_payload(ethertype, &l->at);
}

/* IP by its version, or the end. */
static void read_inner_ip(struct layers *l)
{
	struct cursor ahead = l->at;
	uint8_t version = cursor_u8(&ahead) >> 4;

	l->ethertype = version == 4 ? LINK_IPV4 : version == 6 ? LINK_IPV6 : LINK_NOT_IP;
}

static void read_gtp(struct layers *l)
{
	uint8_t flags = cursor_u8(&l->at);
	uint8_t kind = cursor_u8(&l->at);
	uint8_t extension = 0;
	size_t words;

	cursor_skip(&l->at, 6);
	if (flags >> 5 != 1 || kind != 0xff)
		return;
	if ((flags & 7) != 0) {
		cursor_skip(&l->at, 3);
		extension = cursor_u8(&l->at);
	}
	for (unsigned i = 0; i < LIMIT_LAYERS && extension != 0; i++) {
		words = cursor_u8(&l->at);
		cursor_skip(&l->at, words == 0 ? 0 : words * 4 - 2);
		extension = cursor_u8(&l->at);
	}
	read_inner_ip(l);
}

/* The headers between a UDP payload and the next packet; the end for ports of no tunnel. */
static void read_udp_tunnel(struct layers *l, const struct udp *u)
{
	l->at = u->payload;
	l->ethertype = LINK_NOT_IP;
	if (u->destination_port == TUNNEL_VXLAN) {
		cursor_skip(&l->at, 8);
		l->ethertype = link_read_payload(LINK_ETHERNET, &l->at);
	} else if (u->destination_port == TUNNEL_GENEVE) {
		read_geneve(l);
	} else if (u->destination_port == TUNNEL_GTP) {
		read_gtp(l);
	} else if (u->destination_port == TUNNEL_TEREDO || u->source_port == TUNNEL_TEREDO) {
		read_inner_ip(l);
	}
}

static enum packet_kind read_udp(struct layers *l, struct packet *ret)
{
	if (!udp_read(&l->at, &ret->udp))
		return port_is_dns(ret->udp.source_port) || port_is_dns(ret->udp.destination_port)
			   ? PACKET_BAD
			   : PACKET_OTHER;
	if (port_is_dns(ret->udp.source_port) || port_is_dns(ret->udp.destination_port)) {
		ret->is_cut = l->is_cut || ret->udp.is_cut;
		return PACKET_UDP;
	}
	read_udp_tunnel(l, &ret->udp);
	l->is_inside = true;
	return PACKET_OTHER;
}

/* The ports of mDNS and LLMNR may be a mail client's, which happened to get one. */
static enum packet_kind kind_of_ports(uint16_t a, uint16_t b)
{
	if (a == PORT_DNS || b == PORT_DNS)
		return PACKET_TCP;
	if (port_is_mail(a) || port_is_mail(b))
		return PACKET_MAIL;
	return port_is_dns(a) || port_is_dns(b) ? PACKET_TCP : PACKET_OTHER;
}

static enum packet_kind read_tcp(struct layers *l, struct packet *ret)
{
	bool is_read = tcp_read(&l->at, &ret->tcp);
	enum packet_kind kind = kind_of_ports(ret->tcp.source_port, ret->tcp.destination_port);

	l->ethertype = LINK_NOT_IP;
	if (kind == PACKET_OTHER)
		return kind;
	ret->is_cut = l->is_cut;
	return is_read ? kind : PACKET_BAD;
}

/* What one IP packet holds. PACKET_OTHER: see l->ethertype for whether to go on. */
static enum packet_kind read_protocol(struct layers *l, uint8_t protocol, struct packet *ret)
{
	switch (protocol) {
	case IP_UDP:
		return read_udp(l, ret);
	case IP_TCP:
		return read_tcp(l, ret);
	case IP_IPV4:
		l->ethertype = LINK_IPV4;
		break;
	case IP_IPV6:
		l->ethertype = LINK_IPV6;
		break;
	case IP_GRE:
		read_gre(l);
		break;
	default:
		l->ethertype = LINK_NOT_IP;
		break;
	}
	l->is_inside = true;
	return PACKET_OTHER;
}

enum packet_kind packet_read(struct cursor frame, uint16_t linktype, int64_t time_ns, uint64_t tag,
    struct ip_frags *frags, struct packet *ret, const char **reterr_why)
{
	struct layers l = { .at = frame };
	enum packet_kind kind = PACKET_OTHER;
	struct ip_packet ip;

	l.ethertype = link_read(linktype, &l.at);
	for (unsigned i = 0; i < LIMIT_LAYERS && kind == PACKET_OTHER && l.at.err == NULL; i++) {
		if (l.ethertype != LINK_IPV4 && l.ethertype != LINK_IPV6)
			return PACKET_OTHER;
		if (!ip_read(&l.at, &ip))
			break;
		if (ip.is_fragment && l.is_whole)
			return PACKET_OTHER;
		if (ip.is_fragment) {
			if (!ip_frags_add(frags, time_ns, tag, &ip, &ip.payload))
				return PACKET_OTHER;
			l.is_whole = true;
		}
		l.at = ip.payload;
		l.is_cut = l.is_cut || ip.is_cut;
		ret->source = ip.source;
		ret->destination = ip.destination;
		ret->hops = ip.hops;
		kind = read_protocol(&l, ip.protocol, ret);
	}
	if (l.at.err == NULL || kind == PACKET_UDP || kind == PACKET_TCP || kind == PACKET_MAIL)
		return kind;
	*reterr_why = l.at.err;
	return kind == PACKET_BAD || !l.is_inside ? PACKET_BAD : PACKET_OTHER;
}
