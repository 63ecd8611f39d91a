/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Time rescaled by what the null expects: between two visits it has run on by as much as the
 * fitted rates, less all that dead times and outages blocked, add up to. Under the null the
 * steps are independent exponentials of mean 1 (Papangelou 1972; Ogata 1988), for one stream and
 * for the union of several, each behind a cache of its own.
 */
#ifndef STATS_COMPENSATOR_H
#define STATS_COMPENSATOR_H

#include "stats/profile.h"

#define COMPENSATOR_STREAMS_MAX 16

/* One stream's kept events (visits_thin() at dead_s) with its profile, all on one exposure. */
struct compensator_stream {
	const double *events_s;
	size_t count;
	double dead_s;
	struct profile profile;
};

/* Grows from call to call; zeroed is empty. Release with compensator_release(). */
struct compensator {
	double *steps; /* between counted visits, of mean about 1 */
	size_t step_count;
	size_t step_capacity;
	double *day_seen;     /* counted visits of each day from the first to the last */
	double *day_expected; /* what the compensator ran on in it */
	size_t day_count;
	size_t day_capacity;
};

/*
 * Run through the streams (each with count >= 2) together. A visit within union_dead_s of the
 * last counted one is not counted, and the compensator stands still for so long. Days begin at
 * cut_s seconds after midnight UTC. False: out of memory.
 */
bool compensator_run(struct compensator *c, const struct compensator_stream *streams,
    size_t stream_count, double union_dead_s, double cut_s, struct err *reterr) MUST_USE;

void compensator_release(struct compensator *c);

#endif
