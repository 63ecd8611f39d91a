/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How many caches behind one address hold a name at each moment: every look-up that is seen is
 * one cache's, which then holds the name for its TTL. Where m caches of equal size are fed at
 * random at a rate l, the look-ups that are seen come at the rate l (m - held) / m: all that the
 * estimates of the rate and of the number of caches need are the live seconds and the look-ups
 * in each state.
 */
#ifndef STATS_CACHE_STATES_H
#define STATS_CACHE_STATES_H

#include <stddef.h>

#include "stats/exposure.h"

#define CACHES_MAX 16 /* that are told apart; the last state is "so many or more" */

struct cache_states {
	/* by number held; less what follows a look-up so closely that it is of the same visit */
	double live_s[CACHES_MAX + 1][FOLDED_CELLS];
	double seen[CACHES_MAX + 1][FOLDED_CELLS]; /* look-ups in that state */
	double total_s;                            /* live, from the first look-up to the last */
	size_t count;                              /* look-ups after the first */
};

/*
 * Tally sorted look-ups, the first of which opens the observation and is not counted; it closes
 * with the last. Each is held for dead_s. count >= 1.
 */
void cache_states_tally(struct cache_states *s, const struct exposure *e, const double *events_s,
    size_t count, double dead_s);

/* Live seconds weighted by the share of m caches that do not hold the name; INFINITY: no cache. */
double cache_states_free(const struct cache_states *s, double m);

/* How open m caches are, what visits hide made up for. */
struct cache_open {
	double caches;
	double hidden; /* look-ups of other caches that pass for the visit of one, on average */
	double live_s; /* in which look-ups could be counted, by the share of caches that is open */
};

struct cache_open cache_states_open(const struct cache_states *s, double m);

/* The share that is open where so many are seen to hold the name. */
double cache_open_share(const struct cache_open *open, unsigned held);

#endif
