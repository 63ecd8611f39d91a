/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A cache's TTL from the pauses it leaves, where the log gives none. */
#ifndef STATS_CACHE_TTL_H
#define STATS_CACHE_TTL_H

#include "stats/exposure.h"

struct cache_ttl {
	double ttl_s; /* 0: no cache shows */
	double p; /* of so few shorter pauses without any cache; Bonferroni over the candidates */
};

/*
 * Of sorted starts of visits. Null: Poisson clients with weekday and weekend hours and no cache.
 * A timer with a longer period leaves no short pauses either: this tells that something keeps
 * them away, not what. False: out of memory.
 */
bool cache_ttl_find(const double *visits_s, size_t count, const struct exposure *e,
    struct cache_ttl *ret, struct err *reterr) MUST_USE;

#endif
