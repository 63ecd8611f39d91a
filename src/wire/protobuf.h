/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Protocol buffers on the wire (protobuf.dev, "Encoding"), field by field, without a schema:
 *
 *	while (protobuf_next(&c, &field))
 *		switch (field.number) ...
 *	if (c.err != NULL)
 *		...
 *
 * Only what a known message needs is looked at, and nothing is allocated, which is why this is
 * no generated code over libprotobuf-c: that one builds the whole message on the heap first.
 */
#ifndef WIRE_PROTOBUF_H
#define WIRE_PROTOBUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"

enum protobuf_wire {
	PROTOBUF_VARINT = 0,
	PROTOBUF_FIXED64 = 1,
	PROTOBUF_BYTES = 2, /* also texts and messages inside */
	PROTOBUF_FIXED32 = 5,
};

struct protobuf_field {
	uint32_t number;
	enum protobuf_wire wire;
	uint64_t value;       /* of a number; 0 for bytes */
	const uint8_t *bytes; /* borrowed from the cursor; NULL for a number */
	size_t len;
};

/*
 * The next field. False at the end, or with c->err set: a number too long, a length beyond the
 * window, or one of the groups that proto2 has given up.
 */
bool protobuf_next(struct cursor *c, struct protobuf_field *ret);

#endif
