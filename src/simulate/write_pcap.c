/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rows as a capture at the server: a query and, 100 microseconds later, its response, in
 * Ethernet frames. Classic pcap file format (draft-ietf-opsawg-pcap), DNS messages by RFC 1035.
 */
#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/stamp.h"
#include "simulate/simulate.h"

#define TYPE_A     1
#define TYPE_PTR   12
#define PORT_DNS   53
#define ANSWER_NS  INT64_C(100000)
#define FRAME_MAX  2048
#define MAGIC_US   0xa1b2c3d4u
#define MAGIC_NS   0xa1b23c4du
#define ETHERNET   1
#define ETHER_IPV4 0x0800
#define ETHER_IPV6 0x86dd
#define PROTO_UDP  17

static const uint8_t ptr_data[] = { 4, 'h', 'o', 's', 't', 7, 'e', 'x', 'a', 'm', 'p', 'l', 'e',
	0 };

/* One record; a row whose type has no data of ours is answered empty. */
static void put_answer(struct buf *b, const struct sim_name *n, uint16_t type)
{
	buf_be16(b, 0xc000 | 12); /* the question's name */
	buf_be16(b, type);
	buf_be16(b, 1);
	buf_be32(b, n->ttl);
	if (type == TYPE_PTR) {
		buf_be16(b, sizeof(ptr_data));
		buf_put(b, ptr_data, sizeof(ptr_data));
	} else {
		buf_be16(b, n->address.len);
		buf_put(b, n->address.bytes, n->address.len);
	}
}

static void put_message(
    struct buf *b, const struct simulation *sim, const struct sim_row *row, bool response)
{
	const struct sim_name *n = &sim->names[row->name];
	bool answered =
	    response && ((row->type == TYPE_A && n->address.len == 4) || row->type == TYPE_PTR);

	buf_be16(b, row->txid);
	buf_be16(b, response ? 0x8400 : 0); /* QR, AA */
	buf_be16(b, 1);
	buf_be16(b, answered ? 1 : 0);
	buf_be16(b, 0);
	buf_be16(b, 0);
	buf_put(b, n->name.bytes, n->name.len);
	buf_be16(b, row->type);
	buf_be16(b, 1);
	if (answered)
		put_answer(b, n, row->type);
}

/* The Internet checksum (RFC 1071) of an IPv4 header, which stands at the end of the buffer. */
static void fill_checksum(struct buf *b, size_t start)
{
	uint32_t sum = 0;

	for (size_t i = start; i + 1 < b->len; i += 2)
		sum += (uint32_t)b->bytes[i] << 8 | b->bytes[i + 1];
	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	b->bytes[start + 10] = (uint8_t)(~sum >> 8);
	b->bytes[start + 11] = (uint8_t)~sum;
}

static void put_ip(struct buf *b, const struct addr *from, const struct addr *to, size_t payload)
{
	size_t start = b->len;

	if (from->len == 4) {
		buf_be16(b, 0x4500);
		buf_be16(b, (uint16_t)(payload + 20));
		buf_be32(b, 0);
		buf_be16(b, 64 << 8 | PROTO_UDP);
		buf_be16(b, 0);
	} else {
		buf_be32(b, 0x60000000);
		buf_be16(b, (uint16_t)payload);
		buf_be16(b, PROTO_UDP << 8 | 64);
	}
	buf_put(b, from->bytes, from->len);
	buf_put(b, to->bytes, to->len);
	if (from->len == 4 && buf_ok(b))
		fill_checksum(b, start);
}

static void put_frame(struct buf *b, const struct simulation *sim, const struct sim_row *row,
    bool response, struct buf *message)
{
	static const uint8_t macs[12] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2 };
	const struct addr *peer = &sim->peers[row->peer];
	struct addr server = sim_server(sim, row);

	buf_clear(message);
	put_message(message, sim, row, response);
	buf_put(b, macs, sizeof(macs));
	buf_be16(b, peer->len == 4 ? ETHER_IPV4 : ETHER_IPV6);
	put_ip(b, response ? &server : peer, response ? peer : &server, message->len + 8);
	buf_be16(b, response ? PORT_DNS : row->port);
	buf_be16(b, response ? row->port : PORT_DNS);
	buf_be16(b, (uint16_t)(message->len + 8));
	buf_be16(b, 0); /* no checksum: allowed over IPv4, and not looked at over IPv6 */
	buf_put(b, message->bytes, message->len);
}

static void put_record(struct buf *b, int64_t time_ns, bool nanoseconds, const struct buf *frame)
{
	int64_t fraction = time_ns % NS_PER_S;

	buf_be32(b, (uint32_t)(time_ns / NS_PER_S));
	buf_be32(b, (uint32_t)(nanoseconds ? fraction : fraction / 1000));
	buf_be32(b, (uint32_t)frame->len);
	buf_be32(b, (uint32_t)frame->len);
	buf_put(b, frame->bytes, frame->len);
}

static bool write_all(const struct simulation *sim, FILE *out, struct buf *message,
    struct buf *frame, struct buf *record)
{
	bool nanoseconds = sim->digits > 6;

	buf_be32(record, nanoseconds ? MAGIC_NS : MAGIC_US);
	buf_be32(record, 0x00020004);
	buf_be32(record, 0);
	buf_be32(record, 0);
	buf_be32(record, 65535);
	buf_be32(record, ETHERNET);
	for (size_t i = 0; i < sim->row_count; i++) {
		const struct sim_row *row = &sim->rows[i];

		for (int response = 0; response < 2; response++) {
			buf_clear(frame);
			put_frame(frame, sim, row, response, message);
			put_record(
			    record, row->time_ns + (response ? ANSWER_NS : 0), nanoseconds, frame);
		}
		if (!buf_ok(message) || !buf_ok(frame) || !buf_ok(record))
			return false;
		if (fwrite(record->bytes, 1, record->len, out) != record->len)
			return true; /* the stream remembers */
		buf_clear(record);
	}
	return record->len == 0 || fwrite(record->bytes, 1, record->len, out) == record->len;
}

bool simulation_write_pcap(const struct simulation *sim, FILE *out, struct err *reterr)
{
	struct buf message, frame, record;
	bool ok;

	buf_init(&message, FRAME_MAX);
	buf_init(&frame, FRAME_MAX);
	buf_init(&record, 4 * FRAME_MAX);
	ok = write_all(sim, out, &message, &frame, &record);
	if (!ok)
		err_set_memory(reterr);
	else if (fflush(out) != 0 || ferror(out)) {
		err_set(reterr, ERR_SYSTEM, "cannot write the capture: %s", strerror(errno));
		ok = false;
	}
	buf_release(&message);
	buf_release(&frame);
	buf_release(&record);
	return ok;
}
