/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The content of a message in an SMTP session, behind DATA or in the chunks of BDAT: where it
 * ends, and two fields of its header. Of a body nothing is kept, not even for a moment.
 *
 *	smtp_content_begin(c);
 *	smtp_content_data(c);           or smtp_content_chunk(c, count) for each chunk
 *	if (smtp_content_read(c, &bytes))
 *		... it has ended, or the chunk has
 *	smtp_content_close(c);
 */
#ifndef EVIDENCE_SMTP_CONTENT_H
#define EVIDENCE_SMTP_CONTENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/cursor.h"
#include "contact/endpoint.h"
#include "evidence/smtp_line.h"
#include "wire/mail_date.h"

struct smtp_header {
	struct endpoint message_id; /* the domain of Message-ID, or ENDPOINT_NONE */
	bool has_date;
	struct mail_date date;
};

struct smtp_content {
	struct smtp_header header; /* as far as it has come */
	bool is_chunk;
	uint64_t chunk_left;
	bool has_any;  /* something came behind DATA */
	bool has_hole; /* octets of it are missing */
	/* of DATA: the line under way */
	uint8_t line_len; /* 3: or more */
	bool is_dot;      /* its first octet */
	bool is_cr;       /* its last octet */
	bool behind_crlf;
	bool is_loose_end; /* "." alone, but not between two CRLF: the end for some servers */
	/* of the header */
	bool is_header_done;
	uint8_t field; /* enum field of smtp_content.c */
	struct smtp_line line;
	struct smtp_line value; /* of the field, unfolded */
};

/* A new message. *c has begun as zeros. */
void smtp_content_begin(struct smtp_content *c);

/* What follows is content up to its end (RFC 5321 4.1.1.4), or so many octets. */
void smtp_content_data(struct smtp_content *c);
void smtp_content_chunk(struct smtp_content *c, uint64_t count);

/* Read on; bytes are not empty. True: the end was there, and bytes stand behind it. */
bool smtp_content_read(struct smtp_content *c, struct cursor *bytes) MUST_USE;

/*
 * So many octets are missing; TCP_MANY: not known how many. False: it is not known any more where
 * a chunk ends. *ret_ended: it ends with them.
 */
bool smtp_content_miss(struct smtp_content *c, uint32_t count, bool *ret_ended) MUST_USE;

/* The message has ended: its header is complete, and what was collected is wiped. */
void smtp_content_close(struct smtp_content *c);

#endif
