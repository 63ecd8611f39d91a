/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Do look-ups and mail come together? Counts over two lists of times. */
#ifndef HUNT_JOIN_TIMES_H
#define HUNT_JOIN_TIMES_H

#include "base/err.h"
#include "finding/joined.h"

/*
 * What clocks and logs that note the end of a session put between a look-up and its mail: the time
 * that a client waits for a greeting (RFC 5321 4.5.3.2.1).
 */
#define JOIN_SLACK_S 300

#define JOIN_TTL_UNKNOWN_S 3600  /* where no answer told one */
#define JOIN_TTL_MAX_S     86400 /* caches keep nothing for longer, as a rule */

/* With fewer of either nothing is said. */
#define JOIN_ROWS_MIN 10

struct join_span {
	int64_t first_ns;
	int64_t last_ns; /* before first_ns: there is no such evidence */
};

/* Times at which nothing of a kind could be seen: sorted, apart from each other. Zeroed: none. */
struct join_blind {
	struct join_span *spans;
	size_t count;
};

/* A look-up or a mail. */
struct join_row {
	int64_t time_ns;
	uint64_t network; /* of the peer: its /24 or /48; 0: the peer is a name */
	uint32_t ttl;     /* of look-ups; TTL_NONE */
	bool left_out;    /* what would go with it could not be seen */
};

struct join_rows {
	struct join_row *rows;
	size_t count;
	size_t capacity;
};

bool join_rows_add(struct join_rows *r, const struct join_row *row) MUST_USE;
void join_rows_release(struct join_rows *r);

/* Outages of both kinds of evidence. */
struct join_outages {
	struct join_blind lookups;
	struct join_blind mail;
};

/* Put any spans in order and make those that touch one. */
void join_blind_settle(struct join_blind *b);
void join_outages_release(struct join_outages *o);

/*
 * Fill lookups to chance of *ret: counts of rows from ret->first to ret->last alone, without those
 * around which an outage could hide what goes with them, whether it was seen or not. Both lists are
 * put in order of time.
 */
bool join_times_compare(struct join_rows *lookups, struct join_rows *mails,
    const struct join_outages *outages, struct finding_joined *ret, struct err *reterr) MUST_USE;

/* And the verdict from these numbers: what more than half of either do. */
void join_times_judge(struct finding_joined *j);

#endif
