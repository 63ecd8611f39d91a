/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From DNS messages, wherever their bytes were kept, to records: each is read, queries and their
 * responses are paired, and every question becomes a contact.
 *
 *	exchange_clock(x, time_ns);
 *	step = exchange_take(x, &origin, bytes);
 *	while ((status = exchange_next(x, &record, reterr)) == NEXT_ITEM)
 *		...
 *
 * and at the end of the evidence exchange_finish(), and exchange_next() until NEXT_END. Memory
 * is bounded by the limits LIMIT_PAIR_*, whatever is taken.
 */
#ifndef EVIDENCE_EXCHANGE_H
#define EVIDENCE_EXCHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/attr.h"
#include "base/cursor.h"
#include "base/err.h"
#include "contact/contact.h"
#include "contact/vantage.h"
#include "evidence/health.h"
#include "evidence/lookup.h"
#include "evidence/reader.h"

/* Where a message comes from, and over what. */
struct exchange_origin {
	struct addr source; /* either may have no address: not told */
	struct addr destination;
	uint16_t source_port;
	uint16_t destination_port;
	uint64_t offset; /* for the health table */
	int64_t time_ns;
	int64_t asked_ns; /* of a response that says when its query came; else time_ns */
	uint8_t digits;
	uint8_t kind;      /* KIND_DNS, KIND_MDNS or KIND_LLMNR */
	uint8_t transport; /* messages over different ones do not pair; 0 UDP, 1 TCP */
	uint8_t hops;      /* that were left of the packet; 0: not told */
	bool is_cut;       /* the evidence does not have all of the message */
	bool is_untyped;   /* responses do not tell the type asked for: pair without it */
};

enum exchange_step {
	EXCHANGE_TAKEN,  /* health has what in it could not be read */
	EXCHANGE_NONE,   /* no message, at a port that is taken by chance: nothing was counted */
	EXCHANGE_FAILED, /* out of memory */
};

struct exchange_counts {
	uint64_t messages;
	uint64_t repeated_responses; /* to a query that already had its response */
	uint64_t early; /* given up before their time because LIMIT_PAIR_WAITING was reached */
};

struct exchange;
struct message;

/* health is the caller's and outlives it. */
bool exchange_new(struct health *health, struct exchange **ret, struct err *reterr) MUST_USE;
void exchange_free(struct exchange *x);

/* KIND_MDNS or KIND_LLMNR by their ports, else KIND_DNS. */
uint8_t exchange_kind(uint16_t source_port, uint16_t destination_port);

/* Show every query of KIND_DNS that exchange_take() reads. */
void exchange_watch(struct exchange *x, lookup_watch *watch, void *context);

/* The evidence has come to this time: what has waited too long for its other half gives up. */
void exchange_clock(struct exchange *x, int64_t time_ns);

/* All has been taken: what still waits comes out of exchange_next() as unpaired. */
void exchange_finish(struct exchange *x);

/* The next message, in the order of the evidence. The one before must have been drained. */
enum exchange_step exchange_take(
    struct exchange *x, const struct exchange_origin *origin, struct cursor bytes) MUST_USE;

/*
 * The same for a message that is not kept as bytes. It is filled first: exchange_message() gives
 * it empty, and the caller sets what struct message has but for trouble.
 */
struct message *exchange_message(struct exchange *x);
void exchange_take_filled(struct exchange *x, const struct exchange_origin *origin);

/*
 * The next finished record, borrowed until the next call. NEXT_END: take another message.
 * NEXT_FAILED: out of memory. Contacts come out when they are complete, not in time order.
 */
enum next exchange_next(struct exchange *x, struct record *ret, struct err *reterr) MUST_USE;

struct exchange_counts exchange_counts(const struct exchange *x);

/* Where the messages taken so far were recorded, as far as they tell: see vantage_guess.h. */
enum vantage exchange_vantage(const struct exchange *x);

#endif
