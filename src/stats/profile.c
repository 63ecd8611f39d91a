/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A rate that is constant in each hour and repeats every fortnight: its integral is a table over
 * the 336 hours of one plus whole fortnights, less the same over the outages before. The inverse
 * finds its hour by a guide table (Chen & Asau 1974), in one step or two. The prior of a tenth of
 * an event per cell keeps empty cells alive; a heavier one would make every fitted series look
 * too regular (a weight of 1 in 168 cells rejects 60 % at 5 %).
 */
#include "stats/profile.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/minmax.h"
#include "base/size.h"

#define PRIOR_WEIGHT .1
#define DAY_KINDS    4 /* weekday or weekend, even or odd: cells follow each other so */
#define DAY_HOURS    24

void profile_release(struct profile *p)
{
	free(p->down);
	*p = (struct profile){ 0 };
}

/* Fill before[]: by kinds of days, whose sums do not wait for each other. */
static void integrate(struct profile *p)
{
	double within[DAY_HOURS + 1][DAY_KINDS]; /* from midnight to each hour */
	double start = 0;

	for (unsigned kind = 0; kind < DAY_KINDS; kind++)
		within[0][kind] = 0;
	for (unsigned hour = 0; hour < DAY_HOURS; hour++)
		for (unsigned kind = 0; kind < DAY_KINDS; kind++)
			within[hour + 1][kind] =
			    within[hour][kind] + HOUR_S * p->rate[kind * DAY_HOURS + hour];
	for (unsigned at = 0; at < FORTNIGHT_HOURS; at += DAY_HOURS) {
		unsigned kind = fortnight_cells[at] / DAY_HOURS;

		for (unsigned hour = 0; hour < DAY_HOURS; hour++)
			p->before[at + hour] = start + within[hour][kind];
		start += within[DAY_HOURS][kind];
	}
	p->before[FORTNIGHT_HOURS] = start;
}

static void make_guide(struct profile *p)
{
	unsigned hour = 0;

	for (unsigned i = 0; i < PROFILE_GUIDE; i++) {
		double mass = p->before[FORTNIGHT_HOURS] * i / PROFILE_GUIDE;

		while (hour + 1 < FORTNIGHT_HOURS && p->before[hour + 1] <= mass)
			hour++;
		p->guide[i] = (uint16_t)hour;
	}
	p->guided = true;
}

/* Integral since fortnight 0, outages not regarded. */
static double integral_with_outages(const struct profile *p, double t_s)
{
	struct moment m = fortnight_moment(t_s);

	return (double)m.fortnight * p->before[FORTNIGHT_HOURS] + p->before[m.hour] +
	       m.into_s * p->rate[fortnight_cells[m.hour]];
}

/* The other way round. */
static double time_of_integral(const struct profile *p, double mass)
{
	double all = p->before[FORTNIGHT_HOURS];
	double fortnight = (double)round_down(mass / all);
	double into = mass - fortnight * all;
	double guess = into / all * PROFILE_GUIDE;
	unsigned hour = p->guide[guess < PROFILE_GUIDE - 1 ? (unsigned)guess : PROFILE_GUIDE - 1];
	double rate;

	/* the last hour that begins at or below it; back only for a rounded bit */
	while (hour > 0 && p->before[hour] > into)
		hour--;
	while (hour + 1 < FORTNIGHT_HOURS && p->before[hour + 1] <= into)
		hour++;
	rate = p->rate[fortnight_cells[hour]];
	return FORTNIGHT_ORIGIN_S + fortnight * FORTNIGHT_S + hour * HOUR_S +
	       (rate > 0 ? double_min((into - p->before[hour]) / rate, HOUR_S) : 0);
}

/* Integrals from p->rate. */
static bool prepare(struct profile *p, const struct exposure *e, struct err *reterr)
{
	double before = 0;

	p->exposure = e;
	p->guided = false;
	integrate(p);
	if (p->down_capacity < e->down_count + 1) {
		struct profile_outage *grown =
		    realloc(p->down, size_mul(e->down_count + 1, sizeof(*grown)));

		if (grown == NULL) {
			err_set_memory(reterr);
			return false;
		}
		p->down = grown;
		p->down_capacity = e->down_count + 1;
	}
	for (size_t i = 0; i < e->down_count; i++) {
		double at = integral_with_outages(p, e->down[i].from_s);

		p->down[i] = (struct profile_outage){ .at = at - before, .before = before };
		before += integral_with_outages(p, e->down[i].to_s) - at;
	}
	p->down[e->down_count] = (struct profile_outage){ .at = INFINITY, .before = before };
	return true;
}

bool profile_set(struct profile *p, const struct exposure *e,
    const double rate[static FOLDED_CELLS], struct err *reterr)
{
	memcpy(p->rate, rate, sizeof(p->rate));
	if (!prepare(p, e, reterr))
		return false;
	make_guide(p);
	return true;
}

/* Events and free live seconds by cell and fold; returns the mean rate. */
static double tally(const struct exposure *e, const double *events_s, size_t count, double dead_s,
    double live_s[static FOLDED_CELLS], double events[static FOLDED_CELLS])
{
	double total_s = 0;

	memset(events, 0, FOLDED_CELLS * sizeof(*events));
	memset(live_s, 0, FOLDED_CELLS * sizeof(*live_s));
	exposure_add_live(e, events_s[0], events_s[count - 1], 1, live_s);
	for (size_t i = 0; i + 1 < count; i++) {
		exposure_add_live(
		    e, events_s[i], double_min(events_s[i] + dead_s, events_s[i + 1]), -1, live_s);
		events[exposure_folded_cell(events_s[i + 1])]++;
	}
	for (unsigned c = 0; c < FOLDED_CELLS; c++) {
		live_s[c] = double_max(live_s[c], 0);
		total_s += live_s[c];
	}
	/* less than a millisecond open a gap: a rate beyond all telling, but finite */
	return (double)(count - 1) / double_max(total_s, 1e-3 * (double)count);
}

bool profile_fit(struct profile *p, const struct exposure *e, const double *events_s, size_t count,
    double dead_s, enum profile_use use, struct err *reterr)
{
	double live_s[FOLDED_CELLS], events[FOLDED_CELLS];
	double mean;

	assert(count >= 2);
	mean = tally(e, events_s, count, dead_s, live_s, events);
	for (unsigned c = 0; c < CELL_COUNT; c++) {
		unsigned even = c, odd = c + CELL_COUNT;

		if (use == PROFILE_TO_DRAW) {
			live_s[even] = live_s[odd] = live_s[even] + live_s[odd];
			events[even] = events[odd] = events[even] + events[odd];
		}
		p->rate[even] = (events[odd] + PRIOR_WEIGHT) / (live_s[odd] + PRIOR_WEIGHT / mean);
		p->rate[odd] = (events[even] + PRIOR_WEIGHT) / (live_s[even] + PRIOR_WEIGHT / mean);
	}
	if (!prepare(p, e, reterr))
		return false;
	if (use == PROFILE_TO_DRAW)
		make_guide(p);
	return true;
}

double profile_integral(const struct profile *p, double from_s, double to_s)
{
	struct profile_place from = profile_place(p->exposure, from_s);
	struct profile_place to = profile_place(p->exposure, to_s);

	return from_s < to_s ? double_max(profile_at(p, &to) - profile_at(p, &from), 0) : 0;
}

double profile_inverse(const struct profile *p, double from_s, double mass)
{
	struct profile_place from = profile_place(p->exposure, from_s);
	double reached = profile_at(p, &from) + mass;
	size_t i = from.outages;

	assert(p->guided);
	if (p->before[FORTNIGHT_HOURS] <= 0)
		return INFINITY;
	while (p->down[i].at <= reached)
		from_s = double_max(from_s, p->exposure->down[i++].to_s);
	return double_max(time_of_integral(p, reached + p->down[i].before), from_s);
}
