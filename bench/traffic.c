/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "traffic.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/philox.h"

#define FIRST_US     INT64_C(1735689600000000) /* 2025-01-01 */
#define RESOLVER     0x0a00ff35u               /* 10.0.255.53 */
#define PURPOSE_PAIR 1
#define PURPOSE_NAME 2

static void put_label(struct buf *b, const char *text)
{
	buf_u8(b, (uint8_t)strlen(text));
	buf_text(b, text);
}

/* A name of its rank: one to three labels before the top one, 10 to 40 octets. */
static void put_name(struct buf *b, const struct traffic *t, uint32_t rank)
{
	static const char *const tops[] = { "com", "net", "org", "example", "de", "info" };
	static const char *const hosts[] = { "www", "mail", "api", "cdn-edge", "static", "ns1" };
	struct philox p;
	char label[32];

	philox_init(&p, t->seed, rank, PURPOSE_NAME);
	if (philox_below(&p, 4) != 0)
		put_label(b, hosts[philox_below(&p, COUNT_OF(hosts))]);
	if (philox_below(&p, 3) == 0) {
		(void)snprintf(label, sizeof(label), "n%u", philox_below(&p, 1000));
		put_label(b, label);
	}
	(void)snprintf(label, sizeof(label), "zone%x-%x", rank, philox_below(&p, 1u << 16));
	put_label(b, label);
	put_label(b, tops[philox_below(&p, COUNT_OF(tops))]);
	buf_u8(b, 0);
}

static void put_headers(struct buf *b, uint32_t source, uint16_t source_port, uint32_t destination,
    uint16_t destination_port, size_t payload_len)
{
	static const uint8_t ethernet[14] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x08, 0x00 };

	buf_put(b, ethernet, sizeof(ethernet));
	buf_be16(b, 0x4500);
	buf_be16(b, (uint16_t)(28 + payload_len));
	buf_be32(b, 0x00004000); /* id, do not fragment */
	buf_be32(b, 0x40110000); /* TTL 64, UDP, no checksum */
	buf_be32(b, source);
	buf_be32(b, destination);
	buf_be16(b, source_port);
	buf_be16(b, destination_port);
	buf_be16(b, (uint16_t)(8 + payload_len));
	buf_be16(b, 0);
}

static void put_message(struct buf *b, uint16_t id, uint16_t flags, const struct buf *question,
    const uint32_t *address, bool has_edns)
{
	buf_be16(b, id);
	buf_be16(b, flags);
	buf_be16(b, 1);
	buf_be16(b, address != NULL);
	buf_be16(b, 0);
	buf_be16(b, has_edns);
	buf_put(b, question->bytes, question->len);
	if (address != NULL) {
		buf_be16(b, 0xc00c);
		buf_be32(b, 0x00010001);
		buf_be32(b, 300);
		buf_be16(b, 4);
		buf_be32(b, *address);
	}
	if (has_edns) {
		buf_u8(b, 0);
		buf_be16(b, 41);
		buf_be16(b, 1232);
		buf_be32(b, 0);
		buf_be16(b, 0);
	}
}

struct traffic_pair traffic_make(
    const struct traffic *t, uint64_t i, struct buf *query, struct buf *response)
{
	const int64_t span = t->span_s * INT64_C(1000000);
	const int64_t step = span / (int64_t)t->pair_count;
	struct traffic_pair pair;
	struct buf question, message;
	struct philox p;
	uint32_t rank, client, address;
	uint16_t id, port;
	bool has_edns;

	philox_init(&p, t->seed, i, PURPOSE_PAIR);
	buf_init(&question, TRAFFIC_FRAME_MAX);
	buf_init(&message, TRAFFIC_FRAME_MAX);
	buf_clear(query);
	buf_clear(response);
	pair.query_us = FIRST_US + step * (int64_t)i + (int64_t)((double)step * philox_uniform(&p));
	pair.response_us = pair.query_us + 300 + philox_below(&p, 40000);
	rank = (uint32_t)(exp(philox_uniform(&p) * log(t->name_count)) - 1);
	client = 0x0a000000u + philox_below(&p, t->client_count);
	address = philox_u32(&p);
	id = (uint16_t)philox_u32(&p);
	port = (uint16_t)(1024 + philox_below(&p, 60000));
	has_edns = philox_below(&p, 2) == 0;
	put_name(&question, t, rank);
	buf_be32(&question, 0x00010001);

	put_message(&message, id, 0x0100, &question, NULL, has_edns);
	put_headers(query, client, port, RESOLVER, 53, message.len);
	buf_put(query, message.bytes, message.len);
	buf_clear(&message);
	put_message(&message, id, 0x8180, &question, &address, has_edns);
	put_headers(response, RESOLVER, 53, client, port, message.len);
	buf_put(response, message.bytes, message.len);
	buf_release(&question);
	buf_release(&message);
	return pair;
}
