/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The way of one message, from its header: a hop for each Received field, the latest first, and
 * what the message says of itself. From it come contacts of KIND_MAIL and facts.
 *
 *	mail_path_clear(p);
 *	mail_path_received(p, value, len);      each field, from the top
 *	mail_path_settle(p);
 *	while ((status = mail_path_next(p, &record, &why)) == NEXT_ITEM || status == NEXT_SKIPPED)
 *		...
 *
 * Every server puts its field on top of those that came with the message, so that whoever sent
 * it may have made up all but the topmost. How far they can be believed is told by what was seen:
 * SEEN_BOTH, a hop whose server the next believable hop received the message from, or the topmost;
 * SEEN_RESPONSE, any other, of which nothing vouches for the field; and so is each hop below one.
 */
#ifndef EVIDENCE_MAIL_PATH_H
#define EVIDENCE_MAIL_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/limits.h"
#include "evidence/delivery.h"
#include "evidence/reader.h"
#include "wire/mail_date.h"

struct mail_hop {
	struct endpoint said; /* names; ENDPOINT_NONE where not told */
	struct endpoint name;
	struct endpoint client; /* its address, else the name it said */
	struct endpoint by;     /* as the field has it */
	struct endpoint server; /* the same, by its address where another hop tells it */
	struct stamp time;
	struct mail_date date;
	const char *why; /* NULL, or why it is no contact */
	bool vouched;
};

#define MAIL_TEXT_BYTES 256

/* Big: part of a reader, not of a stack frame. */
struct mail_path {
	struct mail_hop hops[LIMIT_MAIL_HOPS];
	size_t hop_count;
	size_t next; /* the hop that mail_path_next() gives */
	uint8_t message_id[MAIL_TEXT_BYTES];
	size_t message_id_len;
	uint8_t date[MAIL_TEXT_BYTES];
	size_t date_len;
	bool said; /* what the message says of itself has been given out */
	struct delivery delivery;
};

/* Forget the message, and leave nothing of it in memory. */
void mail_path_clear(struct mail_path *p);

/* The values of the fields of its header; of two of one name the first counts. */
void mail_path_received(struct mail_path *p, const uint8_t *value, size_t len);
void mail_path_message_id(struct mail_path *p, const uint8_t *value, size_t len);
void mail_path_date(struct mail_path *p, const uint8_t *value, size_t len);

/* The header is at its end: which hop vouches for which? */
void mail_path_settle(struct mail_path *p);

/* NEXT_END: nothing is left. NEXT_SKIPPED: *ret_why, a static text, is why a hop is no contact. */
enum next mail_path_next(struct mail_path *p, struct record *ret, const char **ret_why) MUST_USE;

#endif
