/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the pauses between look-ups say against and for one cache of a given TTL: pauses that it
 * would not have allowed, pauses just before the TTL ran out (a cache that fetches early) and
 * just after it (demand that waits).
 */
#ifndef STATS_CACHE_GAPS_H
#define STATS_CACHE_GAPS_H

#include <stdbool.h>
#include <stddef.h>

#include "stats/exposure.h"

/*
 * A resolver may fetch early when somebody asks near the end of a TTL: BIND in the last 2 s
 * (kb.isc.org aa-01122), Unbound and CoreDNS in the last tenth. Which one it is is not known, so
 * the tenth is allowed to all.
 */
#define CACHE_GAPS_EARLY_SHARE .1
#define CACHE_GAPS_EARLY_S     2.0 /* BIND's; also covers whole-second stamps */

struct cache_gaps {
	size_t gaps;      /* between visits */
	size_t forbidden; /* longer than a visit, shorter than the TTL less its last tenth */
	size_t before;    /* in the last tenth of the TTL, its last 2 s left out */
	size_t after;     /* from there to a tenth of the TTL after it */
	double chances_s; /* seconds in which an emptied cache would have shown: see below */
	double asked; /* P(a question within a tenth of the TTL), by the rate behind the cache */
};

/* Is the TTL so long that a forbidden pause can be told from a visit? */
bool cache_gaps_tells(double ttl_s);

/*
 * Count the pauses between sorted starts of visits by what a cache of ttl_s allows; the name
 * itself may be held longer, for held_s. Were the cache emptied (flushed, evicted, passed by) at a
 * rate v, v * chances_s forbidden pauses would be expected: n [(h - g) - (exp(-l g) - exp(-l h)) / l],
 * g a visit's length, h ttl_s less its last tenth, l the rate of the questions behind it. So names
 * that are asked for often and seldom can be compared: an emptied cache shows only where somebody
 * asks before the TTL would have run out.
 */
void cache_gaps_count(const struct exposure *e, const double *visits_s, size_t count, double ttl_s,
    double held_s, struct cache_gaps *ret);

#endif
