/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TCP segments (RFC 9293 3.1). tcp_stream.h puts them in order. */
#ifndef WIRE_TCP_H
#define WIRE_TCP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/cursor.h"

struct tcp {
	uint16_t source_port;
	uint16_t destination_port;
	uint32_t sequence; /* of the first octet of the payload, or of SYN */
	bool syn;
	bool fin;
	bool rst;
	struct cursor payload;
};

/* False: segment->err says why. */
bool tcp_read(struct cursor *segment, struct tcp *ret) MUST_USE;

#endif
