/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * "One cache cannot do this": pauses shorter than the TTL, counted against those of the same
 * peer's other names, whose cache it is too. Small p: several caches behind the address where the
 * others show one, a cache that is passed by, a source that is not the peer, or made-up rows.
 * Innocent mechanism behind the null: a cache that is emptied now and then.
 */
#ifndef STATS_VIOLATIONS_H
#define STATS_VIOLATIONS_H

#include <stddef.h>

#include "stats/cache_gaps.h"

/* Sums over the other names: joined by adding, in a fixed order. Zeroed is empty. */
struct violations_background {
	double names;
	double seen;    /* forbidden pauses */
	double chances; /* seconds */
	double seen2;   /* sum of squares and products over names: how unlike each other they are */
	double chances2;
	double product;
};

/* So few other names say nothing of how unlike each other they are. */
#define VIOLATIONS_NAMES_MIN 10

/*
 * Add another name, if a look-up of it has at most twice and at least half the chances to show an
 * emptied cache that a look-up of the target has.
 */
void violations_add(struct violations_background *b, const struct cache_gaps *target,
    const struct cache_gaps *other);
void violations_join(struct violations_background *b, const struct violations_background *other);

/* P(as many forbidden pauses or more), or NAN where the background is too small. */
double violations_p(const struct violations_background *b, const struct cache_gaps *g);

/* P(more), the other half of a randomized p. */
double violations_p_above(const struct violations_background *b, const struct cache_gaps *g);

#endif
