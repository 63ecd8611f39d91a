/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A quarter of an hour is the grain of zones, and fine enough for working hours; with it a turn of
 * all days costs as many additions as there are quarters with a visit, however many visits.
 */
#include "stats/day_grid.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/size.h"
#include "base/stamp.h"
#include "stats/fortnight.h"

#define WEEK_HOURS 168

static int64_t day_of(double t_s)
{
	return round_down(t_s / DAY_S);
}

static uint8_t summers_of(int64_t day)
{
	unsigned bits = 0;

	for (unsigned rule = 0; rule < ZONE_RULES; rule++)
		bits |= (unsigned)zone_is_summer((enum zone_rule)rule, day) << rule;
	return (uint8_t)bits;
}

static uint8_t phase_index(struct day_grid *g, uint8_t phase)
{
	size_t i = 0;

	while (i < g->phase_count && g->phases[i] != phase)
		i++;
	if (i == g->phase_count)
		g->phases[g->phase_count++] = phase;
	return (uint8_t)i;
}

static void open_day(struct day_grid *g, size_t i, const struct exposure *e)
{
	struct day_grid_day *d = &g->days[i];
	int64_t day = g->first_day + (int64_t)i;

	d->weekday = (uint8_t)stamp_weekday(day);
	d->phase = phase_index(g, summers_of(day));
	for (unsigned q = 0; q < DAY_QUARTERS; q++) {
		double from_s = (double)day * DAY_S + q * QUARTER_S;
		double live_s = exposure_live(e, from_s, from_s + QUARTER_S);

		if (live_s <= 0)
			continue;
		d->live[d->live_count++] = (uint8_t)q;
		g->live_s[d->phase][d->weekday * DAY_QUARTERS + q] += live_s;
		g->live_cells_s[day_grid_cell(d->weekday * DAY_QUARTERS + q)] += live_s;
	}
}

/* The first and the last day of any visit, no more than DAY_GRID_DAYS_MAX apart. */
static size_t count_days(const struct day_grid_stream *streams, size_t count, int64_t *ret_first)
{
	int64_t first = INT64_MAX, last = INT64_MIN;

	for (size_t i = 0; i < count; i++) {
		const struct day_grid_stream *s = &streams[i];

		if (s->count == 0)
			continue;
		if (day_of(s->starts_s[0]) < first)
			first = day_of(s->starts_s[0]);
		if (day_of(s->starts_s[s->count - 1]) > last)
			last = day_of(s->starts_s[s->count - 1]);
	}
	if (first > last)
		return 0;
	if (last - first >= DAY_GRID_DAYS_MAX)
		first = last - DAY_GRID_DAYS_MAX + 1;
	*ret_first = first;
	return (size_t)(last - first) + 1;
}

/* The visits of one stream on one day, from its visit *at on, which is moved past them. */
static void mark_day(struct day_grid *g, struct day_grid_day *d, int64_t day, size_t stream,
    const struct day_grid_stream *s, size_t *at)
{
	unsigned index = 0;
	struct day_grid_mark *last = NULL;

	for (; *at < s->count && day_of(s->starts_s[*at]) == day; (*at)++) {
		double in_day_s = s->starts_s[*at] - (double)day * DAY_S;
		unsigned q = (unsigned)(in_day_s / QUARTER_S);

		while (index < d->live_count && d->live[index] < q)
			index++;
		if (index == d->live_count || d->live[index] != q)
			continue;
		if (last == NULL || last->at != index) {
			last = &g->marks[g->mark_count++];
			*last = (struct day_grid_mark){ (uint8_t)stream, (uint8_t)index, 0 };
			d->mark_count++;
		}
		last->count++;
		d->visits++;
		g->visits++;
	}
}

bool day_grid_make(const struct day_grid_stream *streams, size_t stream_count,
    const struct exposure *e, struct day_grid *ret, struct err *reterr)
{
	size_t next[DAY_GRID_STREAMS_MAX] = { 0 };
	size_t visits = 0;

	*ret = (struct day_grid){ .stream_count = stream_count };
	ret->day_count = count_days(streams, stream_count, &ret->first_day);
	for (size_t i = 0; i < stream_count; i++) {
		const struct day_grid_stream *s = &streams[i];

		ret->dead_s[i] = fmin(s->dead_s, DAY_S);
		visits += s->count;
		while (next[i] < s->count && day_of(s->starts_s[next[i]]) < ret->first_day)
			next[i]++;
	}
	ret->days = calloc(ret->day_count + 1, sizeof(*ret->days));
	ret->marks = calloc(size_add(visits, 1), sizeof(*ret->marks));
	if (ret->days == NULL || ret->marks == NULL) {
		day_grid_release(ret);
		err_set_memory(reterr);
		return false;
	}
	for (size_t day = 0; day < ret->day_count; day++) {
		open_day(ret, day, e);
		ret->days[day].mark_from = ret->mark_count;
		for (size_t i = 0; i < stream_count; i++)
			mark_day(ret, &ret->days[day], ret->first_day + (int64_t)day, i,
			    &streams[i], &next[i]);
	}
	return true;
}

void day_grid_release(struct day_grid *g)
{
	free(g->days);
	free(g->marks);
	*g = (struct day_grid){ 0 };
}

void day_grid_add_up(
    const struct day_grid *g, const uint8_t *turn, const uint16_t *times, struct day_grid_week *ret)
{
	memset(ret->rows, 0, g->stream_count * g->phase_count * sizeof(ret->rows[0]));
	for (size_t i = 0; i < g->day_count; i++) {
		const struct day_grid_day *d = &g->days[i];
		double weight = times == NULL ? 1 : times[i];
		unsigned by = turn == NULL ? 0 : turn[i];

		for (size_t j = 0; j < d->mark_count; j++) {
			const struct day_grid_mark *m = &g->marks[d->mark_from + j];
			unsigned at = m->at + by;
			double *row = ret->rows[m->stream * g->phase_count + d->phase];

			if (at >= d->live_count)
				at -= d->live_count;
			row[d->weekday * DAY_QUARTERS + d->live[at]] += weight * m->count;
		}
	}
}

/* The integral from 0 to y of min(z, 1): how a visit anywhere in hour 0 begins to block. */
static double ramp(double y)
{
	if (y <= 0)
		return 0;
	return y < 1 ? y * y / 2 : y - .5;
}

/* Hours blocked in each cell, by visits at a random minute of their hour. */
static void block(
    const double hours[static WEEK_HOURS], double dead_h, double ret[static CELL_COUNT])
{
	memset(ret, 0, CELL_COUNT * sizeof(*ret));
	for (unsigned later = 0; later < dead_h + 1; later++) {
		double share =
		    ramp(later + 1) - ramp(later) - ramp(later + 1 - dead_h) + ramp(later - dead_h);

		for (unsigned h = 0; h < WEEK_HOURS; h++)
			ret[day_grid_cell(4 * ((h + later) % WEEK_HOURS))] += share * hours[h];
	}
}

void day_grid_weigh(
    const struct day_grid *g, const struct day_grid_week *week, struct day_grid_weights *ret)
{
	for (size_t s = 0; s < g->stream_count; s++) {
		double hours[WEEK_HOURS] = { 0 };
		double blocked_h[CELL_COUNT];

		for (unsigned c = 0; c < CELL_COUNT; c++)
			ret->of[s][c] = 1;
		if (g->dead_s[s] <= 0)
			continue;
		for (size_t p = 0; p < g->phase_count; p++)
			for (unsigned q = 0; q < WEEK_QUARTERS; q++)
				hours[q / 4] += week->rows[s * g->phase_count + p][q];
		block(hours, g->dead_s[s] / HOUR_S, blocked_h);
		for (unsigned c = 0; c < CELL_COUNT; c++) {
			double open = 1 - blocked_h[c] * HOUR_S / fmax(g->live_cells_s[c], 1);

			ret->of[s][c] = 1 / fmax(open, 1 / DAY_GRID_WEIGHT_MAX);
		}
	}
}

void day_grid_merge(const struct day_grid *g, const struct day_grid_week *week,
    const struct day_grid_weights *weights, double (*ret)[WEEK_QUARTERS])
{
	memset(ret, 0, g->phase_count * sizeof(*ret));
	for (size_t s = 0; s < g->stream_count; s++)
		for (size_t p = 0; p < g->phase_count; p++) {
			const double *row = week->rows[s * g->phase_count + p];

			for (unsigned q = 0; q < WEEK_QUARTERS; q++)
				ret[p][q] += weights->of[s][day_grid_cell(q)] * row[q];
		}
}

void day_grid_localize(const struct day_grid *g, enum zone_rule rule,
    const double (*by_phase)[WEEK_QUARTERS], double ret[static WEEK_QUARTERS])
{
	memset(ret, 0, WEEK_QUARTERS * sizeof(*ret));
	for (size_t p = 0; p < g->phase_count; p++) {
		unsigned on = (g->phases[p] >> rule & 1) * 4;

		for (unsigned q = 0; q < WEEK_QUARTERS; q++)
			ret[(q + on) % WEEK_QUARTERS] += by_phase[p][q];
	}
}

bool day_grid_has_change(const struct day_grid *g, enum zone_rule rule)
{
	bool on = false, off = false;

	for (size_t p = 0; p < g->phase_count; p++) {
		on = on || (g->phases[p] >> rule & 1) == 1;
		off = off || (g->phases[p] >> rule & 1) == 0;
	}
	return on && off;
}
