/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which period stands out in a series that a cache and somebody's hours have shaped? For the
 * names that are shown: it names a period, which other tests then judge.
 */
#ifndef STATS_PERIOD_H
#define STATS_PERIOD_H

#include "stats/profile.h"

#define PERIOD_EVENTS_MIN 10
#define PERIOD_MIN_S      120.0    /* two bins of the search */
#define PERIOD_MAX_S      604800.0 /* a week; at least three cycles in the span */

struct period_result {
	double
	    period_s; /* of the strongest line; a customary one where it cannot be told from it */
	double p;     /* among all that were tried, each Exp(1) under cache and hours; 1: none */
	double tried; /* independent periods */
};

/*
 * events_s: sorted, at least dead_s apart (visits_thin()), count >= PERIOD_EVENTS_MIN; hours: their
 * profile. False: out of memory.
 */
bool period_find(const double *events_s, size_t count, double dead_s, const struct profile *hours,
    struct period_result *ret, struct err *reterr) MUST_USE;

#endif
