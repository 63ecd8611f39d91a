/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * IPv4 (RFC 791 3.1) and IPv6 (RFC 8200 3, 4).
 *
 *	IPv4   0 version (4), words of header (4)   1 service   2 total length   4 id
 *	       6 flags (3: -, DF, MF), offset (13)  8 TTL   9 protocol  10 checksum
 *	      12 source  16 destination  20 options
 *	IPv6   0 version (4), class, flow   4 payload length   6 next header   7 hop limit
 *	       8 source  24 destination  40 extension headers
 *
 * Checksums are not looked at: captures on the sending host have none yet. A length of 0 is what
 * segmentation offload leaves there (and jumbograms, which cannot be DNS): the captured
 * length then stands in for it.
 */
#include "wire/ip.h"

#include "base/limits.h"

static void read_addr(struct cursor *c, uint8_t len, struct addr *ret)
{
	const uint8_t *bytes = cursor_take(c, len);

	ret->len = len;
	if (bytes != NULL)
		memcpy(ret->bytes, bytes, len);
}

/* The payload is what the header says, as far as it was captured. */
static void take_payload(struct cursor *packet, size_t stated, struct ip_packet *ret)
{
	size_t left = cursor_left(packet);

	ret->is_cut = stated > left;
	ret->payload = cursor_sub(packet, stated < left ? stated : left);
}

static bool read_v4(struct cursor *packet, struct ip_packet *ret)
{
	size_t header_len = (size_t)(cursor_u8(packet) & 0xf) * 4;
	size_t total;
	uint16_t fragment;

	cursor_skip(packet, 1);
	total = cursor_be16(packet);
	ret->fragment_id = cursor_be16(packet);
	fragment = cursor_be16(packet);
	ret->hops = cursor_u8(packet);
	ret->protocol = cursor_u8(packet);
	cursor_skip(packet, 2);
	read_addr(packet, 4, &ret->source);
	read_addr(packet, 4, &ret->destination);
	if (header_len < 20 || (total != 0 && total < header_len))
		cursor_fail(packet, "IPv4 header with an impossible length");
	cursor_skip(packet, header_len - 20);
	if (packet->err != NULL)
		return false;
	ret->more_fragments = (fragment & 0x2000) != 0;
	ret->fragment_offset = (uint32_t)(fragment & 0x1fff) * 8;
	ret->is_fragment = ret->more_fragments || ret->fragment_offset != 0;
	take_payload(packet, total == 0 ? cursor_left(packet) : total - header_len, ret);
	return true;
}

static void read_fragment_header(struct cursor *c, struct ip_packet *ret)
{
	uint16_t fragment;

	cursor_skip(c, 1);
	fragment = cursor_be16(c);
	ret->fragment_id = cursor_be32(c);
	ret->more_fragments = (fragment & 1) != 0;
	ret->fragment_offset = fragment & 0xfff8;
	/* an atomic fragment (RFC 6946) is a whole packet */
	ret->is_fragment = ret->more_fragments || ret->fragment_offset != 0;
}

/* Step over extension headers up to one that is none, or up to the data of a fragment. */
static void read_extensions(struct cursor *c, struct ip_packet *ret)
{
	uint8_t next;
	size_t words;

	for (unsigned i = 0; i < LIMIT_LAYERS && !ret->is_fragment; i++) {
		switch (ret->protocol) {
		case IP_HOP_BY_HOP:
		case IP_ROUTING:
		case IP_DESTINATION:
			next = cursor_u8(c);
			words = cursor_u8(c);
			cursor_skip(c, words * 8 + 6);
			break;
		case IP_AUTHENTICATION: /* RFC 4302 2.2: 32-bit words, minus 2 */
			next = cursor_u8(c);
			words = cursor_u8(c);
			cursor_skip(c, words * 4 + 6);
			break;
		case IP_FRAGMENT:
			next = cursor_u8(c);
			read_fragment_header(c, ret);
			break;
		default:
			return;
		}
		ret->protocol = next;
	}
	if (!ret->is_fragment)
		cursor_fail(c, "too many IPv6 extension headers");
}

static bool read_v6(struct cursor *packet, struct ip_packet *ret)
{
	size_t stated;

	cursor_skip(packet, 4);
	stated = cursor_be16(packet);
	ret->protocol = cursor_u8(packet);
	ret->hops = cursor_u8(packet);
	read_addr(packet, 16, &ret->source);
	read_addr(packet, 16, &ret->destination);
	ret->is_fragment = ret->more_fragments = false;
	ret->fragment_offset = ret->fragment_id = 0;
	take_payload(packet, stated == 0 ? cursor_left(packet) : stated, ret);
	read_extensions(&ret->payload, ret);
	cursor_fail(packet, ret->payload.err);
	if (packet->err != NULL)
		return false;
	ret->payload = cursor_sub(&ret->payload, cursor_left(&ret->payload));
	return true;
}

bool ip_read(struct cursor *packet, struct ip_packet *ret)
{
	struct cursor ahead = *packet;
	uint8_t version = cursor_u8(&ahead) >> 4;

	if (version == 4)
		return read_v4(packet, ret);
	if (version == 6)
		return read_v6(packet, ret);
	cursor_fail(packet, ahead.err != NULL ? ahead.err : "neither IPv4 nor IPv6");
	return false;
}
