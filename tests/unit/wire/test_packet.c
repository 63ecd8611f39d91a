/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Link layers, IP headers and tunnels, from the whole packet: all lead to the same payload. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "frames.h"
#include "wire/link.h"
#include "wire/packet.h"

static void no_loss(void *context, const char *why, uint64_t tag)
{
	(void)context;
	(void)tag;
	fail_msg("lost: %s", why);
}

static int set_up(void **state)
{
	struct ip_frags *f = calloc(1, sizeof(*f));

	ip_frags_init(f, (struct loss){ no_loss, NULL }, 1);
	*state = f;
	return f == NULL;
}

static int tear_down(void **state)
{
	free(*state);
	return 0;
}

/* "payload" in UDP from 4000 to 53 in IPv4 */
static void put_datagram(struct buf *b)
{
	buf_init(b, SIZE_MAX);
	buf_text(b, "payload");
	frame_udp(b, 4000, 53);
}

static void put_packet(struct buf *b)
{
	put_datagram(b);
	frame_ipv4(b, 17, "192.0.2.10", "192.0.2.53", 1, 0);
}

static enum packet_kind read_copy(
    void **state, const struct buf *b, size_t len, uint16_t linktype, struct packet *ret)
{
	const char *why = NULL;
	/* a block of its own; kept until the next call for the caller to look at */
	static uint8_t *copy;
	enum packet_kind kind;

	free(copy);
	copy = malloc(len + 1);
	if (len > 0)
		memcpy(copy + 1, b->bytes, len);
	kind = packet_read(cursor_of(copy + 1, len), linktype, 0, 0, *state, ret, &why);
	assert_true(kind != PACKET_BAD || why != NULL);
	return kind;
}

static void assert_payload(void **state, struct buf *b, uint16_t linktype)
{
	struct packet p;
	struct addr want;

	assert_int_equal(read_copy(state, b, b->len, linktype, &p), PACKET_UDP);
	assert_int_equal(p.udp.source_port, 4000);
	assert_int_equal(p.udp.destination_port, 53);
	assert_int_equal(cursor_left(&p.udp.payload), 7);
	assert_memory_equal(p.udp.payload.base, "payload", 7);
	assert_false(p.is_cut);
	assert_true(addr_parse(
	    p.source.len == 4 ? "192.0.2.10" : "2001:db8::10", p.source.len == 4 ? 10 : 12, &want));
	assert_int_equal(addr_cmp(&p.source, &want), 0);
	for (size_t n = 0; n < b->len; n++)
		(void)read_copy(state, b, n, linktype, &p);
	buf_release(b);
}

static void reads_every_link_type(void **state)
{
	static const struct {
		uint16_t linktype;
		size_t len;
		uint8_t head[32];
	} links[] = {
		{ 0, 4, { 2, 0, 0, 0 } },                    /* NULL, little-endian host  */
		{ 0, 4, { 0, 0, 0, 2 } },                    /* NULL, big-endian host     */
		{ 108, 4, { 0, 0, 0, 2 } },                  /* LOOP                      */
		{ 9, 4, { 0xff, 3, 0, 0x21 } },              /* PPP                       */
		{ 9, 2, { 0, 0x21 } },                       /* without address, control  */
		{ 50, 1, { 0x21 } },                         /* compressed protocol       */
		{ 51, 8, { 0x11, 0, 0, 1, 0, 0, 0, 0x21 } }, /* PPPoE session             */
		{ 12, 0, { 0 } },                            /* raw, as some BSDs number it */
		{ 14, 0, { 0 } }, { 101, 0, { 0 } }, { 228, 0, { 0 } },
		{ 1, 14, { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0 } },
		{ 1, 18, { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x81, 0, 0, 5, 8, 0 } },
		{ 1, 22,
		    { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x88, 0xa8, 0, 5, 0x81, 0, 0, 6, 8, 0 } },
		{ 1, 22,
		    { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x91, 0, 0, 5, 0x81, 0, 0, 6, 8, 0 } },
		{ 1, 22,
		    { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x88, 0x64, 0x11, 0, 0, 1, 0, 9, 0,
			0x21 } },
		{ 1, 18,
		    { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x88, 0x47, 0, 0, 0x11,
			0x40 } }, /* MPLS */
		{ 1, 22,
		    { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 60, 0xaa, 0xaa, 3, 0, 0, 0, 8, 0 } },
		{ 10, 21,
		    { 0x50, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xaa, 0xaa, 3, 0, 0, 0, 8, 0 } },
		{ 113, 16, { 0, 4, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0 } }, /* cooked v1 */
		{ 276, 20, { 8, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 6, 0 } },          /* cooked v2 */
	};
	struct buf b;

	for (size_t i = 0; i < COUNT_OF(links); i++) {
		assert_true(link_is_known(links[i].linktype));
		put_packet(&b);
		frame_bytes(&b, links[i].head, links[i].len);
		assert_payload(state, &b, links[i].linktype);
	}
	assert_false(link_is_known(105)); /* 802.11 */
}

static void reads_ipv6_behind_any_extension(void **state)
{
	static const uint8_t options[8] = { 17, 0, 1, 4, 0, 0, 0, 0 };
	static const uint8_t routing[8] = { 60, 0, 0, 0, 0, 0, 0, 0 };
	static const uint8_t atomic[8] = { 43, 0, 0, 0, 0, 0, 0, 9 }; /* a fragment that is all */
	static const uint8_t authentication[12] = { 44, 1 };
	static const uint8_t hop_by_hop[8] = { 51, 0, 1, 4, 0, 0, 0, 0 };
	struct buf b;

	put_datagram(&b);
	frame_ipv6(&b, 17, "2001:db8::10", "2001:db8::53");
	assert_payload(state, &b, 229);
	put_datagram(&b);
	frame_bytes(&b, options, sizeof(options));
	frame_bytes(&b, routing, sizeof(routing));
	frame_bytes(&b, atomic, sizeof(atomic));
	frame_bytes(&b, authentication, sizeof(authentication));
	frame_bytes(&b, hop_by_hop, sizeof(hop_by_hop));
	frame_ipv6(&b, 0, "2001:db8::10", "2001:db8::53");
	frame_bytes(&b, "\x1e\0\0\0", 4); /* NULL of macOS */
	assert_payload(state, &b, 0);
}

static void reads_ipv4_options_and_drops_padding(void **state)
{
	struct buf b;

	put_datagram(&b);
	frame_bytes(&b, "\1\1\1\0", 4); /* no operation, end of options */
	frame_ipv4(&b, 17, "192.0.2.10", "192.0.2.53", 1, 0);
	b.bytes[0] = 0x46;
	buf_text(&b, "trailer of the Ethernet frame");
	frame_ethernet(&b, 0x0800);
	assert_payload(state, &b, 1);
}

/* length 0 is what offloading leaves in a capture */
static void takes_what_there_is_for_a_length_of_0(void **state)
{
	struct buf b;

	put_packet(&b);
	b.bytes[2] = b.bytes[3] = 0;
	b.bytes[24] = b.bytes[25] = 0;
	assert_payload(state, &b, 101);
}

static void says_when_the_capture_cut_the_packet(void **state)
{
	struct packet p;
	struct buf b;

	put_packet(&b);
	assert_int_equal(read_copy(state, &b, b.len - 3, 101, &p), PACKET_UDP);
	assert_true(p.is_cut);
	assert_int_equal(cursor_left(&p.udp.payload), 4);
	assert_int_equal(read_copy(state, &b, 27, 101, &p), PACKET_BAD); /* in the UDP header */
	assert_int_equal(read_copy(state, &b, 19, 101, &p), PACKET_BAD); /* in the IP header */
	buf_release(&b);
}

static void refuses_impossible_lengths(void **state)
{
	struct packet p;
	struct buf b;

	put_packet(&b);
	b.bytes[0] = 0x44; /* a header of 16 octets */
	assert_int_equal(read_copy(state, &b, b.len, 101, &p), PACKET_BAD);
	b.bytes[0] = 0x45;
	b.bytes[3] = 19; /* less than the header */
	assert_int_equal(read_copy(state, &b, b.len, 101, &p), PACKET_BAD);
	b.bytes[3] = (uint8_t)b.len;
	b.bytes[25] = 7; /* less than the UDP header */
	assert_int_equal(read_copy(state, &b, b.len, 101, &p), PACKET_BAD);
	buf_release(&b);
}

static void comes_out_of_tunnels(void **state)
{
	static const struct {
		uint8_t protocol;
		uint16_t port; /* of UDP, where protocol is 17 */
		size_t len;
		uint8_t head[40];
	} tunnels[] = {
		{ 4, 0, 0, { 0 } },               /* IP in IP                  */
		{ 47, 0, 4, { 0, 0, 8, 0 } },     /* GRE                       */
		{ 47, 0, 16, { 0xb0, 0, 8, 0 } }, /* with checksum, key, sequence */
		{ 47, 0, 18,
		    { 0x30, 0x81, 0x88, 0x0b, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x21 } },
		{ 47, 0, 18, { 0, 0, 0x65, 0x58, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0 } },
		{ 17, 4789, 22,
		    { 8, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0 } },
		{ 17, 6081, 12, { 1, 0, 8, 0, 0, 0, 7, 0, 1, 2, 3, 4 } },
		{ 17, 3544, 0, { 0 } },
		{ 17, 2152, 8, { 0x30, 0xff, 0, 0, 0, 0, 0, 1 } },
	};
	struct packet p;
	struct buf b;

	for (size_t i = 0; i < COUNT_OF(tunnels); i++) {
		put_packet(&b);
		frame_bytes(&b, tunnels[i].head, tunnels[i].len);
		if (tunnels[i].protocol == 17)
			frame_udp(&b, 999, tunnels[i].port);
		frame_ipv6(&b, tunnels[i].protocol, "2001:db8::1", "2001:db8::2");
		/* junk in a tunnel is no damage: its port may have been taken by chance */
		b.bytes[b.len - 7 - 8 - 20] = 0x44;
		assert_int_equal(read_copy(state, &b, b.len, 101, &p), PACKET_OTHER);
		b.bytes[b.len - 7 - 8 - 20] = 0x45;
		assert_payload(state, &b, 101);
	}
}

static void stops_in_endless_tunnels(void **state)
{
	struct packet p;
	struct buf b;

	put_packet(&b);
	for (size_t i = 0; i < LIMIT_LAYERS - 1; i++)
		frame_ipv4(&b, 4, "192.0.2.1", "192.0.2.2", 1, 0);
	assert_int_equal(read_copy(state, &b, b.len, 101, &p), PACKET_UDP);
	frame_ipv4(&b, 4, "192.0.2.1", "192.0.2.2", 1, 0);
	assert_int_equal(read_copy(state, &b, b.len, 101, &p), PACKET_OTHER);
	buf_release(&b);
}

static void leaves_what_is_no_dns(void **state)
{
	struct packet p;
	struct buf b;

	buf_init(&b, SIZE_MAX);
	buf_text(&b, "arp");
	frame_ethernet(&b, 0x0806);
	assert_int_equal(read_copy(state, &b, b.len, 1, &p), PACKET_OTHER);
	buf_clear(&b);
	frame_udp(&b, 4000, 123);
	frame_ipv4(&b, 17, "192.0.2.10", "192.0.2.53", 1, 0);
	assert_int_equal(read_copy(state, &b, b.len, 101, &p), PACKET_OTHER);
	buf_clear(&b);
	frame_tcp(&b, 4000, 80, 1, 0);
	frame_ipv4(&b, 6, "192.0.2.10", "192.0.2.53", 1, 0);
	assert_int_equal(read_copy(state, &b, b.len, 101, &p), PACKET_OTHER);
	buf_release(&b);
}

static enum packet_kind kind_of_tcp(void **state, uint16_t from, uint16_t to)
{
	enum packet_kind kind;
	struct packet p;
	struct buf b;

	buf_init(&b, SIZE_MAX);
	frame_tcp(&b, from, to, 1, 0);
	frame_ipv4(&b, 6, "192.0.2.10", "192.0.2.53", 1, 0);
	kind = read_copy(state, &b, b.len, 101, &p);
	buf_release(&b);
	return kind;
}

/* 5353 and 5355 are ports that a client may happen to have, 53 is none. */
static void knows_mail_from_ports_that_dns_has_as_well(void **state)
{
	assert_int_equal(kind_of_tcp(state, 4000, 25), PACKET_MAIL);
	assert_int_equal(kind_of_tcp(state, 5353, 25), PACKET_MAIL);
	assert_int_equal(kind_of_tcp(state, 587, 5355), PACKET_MAIL);
	assert_int_equal(kind_of_tcp(state, 5355, 4000), PACKET_TCP);
	assert_int_equal(kind_of_tcp(state, 4000, 5353), PACKET_TCP);
	assert_int_equal(kind_of_tcp(state, 25, 53), PACKET_TCP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_link_type),
		cmocka_unit_test(reads_ipv6_behind_any_extension),
		cmocka_unit_test(reads_ipv4_options_and_drops_padding),
		cmocka_unit_test(takes_what_there_is_for_a_length_of_0),
		cmocka_unit_test(says_when_the_capture_cut_the_packet),
		cmocka_unit_test(refuses_impossible_lengths),
		cmocka_unit_test(comes_out_of_tunnels),
		cmocka_unit_test(stops_in_endless_tunnels),
		cmocka_unit_test(leaves_what_is_no_dns),
		cmocka_unit_test(knows_mail_from_ports_that_dns_has_as_well),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
