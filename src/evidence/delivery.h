/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One hand-over of mail from a client to a server, as logs, captures and headers tell of it: a
 * contact and the facts beside it. The target is the server, the peer the client, the direction
 * out; contact_mirror() gives the other end's. An end is its address where that is told, because
 * it is the harder to make up, else its name. Of an address of a person nothing is kept but its
 * domain, and that of Message-IDs and of recipients alone.
 *
 *	delivery_begin(d, KIND_SMTP, time);
 *	delivery_reply(d, reply, reply_len);
 *	if (!delivery_ends(d, &client, &server))
 *		... neither end is known
 *	delivery_helo(d, helo, helo_len);
 *	*ret = delivery_record(d);
 */
#ifndef EVIDENCE_DELIVERY_H
#define EVIDENCE_DELIVERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/stamp.h"
#include "contact/contact.h"
#include "evidence/reader.h"
#include "wire/mail_date.h"

#define DELIVERY_FACTS 8 /* at most so many are made of one hand-over */

struct delivery {
	struct contact contact;
	size_t fact_count;
	struct fact facts[DELIVERY_FACTS];
};

/* Until a reply is told, none was seen. */
void delivery_begin(struct delivery *d, uint8_t kind, struct stamp time);

/* The code that a reply begins with ("250 2.0.0 Ok"); a text without one changes nothing. */
void delivery_reply(struct delivery *d, const uint8_t *text, size_t len);

/* The same for the code itself, of 200 to 599. */
void delivery_code(struct delivery *d, uint16_t code);

/*
 * Who delivers to whom. One of them may be ENDPOINT_NONE, and the other is then the target. False:
 * both are.
 */
bool delivery_ends(
    struct delivery *d, const struct endpoint *client, const struct endpoint *server) MUST_USE;

/* All of these need the ends first; a text that says nothing of use is passed over. */

/* What the client calls itself. */
void delivery_helo(struct delivery *d, const uint8_t *text, size_t len);

/*
 * The same for a name that has been read: FACT_HELO and FACT_MESSAGE_ID are bound to the client,
 * FACT_GREETING and FACT_RECIPIENT to the server.
 */
void delivery_claim(struct delivery *d, uint16_t type, const struct endpoint *name);

/* Of the message, with or without the angle brackets. */
void delivery_message_id(struct delivery *d, const uint8_t *text, size_t len);

/* Of the message's header; after its Message-ID, which names the domain. */
void delivery_date(struct delivery *d, const uint8_t *text, size_t len);
void delivery_written(struct delivery *d, const struct mail_date *date); /* that has been read */

/* The clock of a host, by a date that it wrote; data is the host by its other name. */
void delivery_clock(struct delivery *d, const struct endpoint *host, const struct endpoint *data,
    const struct mail_date *date);

/* A name that whoever wrote the record had from the DNS for that end's address. */
void delivery_name(
    struct delivery *d, const uint8_t *text, size_t len, const struct endpoint *address);

/* Borrowed as long as d is. */
struct record delivery_record(const struct delivery *d);

/*
 * The host that a word names: a name with at least two labels and of letters, digits, '-', '_' and
 * '.' alone, or an address, also in brackets. False: it names none, "localhost" among others.
 */
bool delivery_host(struct endpoint *e, const uint8_t *text, size_t len) MUST_USE;

/* The same for what a server calls itself, of which one label is enough. */
bool delivery_self(struct endpoint *e, const uint8_t *text, size_t len) MUST_USE;

/* The domain behind the last '@' of a Message-ID or an address. False: there is none. */
bool delivery_domain(struct endpoint *e, const uint8_t *text, size_t len) MUST_USE;

#endif
