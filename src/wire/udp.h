/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UDP (RFC 768): ports, length, checksum; the checksum is not looked at. */
#ifndef WIRE_UDP_H
#define WIRE_UDP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/cursor.h"

struct udp {
	uint16_t source_port;
	uint16_t destination_port;
	struct cursor payload; /* no longer than the header says, nor than was captured */
	bool is_cut;           /* shorter than the header says */
};

/* False: segment->err says why. */
bool udp_read(struct cursor *segment, struct udp *ret) MUST_USE;

#endif
