/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who asked or was asked for: a domain name or an address. Names are in uncompressed wire form
 * (RFC 1035 3.1), lower case, with the final empty label; their text is the one form that all
 * output uses.
 */
#ifndef CONTACT_ENDPOINT_H
#define CONTACT_ENDPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/attr.h"
#include "base/limits.h"

enum endpoint_form {
	ENDPOINT_NONE,
	ENDPOINT_NAME,
	ENDPOINT_V4,
	ENDPOINT_V6,
};

struct endpoint {
	enum endpoint_form form;
	uint8_t len; /* of bytes: 1-255 for a name, 4, 16, or 0 */
	uint8_t bytes[LIMIT_NAME_BYTES];
};

/* Every octet of a 255-octet name as \DDD, the dots, and the NUL. */
#define ENDPOINT_TEXT_MAX 1024

void endpoint_from_addr(struct endpoint *e, const struct addr *a);

/*
 * A name from wire bytes, as many as its labels say; letters become lower case. False, *e
 * untouched, unless the bytes are exactly one uncompressed name of at most 255 octets.
 */
bool endpoint_from_wire(struct endpoint *e, const uint8_t *wire, size_t len) MUST_USE;

/*
 * A name from text: labels between dots, an optional last dot, "." for the root; \DDD and \X as
 * in RFC 1035 5.1, and \xHH as Zeek writes it. Letters become lower case. False, *e untouched:
 * empty label, label over 63 or name over 255 octets, bad escape.
 */
bool endpoint_from_name(struct endpoint *e, const char *text, size_t len) MUST_USE;

/* An address where the text is one, else a name. */
bool endpoint_parse(struct endpoint *e, const char *text, size_t len) MUST_USE;

/*
 * The text form with a NUL: addresses by RFC 5952; names in lower case without the last dot,
 * root as "."; backslash, and all bytes outside 0x21-0x7e, as \DDD; a dot inside a label as \. ;
 * "-" for none. Returns the length.
 */
size_t endpoint_format(const struct endpoint *e, char text[static ENDPOINT_TEXT_MAX]);

/* Order of the keys of the haystack: none, names by label from the root, IPv4, IPv6. */
int endpoint_cmp(const struct endpoint *a, const struct endpoint *b);

#endif
