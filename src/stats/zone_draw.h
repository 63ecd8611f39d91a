/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Weeks as the best zone would have made them: the sessions that were seen, each at another time of
 * that zone's working week. What follows one visit within the hour is no second witness of where
 * the office is, and a resample of days knows only the hours that were seen: with 25 sessions the
 * true zone was in a set by days in 86 % of series.
 */
#ifndef STATS_ZONE_DRAW_H
#define STATS_ZONE_DRAW_H

#include <stdint.h>

#include "base/philox.h"
#include "stats/zone_fit.h"

/* Visits of one stream on one day with no pause between them. */
struct zone_session {
	uint32_t day;
	uint8_t stream;
	uint32_t visits;
	size_t mark_from;
	size_t mark_count;
};

#define ZONE_DRAW_GUIDES 1024 /* a power of two, so that a uniform number times it is exact */

/* The rate of a stream in a phase, in the best zone. */
struct zone_rate {
	double upto[WEEK_QUARTERS];       /* running sum */
	uint16_t guide[ZONE_DRAW_GUIDES]; /* the first quarter that goes beyond that part of it */
};

/* Zeroed is empty. Release with zone_draw_release(). */
struct zone_draw {
	struct zone_fit *fit;
	struct zone_session *sessions;
	size_t session_count;
	struct zone_rate *rates; /* by stream, then phase */
};

/*
 * Visits are of one session up to an hour apart, and less where they are so dense that strangers
 * come as close: a fourth of their mean distance in working time. observed is of f's grid as it is;
 * f is borrowed, and its week overwritten by each draw. False: out of memory.
 */
bool zone_draw_init(
    struct zone_draw *d, struct zone_fit *f, const struct zone_likelihood *observed) MUST_USE;
void zone_draw_release(struct zone_draw *d);

/* Draw a week and fit every zone to it. */
void zone_draw_next(struct zone_draw *d, struct philox *random, struct zone_likelihood *ret);

#endif
