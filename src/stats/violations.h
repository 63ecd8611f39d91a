/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * "One cache cannot do this": pauses shorter than the TTL, counted against those of the same
 * peer's other names, whose cache it is too. Small p: several caches behind the address where the
 * others show one, a cache that is passed by, a source that is not the peer, or made-up rows.
 * Innocent mechanism behind the null: a cache that is emptied now and then.
 */
#ifndef STATS_VIOLATIONS_H
#define STATS_VIOLATIONS_H

#include "stats/cache_gaps.h"
#include "stats/excess.h"

/*
 * Add another name, if a look-up of it has at most twice and at least half the chances to show an
 * emptied cache that a look-up of the target has.
 */
void violations_add(
    struct excess_background *b, const struct cache_gaps *target, const struct cache_gaps *other);

/* P(as many forbidden pauses or more), or NAN where the background is too small. */
double violations_p(const struct excess_background *b, const struct cache_gaps *g);

/* P(more), the other half of a randomized p. */
double violations_p_above(const struct excess_background *b, const struct cache_gaps *g);

/*
 * The same for pauses that end in the last tenth of the TTL, of all that end within a tenth of it:
 * a cache that fetches early does so with its other names too. Times that were moved by less than
 * a tenth of the TTL show here, and nowhere else.
 */
void violations_add_early(struct excess_background *b, const struct cache_gaps *other);
double violations_p_early(const struct excess_background *b, const struct cache_gaps *g);
double violations_expected_early(const struct excess_background *b, const struct cache_gaps *g);

#endif
