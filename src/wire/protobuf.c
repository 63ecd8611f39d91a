/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/protobuf.h"

static uint64_t read_fixed64(struct cursor *c)
{
	const uint64_t low = cursor_le32(c);
	const uint64_t high = cursor_le32(c);

	return high << 32 | low;
}

static void read_bytes(struct cursor *c, struct protobuf_field *ret)
{
	const uint64_t len = cursor_varint(c);

	if (len > cursor_left(c)) {
		cursor_fail(c, "protobuf field longer than its message");
		return;
	}
	ret->len = (size_t)len;
	ret->bytes = cursor_take(c, ret->len);
}

bool protobuf_next(struct cursor *c, struct protobuf_field *ret)
{
	uint64_t tag;

	if (cursor_left(c) == 0)
		return false;
	tag = cursor_varint(c);
	if (tag >> 3 == 0 || tag > UINT32_MAX)
		cursor_fail(c, "bad protobuf field number");
	*ret = (struct protobuf_field){ .number = (uint32_t)(tag >> 3) };
	switch (tag & 7) {
	case PROTOBUF_VARINT:
		ret->wire = PROTOBUF_VARINT;
		ret->value = cursor_varint(c);
		break;
	case PROTOBUF_FIXED64:
		ret->wire = PROTOBUF_FIXED64;
		ret->value = read_fixed64(c);
		break;
	case PROTOBUF_BYTES:
		ret->wire = PROTOBUF_BYTES;
		read_bytes(c, ret);
		break;
	case PROTOBUF_FIXED32:
		ret->wire = PROTOBUF_FIXED32;
		ret->value = cursor_le32(c);
		break;
	default:
		cursor_fail(c, "bad protobuf field type");
		break;
	}
	return c->err == NULL;
}
