/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Domain names (RFC 1035 3.1, 4.1.4). A label is a length octet and as many octets; the two top
 * bits of the length octet say what it is:
 *
 *	00  a label of 0 to 63 octets; 0 ends the name
 *	11  with the next octet a pointer: the rest of the name is at that offset of the message
 *	01  extended labels (RFC 2673), withdrawn by RFC 6891; refused
 *	10  never assigned; refused
 *
 * A pointer must lead to before the run of labels that it ends. So every run begins before the
 * one that pointed to it, and reading ends however the message was made.
 */
#include "wire/dns_name.h"

/* Copy in lower case, ASCII letters only (RFC 4343). */
static void copy_lower(uint8_t *to, const uint8_t *from, size_t len)
{
	for (size_t i = 0; i < len; i++)
		to[i] = (uint8_t)(from[i] + ((uint8_t)(from[i] - 'A') < 26 ? 'a' - 'A' : 0));
}

bool dns_name_read(struct cursor *msg, struct dns_name *ret)
{
	struct cursor c = *msg;
	size_t run_at = c.pos; /* where the present run of labels began */
	size_t end = 0;        /* where msg goes on: after the first pointer */
	size_t len = 0;        /* of ret->bytes; loop invariant: len < LIMIT_NAME_BYTES */
	const uint8_t *label;
	uint8_t octet;
	size_t to;

	for (;;) {
		octet = cursor_u8(&c);
		if ((octet & 0xc0) == 0xc0) {
			to = (size_t)(octet & 0x3f) << 8;
			to |= cursor_u8(&c);
			if (c.err == NULL && to >= run_at)
				c.err = "compression pointer does not lead back";
			if (c.err != NULL)
				break;
			if (end == 0)
				end = c.pos;
			run_at = c.pos = to;
			continue;
		}
		if ((octet & 0xc0) != 0)
			cursor_fail(&c, "unknown kind of label");
		label = cursor_take(&c, octet);
		if (c.err != NULL)
			break;
		ret->bytes[len++] = octet;
		if (octet == 0) {
			ret->len = (uint8_t)len;
			msg->pos = end != 0 ? end : c.pos;
			return true;
		}
		/* the label, and at least the final empty one behind it, must fit */
		if (len + octet >= LIMIT_NAME_BYTES) {
			c.err = "name longer than 255 octets";
			break;
		}
		copy_lower(ret->bytes + len, label, octet);
		len += octet;
	}
	cursor_fail(msg, c.err);
	return false;
}

bool dns_name_skip(struct cursor *msg)
{
	size_t start = msg->pos;
	uint8_t octet;

	for (;;) {
		octet = cursor_u8(msg);
		if ((octet & 0xc0) == 0xc0) {
			cursor_skip(msg, 1);
			return msg->err == NULL;
		}
		if ((octet & 0xc0) != 0)
			cursor_fail(msg, "unknown kind of label");
		cursor_skip(msg, octet);
		if (msg->err == NULL && msg->pos - start > LIMIT_NAME_BYTES)
			cursor_fail(msg, "name longer than 255 octets");
		if (octet == 0 || msg->err != NULL)
			return msg->err == NULL;
	}
}
