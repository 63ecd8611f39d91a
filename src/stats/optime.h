/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Operational time: the clock on which a name with a constant level is a Poisson process of rate
 * one. It runs on by what the name's own hours of the week lead to expect, and stands still in
 * outages, behind each peer's cache, and for a while after each counted event. Unlike the
 * compensator's (compensator.h), the levels are those of the whole span of the name, so that
 * whatever rises, falls or ceases shows; and the shape of the week is fitted on all days, which
 * makes a steady series a little too even, so that a change is found too seldom, never too often.
 */
#ifndef STATS_OPTIME_H
#define STATS_OPTIME_H

#include "stats/exposure.h"

#define OPTIME_STREAMS_MAX 16

/*
 * Events of one name less than so far apart count once. Sessions of visits are no change of any
 * rate, and many of them fit into 50 minutes; Poisson clients stay Poisson behind this dead time.
 * It lies below nine tenths of an hour, the favorite TTL: see OPTIME_EARLY.
 */
#define OPTIME_DEAD_S 3000.0

/*
 * A peer is expected again from this share of its TTL on. Resolvers that fetch early do so in the
 * last tenth; those that do not look a little more even for it, which is the safe side.
 */
#define OPTIME_EARLY .9

#define OPTIME_STEPS_MIN 9 /* ten counted events */

/* All contacts of one peer (or of many that need not be told apart): sorted. */
struct optime_stream {
	const double *times_s;
	size_t count;
	double ttl_s; /* the largest seen; 0: none */
};

/* Zeroed is empty; used again from call to call. Release with optime_release(). */
struct optime {
	double first_s;   /* the first event, which opens the clock and is not counted */
	double *ends_s;   /* when each step ended: the counted events */
	double *steps;    /* operational time from one counted event to the next */
	size_t count;     /* of both */
	double total;     /* sum of the steps; about count */
	double after;     /* operational time from the last event to the end of the span */
	double *day_seen; /* counted events of each UTC day, from first_day to that of the last */
	double *day_expected; /* what the clock ran on in it */
	size_t day_count;
	int64_t first_day;
	size_t capacity;
};

/*
 * Run the clock over the streams, of which those without events are left out. False: out of
 * memory. count is 0 where there are fewer than two events.
 */
bool optime_run(struct optime *o, const struct optime_stream *streams, size_t stream_count,
    const struct exposure *e, struct err *reterr) MUST_USE;

/*
 * The variance of daily counts about what is expected / that of Poisson clients, from one day to the
 * next so that changes of level enter little; one standard error is added; at least 1, and 1 where
 * there are too few days to tell.
 */
double optime_dispersion(const double *seen, const double *expected, size_t day_count);

void optime_release(struct optime *o);

#endif
