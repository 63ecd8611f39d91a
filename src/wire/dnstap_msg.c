/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dnstap.proto, as much of it as is used:
 *
 *	Dnstap    14  message    15  type, 1: a message
 *	Message    1  type       odd: a query, even: a response; pairs of them are the roles
 *	           3  socket_protocol
 *	           4  query_address, 5 response_address    4 or 16 bytes
 *	           6  query_port,    7 response_port
 *	           8  query_time_sec,     9 query_time_nsec (fixed32)
 *	          10  query_message
 *	          12  response_time_sec, 13 response_time_nsec (fixed32)
 *	          14  response_message
 *
 * Of a field that comes twice the last one counts, as protocol buffers have it. A field in
 * another wire form than its own is damage. identity, version, extra, policy, query_zone and
 * http_protocol are stepped over.
 */
#include "wire/dnstap_msg.h"

#include <assert.h>
#include <string.h>

#include "base/cursor.h"
#include "base/limits.h"
#include "base/stamp.h"
#include "wire/protobuf.h"

#define DNSTAP_TYPE_MESSAGE 1

/* What a field must be, by its number; 0: not looked at. */
enum form {
	FORM_NONE,
	FORM_VARINT,
	FORM_FIXED32,
	FORM_BYTES,
};

enum outer_number {
	OUTER_MESSAGE = 14,
	OUTER_TYPE = 15,
	OUTER_NUMBERS,
};

static const uint8_t outer_forms[OUTER_NUMBERS] = {
	[OUTER_MESSAGE] = FORM_BYTES,
	[OUTER_TYPE] = FORM_VARINT,
};

enum message_number {
	MESSAGE_TYPE = 1,
	MESSAGE_PROTOCOL = 3,
	MESSAGE_QUERY_ADDRESS = 4,
	MESSAGE_RESPONSE_ADDRESS = 5,
	MESSAGE_QUERY_PORT = 6,
	MESSAGE_RESPONSE_PORT = 7,
	MESSAGE_QUERY_SEC = 8,
	MESSAGE_QUERY_NSEC = 9,
	MESSAGE_QUERY = 10,
	MESSAGE_RESPONSE_SEC = 12,
	MESSAGE_RESPONSE_NSEC = 13,
	MESSAGE_RESPONSE = 14,
	MESSAGE_NUMBERS,
};

static const uint8_t message_forms[MESSAGE_NUMBERS] = {
	[MESSAGE_TYPE] = FORM_VARINT,
	[MESSAGE_PROTOCOL] = FORM_VARINT,
	[MESSAGE_QUERY_ADDRESS] = FORM_BYTES,
	[MESSAGE_RESPONSE_ADDRESS] = FORM_BYTES,
	[MESSAGE_QUERY_PORT] = FORM_VARINT,
	[MESSAGE_RESPONSE_PORT] = FORM_VARINT,
	[MESSAGE_QUERY_SEC] = FORM_VARINT,
	[MESSAGE_QUERY_NSEC] = FORM_FIXED32,
	[MESSAGE_QUERY] = FORM_BYTES,
	[MESSAGE_RESPONSE_SEC] = FORM_VARINT,
	[MESSAGE_RESPONSE_NSEC] = FORM_FIXED32,
	[MESSAGE_RESPONSE] = FORM_BYTES,
};

struct fields {
	bool is_set[OUTER_NUMBERS]; /* the larger of the two */
	struct protobuf_field of[OUTER_NUMBERS];
};

static_assert((int)MESSAGE_NUMBERS <= (int)OUTER_NUMBERS, "struct fields holds either");

static bool has_form(const struct protobuf_field *f, enum form form)
{
	switch (form) {
	case FORM_NONE:
		return true;
	case FORM_VARINT:
		return f->wire == PROTOBUF_VARINT;
	case FORM_FIXED32:
		return f->wire == PROTOBUF_FIXED32;
	case FORM_BYTES:
		return f->wire == PROTOBUF_BYTES;
	}
	return false;
}

/* All fields of a message by their numbers. NULL, or what is wrong. */
static const char *gather(struct cursor c, const uint8_t *forms, size_t numbers, struct fields *ret)
{
	struct protobuf_field f;
	size_t count = 0;

	for (size_t i = 0; i < OUTER_NUMBERS; i++)
		ret->is_set[i] = false;
	while (protobuf_next(&c, &f)) {
		if (++count > LIMIT_PROTOBUF_FIELDS)
			return "too many protobuf fields";
		if (f.number >= numbers)
			continue;
		if (!has_form(&f, forms[f.number]))
			return "dnstap field of another type";
		ret->is_set[f.number] = true;
		ret->of[f.number] = f;
	}
	return c.err;
}

static bool read_addr(const struct fields *f, enum message_number at, struct addr *ret)
{
	const struct protobuf_field *field = &f->of[at];

	ret->len = 0;
	if (!f->is_set[at] || field->len == 0)
		return true;
	if (field->len != 4 && field->len != 16)
		return false;
	ret->len = (uint8_t)field->len;
	memcpy(ret->bytes, field->bytes, field->len);
	return true;
}

static bool read_port(const struct fields *f, enum message_number at, uint16_t *ret)
{
	*ret = 0;
	if (!f->is_set[at])
		return true;
	*ret = (uint16_t)f->of[at].value;
	return f->of[at].value <= UINT16_MAX;
}

static bool read_time(const struct fields *f, enum message_number seconds_at,
    enum message_number ns_at, struct dnstap_time *ret)
{
	const uint64_t seconds = f->of[seconds_at].value;
	const uint64_t ns = f->is_set[ns_at] ? f->of[ns_at].value : 0;

	*ret = (struct dnstap_time){ .is_set = f->is_set[seconds_at] };
	if (!ret->is_set)
		return true;
	if (seconds > (uint64_t)STAMP_MAX_S || ns >= (uint64_t)NS_PER_S)
		return false;
	ret->ns = (int64_t)seconds * NS_PER_S + (int64_t)ns;
	ret->digits = f->is_set[ns_at] ? 9 : 0;
	return true;
}

static const char *read_type(const struct fields *f, struct dnstap_msg *ret)
{
	const uint64_t type = f->of[MESSAGE_TYPE].value;

	if (!f->is_set[MESSAGE_TYPE] || type == 0 || type > (uint64_t)DNSTAP_ROLES * 2)
		return "dnstap message of a type not known";
	ret->role = (enum dnstap_role)((type - 1) / 2);
	ret->is_response = type % 2 == 0;
	return NULL;
}

static const char *read_message(const struct fields *f, struct dnstap_msg *ret)
{
	const char *why = read_type(f, ret);
	enum message_number at;

	if (why != NULL)
		return why;
	at = ret->is_response ? MESSAGE_RESPONSE : MESSAGE_QUERY;
	ret->protocol = f->is_set[MESSAGE_PROTOCOL] && f->of[MESSAGE_PROTOCOL].value <= UINT8_MAX
			    ? (uint8_t)f->of[MESSAGE_PROTOCOL].value
			    : 0;
	if (!read_addr(f, MESSAGE_QUERY_ADDRESS, &ret->initiator) ||
	    !read_addr(f, MESSAGE_RESPONSE_ADDRESS, &ret->responder))
		return "bad address";
	if (!read_port(f, MESSAGE_QUERY_PORT, &ret->initiator_port) ||
	    !read_port(f, MESSAGE_RESPONSE_PORT, &ret->responder_port))
		return "bad port";
	if (!read_time(f, MESSAGE_QUERY_SEC, MESSAGE_QUERY_NSEC, &ret->query_time) ||
	    !read_time(f, MESSAGE_RESPONSE_SEC, MESSAGE_RESPONSE_NSEC, &ret->response_time))
		return "bad time";
	ret->message = f->is_set[at] ? f->of[at].bytes : NULL;
	ret->message_len = f->is_set[at] ? f->of[at].len : 0;
	return NULL;
}

bool dnstap_msg_read(
    struct dnstap_msg *ret, const uint8_t *bytes, size_t len, const char **reterr_why)
{
	struct protobuf_field message;
	struct fields fields;
	const char *why;

	why = gather(cursor_of(bytes, len), outer_forms, OUTER_NUMBERS, &fields);
	if (why == NULL && (!fields.is_set[OUTER_TYPE] || !fields.is_set[OUTER_MESSAGE] ||
			       fields.of[OUTER_TYPE].value != DNSTAP_TYPE_MESSAGE))
		why = "dnstap record that is no message";
	if (why == NULL) {
		message = fields.of[OUTER_MESSAGE];
		why = gather(
		    cursor_of(message.bytes, message.len), message_forms, MESSAGE_NUMBERS, &fields);
	}
	if (why == NULL)
		why = read_message(&fields, ret);
	if (why != NULL)
		*reterr_why = why;
	return why == NULL;
}
