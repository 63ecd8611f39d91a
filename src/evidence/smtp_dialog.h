/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One SMTP session (RFC 5321), read from what both hosts sent: its mail transactions and what
 * became of them. Of commands, replies and header lines a bounded part is looked at and wiped; of
 * a body nothing is kept, not even for a moment, but where it ends.
 *
 *	smtp_dialog_begin(d, now_ns);
 *	smtp_dialog_read(d, SMTP_CLIENT, now_ns, &bytes);
 *	while ((t = smtp_dialog_over(d)) != NULL)
 *		... a transaction; then read the rest of bytes
 *	smtp_dialog_end(d);
 *	while ((t = smtp_dialog_over(d)) != NULL)
 *		...
 */
#ifndef EVIDENCE_SMTP_DIALOG_H
#define EVIDENCE_SMTP_DIALOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/cursor.h"
#include "base/limits.h"
#include "contact/endpoint.h"
#include "evidence/smtp_content.h"
#include "evidence/smtp_line.h"

#define SMTP_OPEN 4 /* the one under way, two that wait for replies, one to be given out */

enum smtp_side {
	SMTP_CLIENT,
	SMTP_SERVER,
	SMTP_SIDES,
};

struct smtp_domain {
	struct endpoint name;
	bool is_accepted; /* a recipient of it was */
	bool is_refused;
};

/* From MAIL on, as far as it came. */
struct smtp_transaction {
	uint32_t number; /* in the session, from 1; 0: the place is free */
	bool is_handed;  /* the message was sent to its end */
	bool is_over;
	uint16_t outcome; /* the reply that settled it, or the last refusal; OUTCOME_NONE */
	int64_t time_ns;  /* of MAIL */
	struct smtp_header header;
	uint32_t domain_count;
	struct smtp_domain domains[LIMIT_SMTP_DOMAINS]; /* of recipients, each once */
};

/* A command whose reply has not come. */
struct smtp_wait {
	uint32_t number; /* of its transaction, or 0 */
	uint8_t verb;
	uint8_t domain; /* of a recipient: its place, or LIMIT_SMTP_DOMAINS */
};

struct smtp_dialog {
	int64_t begin_ns;
	int64_t now_ns;
	struct endpoint helo;     /* ENDPOINT_NONE: not told, or no name */
	struct endpoint offered;  /* of a HELO that was not answered yet */
	struct endpoint greeting; /* the same, of the server */
	uint16_t
	    outcome; /* of the session: its last refusal, or 220 of the greeting or of STARTTLS */
	const char *trouble; /* NULL, or why no more of it is read: for the caller to take */
	bool has_begun[SMTP_SIDES];
	bool is_foreign; /* no SMTP */
	bool is_opaque;  /* no more of it is read */
	bool is_known;   /* a reply or a command was seen */
	uint32_t given;  /* transactions given out */
	uint32_t number; /* of the latest transaction */
	struct smtp_transaction open[SMTP_OPEN];
	/* what the client is sending */
	uint8_t sending; /* enum sending of smtp_dialog.c */
	bool is_last_chunk;
	bool awaits_go;     /* DATA was not answered yet */
	bool is_challenged; /* its next line answers one of AUTH, and is no command */
	struct smtp_content content;
	struct smtp_line lines[SMTP_SIDES];
	/* replies */
	uint16_t early;   /* one that came before its command was seen; 0: none */
	uint32_t replies; /* seen */
	bool is_blind;    /* too many commands wait: replies are not read */
	uint32_t wait_first;
	uint32_t wait_count;
	struct smtp_wait waits[LIMIT_SMTP_PIPELINE];
};

/* The memory may hold anything. */
void smtp_dialog_begin(struct smtp_dialog *d, int64_t now_ns);

/* One side was joined midway, with these bytes first: it is read only if that does no harm. */
void smtp_dialog_join(struct smtp_dialog *d, enum smtp_side side, struct cursor bytes);

/* So many octets of a side are missing in front of its next; TCP_MANY: not known how many. */
void smtp_dialog_miss(struct smtp_dialog *d, enum smtp_side side, uint32_t count);

/* Read on, up to the end of bytes or until a transaction is over. */
void smtp_dialog_read(
    struct smtp_dialog *d, enum smtp_side side, int64_t now_ns, struct cursor *bytes);

/* Would anything be lost if it ended here: a transaction, or a reply? */
bool smtp_dialog_is_busy(const struct smtp_dialog *d) MUST_USE;

/* The session has ended: what is still open is over. */
void smtp_dialog_end(struct smtp_dialog *d);

/* The next transaction that is over, borrowed until the next read; NULL: none. */
const struct smtp_transaction *smtp_dialog_over(struct smtp_dialog *d) MUST_USE;

#endif
