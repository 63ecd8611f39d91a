/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which visits of a series are beats of a known period, how exact are they, how many are missing? */
#ifndef STATS_BEATS_H
#define STATS_BEATS_H

#include "stats/exposure.h"

struct beats {
	double phase_s;  /* of the beats, 0 to the period, since 1970-01-01 */
	double jitter_s; /* standard deviation of a beat's error */
	double share;    /* of the visits that are beats */
	double missing;  /* share of the live cycles from the first beat to the last without one */
};

/*
 * Fit a wrapped normal on the clock of period_s and a uniform rest (Sanna Passino & Heard 2020)
 * to count > 0 sorted visits. ret_membership, which may be NULL, has room for count: each
 * visit's probability of being a beat.
 */
void beats_fit(const double *visits_s, size_t count, double period_s, const struct exposure *e,
    struct beats *ret, double *ret_membership);

#endif
