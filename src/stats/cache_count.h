/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many caches stand behind one address? */
#ifndef STATS_CACHE_COUNT_H
#define STATS_CACHE_COUNT_H

#include <stddef.h>

#include "stats/cache_states.h"

struct cache_count {
	unsigned
	    caches;    /* the fewest that explain the look-ups (5 %); CACHES_MAX: so many or more */
	unsigned most; /* the most; CACHES_MAX also where nothing bounds them */
	double dead_s; /* the dead time that explains them best */
	double log_likelihood;
};

/*
 * Of starts of visits (not thinned), count >= 2, behind caches of this TTL that fetch when it has
 * run out or in its last tenth, whichever is likelier.
 */
void cache_count_fit(const struct exposure *e, const double *visits_s, size_t count, double ttl_s,
    struct cache_count *ret);

#endif
