/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which zones fit as well as the best, days being what was drawn: visits of one day hang together,
 * so that their number says too much.
 */
#ifndef STATS_ZONE_SET_H
#define STATS_ZONE_SET_H

#include "stats/zone_fit.h"

#define ZONE_SET_RESAMPLES 199
#define ZONE_SET_SIDE_MIN  50 /* visits on either side of a change, to test a rule of summer time */

enum zone_clock {
	ZONE_CLOCK_UNTESTABLE, /* no change of summer time with enough visits on both sides */
	ZONE_CLOCK_STEADY,     /* no zone with summer time is in the set */
	ZONE_CLOCK_CHANGES,    /* no zone without it is */
	ZONE_CLOCK_UNTOLD,     /* both are */
};

struct zone_set {
	double cut;        /* twice the drop of the log likelihood up to which a zone is in */
	double dispersion; /* mean over resamples; 1 where visits are independent */
	bool in[ZONE_RULES][ZONE_OFFSETS];
	int best_min;                  /* minutes east of UTC, in force for most visits */
	int offsets_min[ZONE_OFFSETS]; /* the set, in force for most visits: rising */
	size_t offset_count;
	enum zone_clock clock;
};

/* observed is of f's grid as it is. False: out of memory. */
bool zone_set_find(struct zone_fit *f, const struct zone_likelihood *observed, uint64_t seed,
    uint64_t series, struct zone_set *ret, struct err *reterr) MUST_USE;

#endif
