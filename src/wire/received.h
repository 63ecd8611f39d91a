/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A Received field of a mail header (RFC 5321 4.4): which host had a message from which. Mail
 * servers write it in many ways; what they share is
 *
 *	from SAID (NAME [ADDRESS]) by HOST ... with ... id ... for ...; DATE
 *
 * where SAID is what the client called itself and the words in parentheses are the server's own.
 */
#ifndef WIRE_RECEIVED_H
#define WIRE_RECEIVED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/attr.h"
#include "wire/mail_date.h"

/* Borrowed from the field; bytes is NULL where it is not told. */
struct received_text {
	const uint8_t *bytes;
	size_t len;
};

struct received {
	struct received_text said; /* by the client, of itself */
	struct received_text name; /* of the client, from the DNS */
	struct addr address;       /* of the client; len 0: not told */
	struct received_text by;   /* the server's name, or its address */
	bool dated;
	struct mail_date date;
};

/* Read the value of a field, which may be folded. False: it names neither host. */
bool received_parse(const uint8_t *text, size_t len, struct received *ret) MUST_USE;

#endif
