/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rate of a series by weekday or weekend and hour of day, fitted behind a dead time and over
 * live time alone; its integral and the inverse of that.
 */
#ifndef STATS_PROFILE_H
#define STATS_PROFILE_H

#include "stats/exposure.h"

#define PROFILE_HOURS 336 /* a fortnight: every day of the week in either fold */

/* Borrows the exposure that it was fitted on. */
struct profile {
	double rate[FOLDED_CELLS]; /* events per live, not blocked second */
	double
	    before[PROFILE_HOURS + 1]; /* integral from Monday 00:00 to each hour of a fortnight */
	double *down_before;           /* integral over the outages before outage i */
	size_t down_capacity;
	const struct exposure *exposure;
};

/* A zeroed profile is valid for profile_fit() and profile_release(). */
void profile_release(struct profile *p);

enum profile_use {
	PROFILE_TO_DRAW, /* one rate a cell, from all days: what surrogates come from */
	PROFILE_TO_TEST, /* the rate on days of either fold comes from days of the other */
};

/*
 * Fit to sorted events at least dead_s apart, the first of which opens the observation and is not
 * counted; it closes with the last. rate_c = (events_c + .1) / (live_c + .1 / mean rate), live_c
 * being the time in which the sensor lived and the series was not blocked by its last event.
 * count >= 2. False: out of memory.
 *
 * A series that is tested with rates that its own events made looks more even than it is: half
 * of all Poisson series of 300 events in a week came out at p_gap <= .05. Rates from other days
 * err the other way, as a mixture of exponentials, which p_gap does not react to.
 */
bool profile_fit(struct profile *p, const struct exposure *e, const double *events_s, size_t count,
    double dead_s, enum profile_use use, struct err *reterr) MUST_USE;

/* Set the rates directly (per second). */
bool profile_set(struct profile *p, const struct exposure *e,
    const double rate[static FOLDED_CELLS], struct err *reterr) MUST_USE;

/* The expected number of events in [from_s, to_s) outside outages, were nothing blocked. */
double profile_integral(const struct profile *p, double from_s, double to_s);

/* The time t >= from_s at which profile_integral(from_s, t) reaches mass. INFINITY: never. */
double profile_inverse(const struct profile *p, double from_s, double mass);

#endif
