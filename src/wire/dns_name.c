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

static const char why_too_long[] = "name longer than 255 octets";
static const char why_unknown_label[] = "unknown kind of label";

#define EACH_OCTET UINT64_C(0x0101010101010101)

/*
 * ASCII capitals become small letters (RFC 4343), eight octets at a time: lengths of labels are
 * below 'A' and stay. Octets behind the name may change, which nobody reads.
 */
static void lower(struct dns_name *name)
{
	uint64_t word, seven, capitals;

	for (size_t i = 0; i < name->len; i += sizeof(word)) {
		memcpy(&word, name->bytes + i, sizeof(word));
		seven = word & 0x7f * EACH_OCTET;
		/* the top bit of each octet: at least 'A', and not above 'Z', and ASCII */
		capitals = seven + (0x80 - 'A') * EACH_OCTET;
		capitals &= ~(seven + (0x7f - 'Z') * EACH_OCTET) & ~word;
		word |= (capitals & 0x80 * EACH_OCTET) >> 2;
		memcpy(name->bytes + i, &word, sizeof(word));
	}
}

/* Step over labels up to what is none, which is returned. */
static uint8_t skip_labels(struct cursor *c)
{
	const size_t start = c->pos;
	uint8_t octet;

	for (;;) {
		octet = cursor_u8(c);
		if (octet == 0 || octet > LIMIT_LABEL_BYTES)
			return octet;
		cursor_skip(c, octet);
		if (c->err == NULL && c->pos - start >= LIMIT_NAME_BYTES)
			c->err = why_too_long;
	}
}

/* The offset that a compression pointer leads to; its first octet has been read. */
static size_t read_pointer(struct cursor *c, uint8_t first, size_t run_at)
{
	size_t to = (size_t)(first & 0x3f) << 8;

	to |= cursor_u8(c);
	if ((first & 0xc0) != 0xc0)
		cursor_fail(c, why_unknown_label);
	if (to >= run_at)
		cursor_fail(c, "compression pointer does not lead back");
	return to;
}

bool dns_name_read(struct cursor *msg, struct dns_name *ret)
{
	struct cursor c = *msg;
	size_t end = 0; /* where msg goes on: behind the first pointer */
	size_t len = 0; /* loop invariant: len < LIMIT_NAME_BYTES */
	const uint8_t *bytes;
	struct cursor run;
	uint8_t octet;
	size_t run_len, to;

	for (unsigned pointers = 0; pointers <= LIMIT_NAME_POINTERS; pointers++) {
		run = c;
		octet = skip_labels(&c);
		if (c.err != NULL)
			break;
		/* with the final empty label, without a pointer */
		run_len = c.pos - run.pos - (octet != 0);
		if (len + run_len + (octet != 0) > LIMIT_NAME_BYTES) {
			c.err = why_too_long;
			break;
		}
		bytes = cursor_take(&run, run_len);
		memcpy(ret->bytes + len, bytes, run_len);
		len += run_len;
		if (octet == 0) {
			ret->len = (uint16_t)len;
			lower(ret);
			msg->pos = end != 0 ? end : c.pos;
			return true;
		}
		to = read_pointer(&c, octet, c.pos - 1 - run_len);
		if (c.err != NULL)
			break;
		if (end == 0)
			end = c.pos;
		c.pos = to;
	}
	cursor_fail(&c, "too many compression pointers");
	cursor_fail(msg, c.err);
	return false;
}

bool dns_name_skip(struct cursor *msg)
{
	uint8_t octet = skip_labels(msg);

	if (octet != 0)
		cursor_skip(msg, 1);
	if (octet != 0 && (octet & 0xc0) != 0xc0)
		cursor_fail(msg, why_unknown_label);
	return msg->err == NULL;
}
