/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TCP headers (RFC 9293 3.1).
 *
 *	 0  source port   2  destination port   4  sequence   8  acknowledged
 *	12  words of header (4), reserved (4)  13  CWR ECE URG ACK PSH RST SYN FIN
 *	14  window  16  checksum  18  urgent  20  options
 */
#include "wire/tcp.h"

bool tcp_read(struct cursor *segment, struct tcp *ret)
{
	size_t header_len;
	uint8_t flags;

	ret->source_port = cursor_be16(segment);
	ret->destination_port = cursor_be16(segment);
	ret->sequence = cursor_be32(segment);
	cursor_skip(segment, 4);
	header_len = (size_t)(cursor_u8(segment) >> 4) * 4;
	flags = cursor_u8(segment);
	cursor_skip(segment, 6);
	if (segment->err == NULL && header_len < 20)
		cursor_fail(segment, "TCP header with an impossible length");
	cursor_skip(segment, header_len - 20);
	ret->fin = (flags & 0x01) != 0;
	ret->syn = (flags & 0x02) != 0;
	ret->rst = (flags & 0x04) != 0;
	ret->payload = cursor_sub(segment, cursor_left(segment));
	return segment->err == NULL;
}
