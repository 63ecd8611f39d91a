/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UDP (RFC 768). A length of 0 is that of a jumbogram (RFC 2675 4), or of an offload: all there is.
 */
#include "wire/udp.h"

#define HEADER_BYTES 8

bool udp_read(struct cursor *segment, struct udp *ret)
{
	size_t stated, left;

	ret->source_port = cursor_be16(segment);
	ret->destination_port = cursor_be16(segment);
	stated = cursor_be16(segment);
	cursor_skip(segment, 2);
	left = cursor_left(segment);
	if (stated != 0 && stated < HEADER_BYTES)
		cursor_fail(segment, "UDP header with an impossible length");
	if (segment->err != NULL)
		return false;
	stated = stated == 0 ? left : stated - HEADER_BYTES;
	ret->is_cut = stated > left;
	ret->payload = cursor_sub(segment, stated < left ? stated : left);
	return true;
}
