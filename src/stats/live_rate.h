/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rate of the questions behind a cache, most of which it answers itself. Model: Poisson
 * clients; a look-up that is seen blocks all others for the TTL (a dead time that others do not
 * extend). The likelihood knows them only while the cache is empty: n look-ups in L live seconds.
 */
#ifndef STATS_LIVE_RATE_H
#define STATS_LIVE_RATE_H

#include "stats/cache_states.h"

/* Held for more of the time than this, a cache lets a lower bound of the rate be told, no more. */
#define LIVE_RATE_SATURATED .9

struct live_rate {
	double per_s;      /* NAN where it is not estimable */
	double low_per_s;  /* 95 %; a lower bound alone where it is not estimable */
	double high_per_s; /* NAN where it is not estimable */
	double saturation; /* share of the live time in which the caches hold the name, 0 to 1 */
	double
	    attenuation; /* d ln(seen rate) / d ln(rate) = 1 / (1 + rate * dead time): what is left
			       of a change of the rate in what is seen */
	size_t lookups;  /* n */
	bool estimable;
};

/*
 * Of the look-ups that were tallied, behind m caches that are fed at random; the lower end of the
 * interval is that of the most caches that there may be, CACHES_MAX standing for any number, since
 * more of them leave more open. For one cache the look-ups are to be thinned by its dead time
 * (visits_thin()) and most is 1: the estimate then holds whether there is such a cache or none at
 * all. s->count > 0.
 */
void live_rate_fit(const struct cache_states *s, unsigned m, unsigned most, struct live_rate *ret);

#endif
