/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A session goes as a block: any of its visits, by chance, is put at a quarter of an hour drawn by
 * the rate of the best zone and what the caches leave of it, and the others keep their distance.
 * (Were it always the first, all others would come late.)
 */
#include "stats/zone_draw.h"

#include <stdlib.h>
#include <string.h>

#include "base/minmax.h"
#include "base/size.h"

#define APART_MAX   4   /* quarters */
#define APART_SHARE .25 /* of the mean distance */

/* The template's value at a quarter of the week in UTC. */
static double value_at(const struct zone_place *zone, bool summer, unsigned quarter)
{
	int shift = (int)zone->offset + ZONE_OFFSET_MIN_QUARTERS + (summer ? 4 : 0);

	return workday_value[workday_level[((int)quarter + shift + WEEK_QUARTERS) % WEEK_QUARTERS]];
}

static bool is_summer(const struct day_grid *g, const struct zone_place *zone, size_t phase)
{
	return g->phases[phase] >> zone->rule & 1;
}

/* Up to how many quarters apart two visits are of one session. */
static unsigned apart(const struct day_grid *g, const struct zone_place *zone)
{
	double working_s = 0;

	for (size_t p = 0; p < g->phase_count; p++)
		for (unsigned q = 0; q < WEEK_QUARTERS; q++)
			working_s += g->live_s[p][q] * value_at(zone, is_summer(g, zone, p), q);
	return (unsigned)double_min(
	    APART_SHARE * working_s / QUARTER_S / double_max(g->visits, 1), APART_MAX);
}

static void find_sessions(struct zone_draw *d, unsigned apart_max)
{
	const struct day_grid *g = d->fit->grid;

	for (size_t i = 0; i < g->day_count; i++) {
		const struct day_grid_day *day = &g->days[i];

		for (size_t j = 0; j < day->mark_count; j++) {
			const struct day_grid_mark *m = &g->marks[day->mark_from + j];
			struct zone_session *s = &d->sessions[d->session_count];

			if (j > 0 && m[-1].stream == m->stream &&
			    (unsigned)(day->live[m->at] - day->live[m[-1].at]) <= apart_max) {
				s[-1].visits += m->count;
				s[-1].mark_count++;
				continue;
			}
			*s = (struct zone_session){ .day = (uint32_t)i,
				.stream = m->stream,
				.visits = m->count,
				.mark_from = day->mark_from + j,
				.mark_count = 1 };
			d->session_count++;
		}
	}
}

static void add_guides(struct zone_rate *r)
{
	const double all = r->upto[WEEK_QUARTERS - 1];
	uint16_t q = 0;

	for (unsigned i = 0; i < ZONE_DRAW_GUIDES; i++) {
		while (q < WEEK_QUARTERS - 1 && r->upto[q] <= (double)i / ZONE_DRAW_GUIDES * all)
			q++;
		r->guide[i] = q;
	}
}

/* Rates of what is seen of a stream in a phase: where a visit stands for many, few are seen. */
static void add_rates(struct zone_draw *d, const struct zone_place *zone, double rise,
    const struct day_grid_weights *weights)
{
	const struct day_grid *g = d->fit->grid;

	for (size_t stream = 0; stream < g->stream_count; stream++)
		for (size_t p = 0; p < g->phase_count; p++) {
			struct zone_rate *r = &d->rates[stream * g->phase_count + p];
			double sum = 0;

			for (unsigned q = 0; q < WEEK_QUARTERS; q++) {
				double rate = 1 + rise * value_at(zone, is_summer(g, zone, p), q);
				unsigned cell = day_grid_cell(q);

				sum += g->live_s[p][q] * rate / weights->of[stream][cell];
				r->upto[q] = sum;
			}
			add_guides(r);
		}
}

bool zone_draw_init(struct zone_draw *d, struct zone_fit *f, const struct zone_likelihood *observed)
{
	const struct day_grid *g = f->grid;
	struct day_grid_weights weights;

	*d = (struct zone_draw){ .fit = f };
	d->sessions = calloc(g->mark_count + 1, sizeof(*d->sessions));
	d->rates = calloc(g->stream_count * g->phase_count + 1, sizeof(*d->rates));
	if (d->sessions == NULL || d->rates == NULL) {
		zone_draw_release(d);
		return false;
	}
	find_sessions(d, apart(g, &observed->best));
	day_grid_add_up(g, NULL, NULL, &f->week);
	day_grid_weigh(g, &f->week, &weights);
	add_rates(d, &observed->best, zone_fit_rise(f, &weights, &observed->best), &weights);
	return true;
}

void zone_draw_release(struct zone_draw *d)
{
	free(d->sessions);
	free(d->rates);
	*d = (struct zone_draw){ .fit = NULL };
}

static unsigned draw_quarter(const struct zone_rate *r, struct philox *random)
{
	double u = philox_uniform(random);
	double at = u * r->upto[WEEK_QUARTERS - 1];
	unsigned q = r->guide[(unsigned)(u * ZONE_DRAW_GUIDES)];

	while (q < WEEK_QUARTERS - 1 && r->upto[q] <= at)
		q++;
	return q;
}

/* The quarter of the day of any of the session's visits. */
static unsigned pick_visit(const struct day_grid_day *day, const struct day_grid_mark *marks,
    struct philox *random, uint32_t visits)
{
	uint32_t left = philox_below(random, visits);

	for (; left >= marks->count; marks++)
		left -= marks->count;
	return day->live[marks->at];
}

void zone_draw_next(struct zone_draw *d, struct philox *random, struct zone_likelihood *ret)
{
	const struct day_grid *g = d->fit->grid;

	memset(
	    d->fit->week.rows, 0, g->stream_count * g->phase_count * sizeof(d->fit->week.rows[0]));
	for (size_t i = 0; i < d->session_count; i++) {
		const struct zone_session *s = &d->sessions[i];
		const struct day_grid_day *day = &g->days[s->day];
		const struct day_grid_mark *marks = &g->marks[s->mark_from];
		size_t row = s->stream * g->phase_count + day->phase;
		unsigned shift = draw_quarter(&d->rates[row], random) + WEEK_QUARTERS -
				 pick_visit(day, marks, random, s->visits);

		for (size_t j = 0; j < s->mark_count; j++)
			d->fit->week.rows[row][(day->live[marks[j].at] + shift) % WEEK_QUARTERS] +=
			    marks[j].count;
	}
	zone_fit_week(d->fit, ret);
}
