/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A rate that is constant in each hour and repeats every fortnight: its integral is a table over
 * the 336 hours of one plus whole fortnights, less the same over the outages before. The prior of a
 * tenth of an event per cell keeps empty cells alive; a heavier one would make every fitted
 * series look too regular (a weight of 1 in 168 cells rejects 60 % at 5 %).
 */
#include "stats/profile.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/size.h"

#define HOUR_S         3600.0
#define CYCLE_S        (PROFILE_HOURS * HOUR_S)
#define EPOCH_MONDAY_S (72 * HOUR_S)
#define PRIOR_WEIGHT   .1

void profile_release(struct profile *p)
{
	free(p->down_before);
	*p = (struct profile){ 0 };
}

/* The cell and fold of an hour of the fortnight that begins on Monday 1969-12-29, day -3. */
static unsigned hour_cell(unsigned hour)
{
	unsigned day = hour / 24;

	return hour % 24 + (day % 7 >= 5 ? 24 : 0) + CELL_COUNT * (~day & 1);
}

/* floor(), which the plain x86-64 instruction set lacks and a call costs more than all else here.
 */
static double round_down(double x)
{
	double whole = (double)(int64_t)x;

	return whole > x ? whole - 1 : whole;
}

/* Integral since a Monday long ago, outages not regarded. */
static double integral_from_monday(const struct profile *p, double t_s)
{
	double cycle = round_down((t_s + EPOCH_MONDAY_S) / CYCLE_S);
	double into_s = t_s + EPOCH_MONDAY_S - cycle * CYCLE_S;
	unsigned hour = (unsigned)(into_s / HOUR_S);

	if (hour >= PROFILE_HOURS)
		hour = PROFILE_HOURS - 1;
	return cycle * p->before[PROFILE_HOURS] + p->before[hour] +
	       (into_s - hour * HOUR_S) * p->rate[hour_cell(hour)];
}

/* The other way round. */
static double time_of_integral(const struct profile *p, double mass)
{
	double cycle = round_down(mass / p->before[PROFILE_HOURS]);
	double into = mass - cycle * p->before[PROFILE_HOURS];
	unsigned low = 0;
	double rate;

	/* the last hour that begins at or below it, found without a branch to mispredict */
	for (unsigned step = 256; step > 0; step /= 2) {
		unsigned middle = low + step;

		low =
		    middle < PROFILE_HOURS && p->before[middle < PROFILE_HOURS ? middle : 0] <= into
			? middle
			: low;
	}
	rate = p->rate[hour_cell(low)];
	return cycle * CYCLE_S - EPOCH_MONDAY_S + low * HOUR_S +
	       (rate > 0 ? fmin((into - p->before[low]) / rate, HOUR_S) : 0);
}

bool profile_set(struct profile *p, const struct exposure *e,
    const double rate[static FOLDED_CELLS], struct err *reterr)
{
	p->exposure = e;
	if (p->rate != rate)
		memcpy(p->rate, rate, sizeof(p->rate));
	p->before[0] = 0;
	for (unsigned hour = 0; hour < PROFILE_HOURS; hour++)
		p->before[hour + 1] = p->before[hour] + HOUR_S * p->rate[hour_cell(hour)];
	if (p->down_capacity < e->down_count + 1) {
		double *grown =
		    realloc(p->down_before, size_mul(e->down_count + 1, sizeof(*grown)));

		if (grown == NULL) {
			err_set_memory(reterr);
			return false;
		}
		p->down_before = grown;
		p->down_capacity = e->down_count + 1;
	}
	p->down_before[0] = 0;
	for (size_t i = 0; i < e->down_count; i++)
		p->down_before[i + 1] = p->down_before[i] +
					integral_from_monday(p, e->down[i].to_s) -
					integral_from_monday(p, e->down[i].from_s);
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
		    e, events_s[i], fmin(events_s[i] + dead_s, events_s[i + 1]), -1, live_s);
		events[exposure_folded_cell(events_s[i + 1])]++;
	}
	for (unsigned c = 0; c < FOLDED_CELLS; c++) {
		live_s[c] = fmax(live_s[c], 0);
		total_s += live_s[c];
	}
	/* less than a millisecond open a gap: a rate beyond all telling, but finite */
	return (double)(count - 1) / fmax(total_s, 1e-3 * (double)count);
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
	return profile_set(p, e, p->rate, reterr);
}

/* Integral over the outages before t_s. */
static double down_integral(const struct profile *p, double t_s)
{
	const struct exposure *e = p->exposure;
	size_t i = exposure_outage_after(e, t_s);

	if (i == e->down_count || t_s <= e->down[i].from_s)
		return p->down_before[i];
	return p->down_before[i] + integral_from_monday(p, t_s) -
	       integral_from_monday(p, e->down[i].from_s);
}

double profile_integral(const struct profile *p, double from_s, double to_s)
{
	double all;

	if (from_s >= to_s)
		return 0;
	all = integral_from_monday(p, to_s) - integral_from_monday(p, from_s);
	if (p->exposure->down_count == 0)
		return all;
	return fmax(all - (down_integral(p, to_s) - down_integral(p, from_s)), 0);
}

double profile_inverse(const struct profile *p, double from_s, double mass)
{
	const struct exposure *e = p->exposure;
	double at = integral_from_monday(p, from_s);

	if (p->before[PROFILE_HOURS] <= 0)
		return INFINITY;
	for (size_t i = exposure_outage_after(e, from_s); i < e->down_count; i++) {
		double until = integral_from_monday(p, fmax(e->down[i].from_s, from_s));

		if (at + mass < until)
			break;
		mass -= until - at;
		at = integral_from_monday(p, e->down[i].to_s);
		from_s = e->down[i].to_s;
	}
	return fmax(time_of_integral(p, at + mass), from_s);
}
