/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Records on their way into a writer, a few at a time, so that what their endpoints, links and
 * traits need from memory is asked for at once. An endpoint that came lately is known by its
 * bytes: nearly all do, and finding one costs a quarter of making its key and looking that up.
 */
#ifndef HAYSTACK_BATCH_H
#define HAYSTACK_BATCH_H

#include "haystack/eventlog.h"
#include "haystack/factlog.h"
#include "haystack/keytable.h"

#define BATCH_CONTACTS EVENTLOG_BATCH
#define BATCH_FACTS    128
#define BATCH_ENDS     KEYTABLE_BATCH /* endpoints of the batch, each once if it is remembered */
#define BATCH_BYTES    (16 * KEY_ENDPOINT_MAX)

/* A line of the cache, that of an endpoint which was numbered, or will be with the batch. */
#define RECALL_BYTES  56 /* longer names are not remembered */
#define RECALL_PLACES 8192
struct recall {
	uint32_t number;
	uint16_t end; /* in the batch, if that names this place, too */
	uint8_t form;
	uint8_t len; /* 0: free */
	uint8_t bytes[RECALL_BYTES];
};

/* Big: part of a writer, not of a stack frame. */
struct batch {
	/* while they are added, the ends of links are indexes of these */
	struct batch_end {
		uint32_t number;
		struct recall *place; /* where it is remembered, or NULL */
	} ends[BATCH_ENDS];
	uint32_t end_count;
	/* of the ends without a number yet */
	struct keytable_query queries[BATCH_ENDS];
	uint16_t asked[BATCH_ENDS]; /* which end */
	uint32_t query_count;
	uint8_t bytes[BATCH_BYTES]; /* of their keys, one behind the other */
	size_t used;
	struct linktable_query series[BATCH_CONTACTS];
	struct series_row rows[BATCH_CONTACTS];
	uint32_t contact_count;
	struct linktable_query facts[BATCH_FACTS];
	struct factset sets[BATCH_FACTS];
	uint32_t fact_count;
	struct recall places[RECALL_PLACES];
	uint32_t looks;   /* at places, in this trial */
	uint32_t found;   /* of them with success */
	uint32_t unasked; /* look-ups that will not be tried, after a trial that failed */
	uint64_t seed;
};

/* Starts as zeros, but for its seed. */
void batch_init(struct batch *b, uint64_t seed);

/* Forget the records. What they brought is no longer remembered unless it was numbered. */
void batch_drop(struct batch *b);

/* The keytable was cleared: no number holds any more. */
void batch_forget(struct batch *b);

/* Is there room for another contact, or fact? */
bool batch_fits_contact(const struct batch *b);
bool batch_fits_fact(const struct batch *b);

/*
 * Endpoints of the record at hand that are in the batch, borrowed from it: most owners of facts
 * are one of them. Zeros before a record, and after the batch was cleared.
 */
struct batch_recent {
	const struct endpoint *endpoints[2];
	uint32_t ends[2];
};

void batch_add_contact(
    struct batch *b, struct batch_recent *recent, const struct contact *c, uint32_t source);
void batch_add_fact(struct batch *b, struct batch_recent *recent, const struct fact *f);

/* Number all ends of its links by the table. False: out of memory, and the batch is as it was. */
bool batch_number(struct batch *b, struct keytable *t) MUST_USE;

/* All that was numbered has been taken over. */
void batch_clear(struct batch *b);

#endif
