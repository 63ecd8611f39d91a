/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rate of a series by weekday or weekend and hour of day, fitted behind a dead time and over
 * live time alone; its integral and the inverse of that.
 */
#ifndef STATS_PROFILE_H
#define STATS_PROFILE_H

#include "stats/exposure.h"
#include "stats/fortnight.h"

#define PROFILE_GUIDE 512

/* What a profile's integral is at an outage. */
struct profile_outage {
	double at;     /* integral over live time from fortnight 0 to its beginning */
	double before; /* integral over all outages before it */
};

/* Borrows the exposure that it was fitted on. */
struct profile {
	double rate[FOLDED_CELLS];          /* events per live, not blocked second */
	double before[FORTNIGHT_HOURS + 1]; /* integral from Monday 00:00 to each hour */
	uint16_t guide[PROFILE_GUIDE];      /* to draw from: the hour in which a part of
					       before[FORTNIGHT_HOURS] is reached */
	bool guided;
	struct profile_outage *down; /* of the exposure's outages; one more closes it */
	size_t down_capacity;
	const struct exposure *exposure;
};

/* A zeroed profile is valid for profile_fit() and profile_release(). */
void profile_release(struct profile *p);

enum profile_use {
	PROFILE_TO_DRAW, /* one rate a cell, from all days: what surrogates come from */
	PROFILE_TO_TEST, /* never drawn from: the rate on days of either fold comes from days of the other */
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

/* Set the rates directly (per second), to draw from or to test. */
bool profile_set(struct profile *p, const struct exposure *e,
    const double rate[static FOLDED_CELLS], struct err *reterr) MUST_USE;

/* A time as profiles see it: worked out once for all that share an exposure. */
struct profile_place {
	struct moment moment; /* the outage's beginning, for a time inside one */
	size_t outages;       /* before it */
};

static inline struct profile_place profile_place(const struct exposure *e, double t_s)
{
	size_t i = e->down_count == 0 ? 0 : exposure_outage_after(e, t_s);

	if (i < e->down_count && t_s > e->down[i].from_s)
		t_s = e->down[i].from_s;
	return (struct profile_place){ fortnight_moment(t_s), i };
}

/* The expected number of events from fortnight 0 on, outside outages, were nothing blocked. */
static inline double profile_at(const struct profile *p, const struct profile_place *at)
{
	const struct moment *m = &at->moment;

	return (double)m->fortnight * p->before[FORTNIGHT_HOURS] + p->before[m->hour] +
	       m->into_s * p->rate[fortnight_cells[m->hour]] - p->down[at->outages].before;
}

/* The same in [from_s, to_s). */
double profile_integral(const struct profile *p, double from_s, double to_s);

/*
 * The time t >= from_s at which profile_integral(from_s, t) reaches mass. INFINITY: never. Not of
 * a profile that was fitted to test.
 */
double profile_inverse(const struct profile *p, double from_s, double mass);

#endif
