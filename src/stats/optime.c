/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One shape of the week f(t) for all peers and one level r_i for each: peer i's intensity is
 * r_i f(t) while its cache is empty, and the clock is the integral of the sum of them. f has 48
 * cells, fitted to the events of all peers together over their free live time, with the prior
 * of profile.c (a tenth of an event a cell).
 */
#include "stats/optime.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/minmax.h"
#include "base/size.h"
#include "stats/profile.h"
#include "stats/visits.h"

#define PRIOR_WEIGHT    .1
#define DISPERSION_DAYS 8 /* fewer pairs of days tell no variance */

struct lane {
	double *events_s; /* thinned by the peer's own dead time */
	size_t count;
	size_t next;
	double dead_s;
	double open_s;  /* nothing is expected of it before */
	double open_at; /* the shape's integral there */
	double level;
};

struct clock {
	struct lane lanes[OPTIME_STREAMS_MAX];
	size_t lane_count;
	struct profile shape;
	const struct exposure *exposure;
	double first_s;
	double end_s;
	double *kept_s;
	double now_s;
	double still_s; /* the whole clock stands until then */
	int64_t day;
	struct optime *out;
};

static bool make_lanes(struct clock *c, const struct optime_stream *streams, size_t count)
{
	size_t total = 0, at = 0;

	for (size_t i = 0; i < count; i++)
		total = size_add(total, streams[i].count);
	c->kept_s = malloc(size_mul(size_add(total, 1), sizeof(*c->kept_s)));
	if (c->kept_s == NULL)
		return false;
	c->first_s = INFINITY;
	for (size_t i = 0; i < count; i++) {
		struct lane *lane = &c->lanes[c->lane_count];

		if (streams[i].count == 0)
			continue;
		*lane = (struct lane){ .events_s = c->kept_s + at,
			.dead_s = double_max(OPTIME_EARLY * streams[i].ttl_s, OPTIME_DEAD_S) };
		lane->count =
		    visits_thin(streams[i].times_s, streams[i].count, lane->dead_s, lane->events_s);
		at += lane->count;
		c->first_s = double_min(c->first_s, lane->events_s[0]);
		c->lane_count++;
	}
	return true;
}

static double last_event(const struct clock *c)
{
	double last_s = -INFINITY;

	for (size_t i = 0; i < c->lane_count; i++)
		last_s = double_max(last_s, c->lanes[i].events_s[c->lanes[i].count - 1]);
	return last_s;
}

/* The live time, by cell, in which a peer could have been seen. */
static void add_free(
    const struct clock *c, const struct lane *lane, double last_s, double free_s[FOLDED_CELLS])
{
	exposure_add_live(c->exposure, c->first_s, last_s, 1, free_s);
	for (size_t i = 0; i < lane->count; i++)
		exposure_add_live(c->exposure, lane->events_s[i],
		    double_min(lane->events_s[i] + lane->dead_s, last_s), -1, free_s);
}

/*
 * The levels first, as events per free second, then the shape relative to them, then the levels
 * once more in the shape's own time, so that the clock runs to about the number of events.
 */
static bool fit(struct clock *c, double last_s, struct err *reterr)
{
	double cells[CELL_COUNT] = { 0 }, events[CELL_COUNT] = { 0 }, rate[FOLDED_CELLS];
	double total = 0, mass = 0;

	for (size_t i = 0; i < c->lane_count; i++) {
		struct lane *lane = &c->lanes[i];
		double free_s[FOLDED_CELLS] = { 0 }, sum_s = 0;

		add_free(c, lane, last_s, free_s);
		for (unsigned f = 0; f < FOLDED_CELLS; f++)
			sum_s += double_max(free_s[f], 0);
		lane->level = (double)lane->count / double_max(sum_s, 1);
		for (unsigned f = 0; f < FOLDED_CELLS; f++)
			cells[f % CELL_COUNT] += lane->level * double_max(free_s[f], 0);
		for (size_t j = 0; j < lane->count; j++)
			if (lane->events_s[j] > c->first_s)
				events[exposure_cell(lane->events_s[j])]++;
	}
	for (unsigned f = 0; f < CELL_COUNT; f++) {
		rate[f] = (events[f] + PRIOR_WEIGHT) / (cells[f] + PRIOR_WEIGHT);
		rate[f + CELL_COUNT] = rate[f];
		mass += rate[f] * cells[f];
		total += events[f];
	}
	for (size_t i = 0; i < c->lane_count; i++)
		c->lanes[i].level *= mass > 0 ? total / mass : 1;
	return profile_set(&c->shape, c->exposure, rate, reterr);
}

/* What the shape's integral is at a time. */
static double shape_at(const struct clock *c, double t_s)
{
	struct profile_place place = profile_place(c->exposure, t_s);

	return profile_at(&c->shape, &place);
}

/* Let the clock run to to_s, within one day; returns by how much. */
static double run_to(struct clock *c, double to_s)
{
	double at = shape_at(c, to_s), sum = 0;

	for (size_t i = 0; i < c->lane_count; i++) {
		struct lane *lane = &c->lanes[i];

		if (lane->open_s >= to_s)
			continue;
		sum += lane->level * double_max(at - lane->open_at, 0);
		lane->open_s = to_s;
		lane->open_at = at;
	}
	c->now_s = to_s;
	c->out->day_expected[c->day - c->out->first_day] += sum;
	return sum;
}

static double advance(struct clock *c, double to_s)
{
	double sum = 0, midnight_s;

	while ((midnight_s = ((double)c->day + 1) * DAY_S) <= to_s) {
		sum += run_to(c, midnight_s);
		c->day++;
	}
	return sum + run_to(c, to_s);
}

/* Nothing is expected of a peer before open_s. */
static void block(struct clock *c, struct lane *lane, double open_s)
{
	lane->open_s = double_max(lane->open_s, open_s);
	lane->open_at = shape_at(c, lane->open_s);
}

static struct lane *earliest(struct clock *c)
{
	struct lane *first = NULL;

	for (size_t i = 0; i < c->lane_count; i++) {
		struct lane *lane = &c->lanes[i];

		if (lane->next < lane->count &&
		    (first == NULL || lane->events_s[lane->next] < first->events_s[first->next]))
			first = lane;
	}
	return first;
}

/* After a counted event at at_s all stand still. */
static void stand_still(struct clock *c, double at_s)
{
	c->still_s = at_s + OPTIME_DEAD_S;
	for (size_t i = 0; i < c->lane_count; i++)
		block(c, &c->lanes[i], c->still_s);
}

static void run(struct clock *c, struct optime *o)
{
	struct lane *lane;
	double step = 0;

	c->now_s = c->first_s;
	for (size_t i = 0; i < c->lane_count; i++)
		block(c, &c->lanes[i], c->first_s);
	o->first_s = c->first_s;
	c->still_s = -INFINITY;
	while ((lane = earliest(c)) != NULL) {
		double at_s = lane->events_s[lane->next++];

		step += advance(c, at_s);
		block(c, lane, at_s + lane->dead_s);
		if (at_s < c->still_s)
			continue;
		if (at_s > c->first_s) {
			o->ends_s[o->count] = at_s;
			o->steps[o->count++] = step;
			o->total += step;
			o->day_seen[c->day - o->first_day]++;
			step = 0;
		}
		stand_still(c, at_s);
	}
	o->day_count = (size_t)(c->day - o->first_day) + 1;
	/* an event that was not counted may have come after the last that was */
	o->after = step + advance(c, double_max(c->end_s, c->now_s));
}

static bool make_day_room(struct optime *o, struct clock *c)
{
	double end_s = double_max(c->end_s, last_event(c));
	size_t wanted;

	if (c->lane_count == 0)
		return true;
	c->day = o->first_day = round_down(c->first_s / DAY_S);
	wanted = (size_t)(round_down(end_s / DAY_S) - o->first_day) + 2;
	free(o->day_seen);
	free(o->day_expected);
	o->day_seen = calloc(wanted, sizeof(*o->day_seen));
	o->day_expected = calloc(wanted, sizeof(*o->day_expected));
	return o->day_seen != NULL && o->day_expected != NULL;
}

static bool make_room(struct optime *o, struct clock *c)
{
	size_t wanted = 1;
	double *grown;

	if (!make_day_room(o, c))
		return false;
	for (size_t i = 0; i < c->lane_count; i++)
		wanted = size_add(wanted, c->lanes[i].count);
	if (wanted <= o->capacity)
		return true;
	grown = realloc(o->ends_s, size_mul(wanted, sizeof(*grown)));
	if (grown == NULL)
		return false;
	o->ends_s = grown;
	grown = realloc(o->steps, size_mul(wanted, sizeof(*grown)));
	if (grown == NULL)
		return false;
	o->steps = grown;
	o->capacity = wanted;
	return true;
}

bool optime_run(struct optime *o, const struct optime_stream *streams, size_t stream_count,
    const struct exposure *e, struct err *reterr)
{
	struct clock c = { .exposure = e, .end_s = e->last_s, .out = o };
	bool ok = false;

	assert(stream_count <= OPTIME_STREAMS_MAX);
	o->count = 0;
	o->total = 0;
	o->after = 0;
	o->day_count = 0;
	if (!make_lanes(&c, streams, stream_count) || !make_room(o, &c)) {
		err_set_memory(reterr);
		goto out;
	}
	if (c.lane_count == 0 || last_event(&c) <= c.first_s) {
		ok = true;
		goto out;
	}
	if (!fit(&c, last_event(&c), reterr))
		goto out;
	run(&c, o);
	ok = true;
out:
	profile_release(&c.shape);
	free(c.kept_s);
	return ok;
}

/*
 * Sum of u / sum of w over pairs of neighboring days, u being the squared difference of what was
 * seen beyond expectation and w what it would be of Poisson's. Neighbors share a day, which makes
 * the variance of the ratio half as large again as that of independent pairs.
 */
double optime_dispersion(const double *seen, const double *expected, size_t day_count)
{
	double squares = 0, weights = 0, uu = 0, uw = 0, ww = 0, ratio, spread;

	for (size_t d = 1; d < day_count; d++) {
		double step = seen[d] - expected[d] - (seen[d - 1] - expected[d - 1]);
		double u = step * step, w = expected[d] + expected[d - 1];

		squares += u;
		weights += w;
		uu += u * u;
		uw += u * w;
		ww += w * w;
	}
	if (day_count <= DISPERSION_DAYS || !(weights > 0))
		return 1;
	ratio = squares / weights;
	spread = uu - 2 * ratio * uw + ratio * ratio * ww;
	return double_max(1, ratio + sqrt(1.5 * double_max(spread, 0)) / weights);
}

void optime_release(struct optime *o)
{
	free(o->day_seen);
	free(o->day_expected);
	free(o->ends_s);
	free(o->steps);
	*o = (struct optime){ 0 };
}
