/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A mail host as one target: what is known of it by name, by address and by facts, and whether
 * the look-ups for it and its mail tell the same. Made for the names that are shown alone; in no
 * p, no score and no rank. Several findings of one host keep their places and name each other.
 */
#ifndef HUNT_JOIN_H
#define HUNT_JOIN_H

#include "base/arena.h"
#include "finding/finding.h"
#include "haystack/haystack.h"
#include "hunt/funnel.h"
#include "hunt/join_times.h"

/* Contacts of one host that are compared; with more of them nothing is said. */
#define JOIN_ROWS_MAX (1u << 20)

/* What the case covers. */
struct join_case {
	bool known; /* else the host's own first and last contacts stand for it */
	struct join_span lookups;
	struct join_span mail;
	struct join_outages outages;
};

/*
 * Of all names of the funnel. Outages are those of all evidence, and beside them those that mail or
 * all else shows by itself, where the case has both.
 */
bool join_case_of(const struct funnel *f, const struct exposure *all, struct join_case *ret,
    struct err *reterr) MUST_USE;
void join_case_release(struct join_case *c);

/* Fill *ret, all but others and plain, in *memory. */
bool join_fill(struct haystack *h, const struct endpoint *target, const struct join_case *all,
    struct arena *memory, struct finding_joined *ret, struct err *reterr) MUST_USE;

/* All findings are there: let those of one host name each other, and put it into words. */
bool join_settle(
    struct finding *findings, size_t count, struct arena *memory, struct err *reterr) MUST_USE;

#endif
