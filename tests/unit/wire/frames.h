/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Packets for tests, header by header, from the inside out: each function puts one in front. */
#ifndef TESTS_FRAMES_H
#define TESTS_FRAMES_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/buf.h"

/* Put n bytes before what the buffer holds. */
static inline void frame_prepend(struct buf *b, const struct buf *head)
{
	struct buf whole;

	buf_init(&whole, SIZE_MAX);
	buf_put(&whole, head->bytes, head->len);
	buf_put(&whole, b->bytes, b->len);
	buf_release(b);
	*b = whole;
}

static inline void frame_bytes(struct buf *b, const void *bytes, size_t len)
{
	struct buf head = { .bytes = malloc(len), .len = len, .capacity = len, .max = len };

	memcpy(head.bytes, bytes, len);
	frame_prepend(b, &head);
	free(head.bytes);
}

static inline void frame_udp(struct buf *b, uint16_t source_port, uint16_t destination_port)
{
	struct buf h;

	buf_init(&h, 64);
	buf_be16(&h, source_port);
	buf_be16(&h, destination_port);
	buf_be16(&h, (uint16_t)(8 + b->len));
	buf_be16(&h, 0); /* checksum */
	frame_prepend(b, &h);
	buf_release(&h);
}

static inline void frame_tcp(struct buf *b, uint16_t source_port, uint16_t destination_port,
    uint32_t sequence, uint8_t flags)
{
	struct buf h;

	buf_init(&h, 64);
	buf_be16(&h, source_port);
	buf_be16(&h, destination_port);
	buf_be32(&h, sequence);
	buf_be32(&h, 0);  /* acknowledged */
	buf_u8(&h, 0x50); /* five words */
	buf_u8(&h, flags);
	buf_be16(&h, 1024);
	buf_be32(&h, 0);
	frame_prepend(b, &h);
	buf_release(&h);
}

/* fragment: flags and offset as IPv4 has them in its seventh octet */
static inline void frame_ipv4(struct buf *b, uint8_t protocol, const char *source,
    const char *destination, uint16_t id, uint16_t fragment)
{
	struct addr a;
	struct buf h;

	buf_init(&h, 64);
	buf_be16(&h, 0x4500);
	buf_be16(&h, (uint16_t)(20 + b->len));
	buf_be16(&h, id);
	buf_be16(&h, fragment);
	buf_u8(&h, 64);
	buf_u8(&h, protocol);
	buf_be16(&h, 0);
	if (addr_parse(source, strlen(source), &a))
		buf_put(&h, a.bytes, 4);
	if (addr_parse(destination, strlen(destination), &a))
		buf_put(&h, a.bytes, 4);
	frame_prepend(b, &h);
	buf_release(&h);
}

static inline void frame_ipv6(
    struct buf *b, uint8_t protocol, const char *source, const char *destination)
{
	struct addr a;
	struct buf h;

	buf_init(&h, 64);
	buf_be32(&h, 0x60000000);
	buf_be16(&h, (uint16_t)b->len);
	buf_u8(&h, protocol);
	buf_u8(&h, 64);
	if (addr_parse(source, strlen(source), &a))
		buf_put(&h, a.bytes, 16);
	if (addr_parse(destination, strlen(destination), &a))
		buf_put(&h, a.bytes, 16);
	frame_prepend(b, &h);
	buf_release(&h);
}

static inline void frame_ethernet(struct buf *b, uint16_t ethertype)
{
	struct buf h;

	buf_init(&h, 64);
	buf_put(&h, "\2\0\0\0\0\1\2\0\0\0\0\2", 12);
	buf_be16(&h, ethertype);
	frame_prepend(b, &h);
	buf_release(&h);
}

#endif
