/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Domain names as DNS messages carry them (RFC 1035 3.1 and 4.1.4). */
#ifndef WIRE_DNS_NAME_H
#define WIRE_DNS_NAME_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/cursor.h"
#include "base/limits.h"

/* Uncompressed, letters in lower case, with the final empty label: "\3www\3com\0". */
struct dns_name {
	/* 1 to 255; in 16 bits, or gcc copies by rep movsq, which costs ten times a memcpy() */
	uint16_t len;
	uint8_t bytes[LIMIT_NAME_BYTES + 1]; /* one more, for work by whole words */
};

/*
 * Read the name at msg->pos of a whole message, following compression pointers, each of which
 * must lead before all that was read of the name so far. On success *ret holds the name and msg
 * stands after the name as it was written. On failure *ret is undefined and msg->err tells why.
 */
bool dns_name_read(struct cursor *msg, struct dns_name *ret);

/* Step over the name at msg->pos without looking behind a compression pointer. */
bool dns_name_skip(struct cursor *msg);

static inline bool dns_name_equal(const struct dns_name *a, const struct dns_name *b)
{
	return a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

#endif
