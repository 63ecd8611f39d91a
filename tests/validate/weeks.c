/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weeks.h"

#include <math.h>
#include <stdlib.h>

#include "base/stamp.h"
#include "stats/fortnight.h"

#define FIRST_S ((double)WEEKS_FIRST_DAY * DAY_S)

struct drawn {
	double *times_s;
	size_t count;
	double end_s;
};

static int double_cmp(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void put(struct drawn *d, double t_s)
{
	if (t_s >= FIRST_S && t_s < d->end_s && d->count < WEEKS_VISITS_MAX)
		d->times_s[d->count++] = t_s;
}

/* Written out anew, as a continuous curve: not the table of the test. */
static double working(double hour)
{
	if (hour < 8 || hour >= 19)
		return 0;
	if (hour < 9)
		return hour - 8;
	if (hour >= 18)
		return 19 - hour;
	return hour >= 13 && hour < 14 ? .7 : 1;
}

struct local {
	double hour;
	bool weekend;
};

static struct local local_of(double t_s, int offset_min, enum zone_rule rule)
{
	double local_s = t_s + 60.0 * offset_min;
	int64_t day;

	/* the change is at two in the night of local standard time */
	if (zone_is_summer(rule, (int64_t)floor((local_s - 7200) / DAY_S)))
		local_s += 3600;
	day = (int64_t)floor(local_s / DAY_S);
	return (struct local){ (local_s - (double)day * DAY_S) / 3600, stamp_weekday(day) >= 5 };
}

static double office(double t_s, int offset_min, enum zone_rule rule)
{
	struct local l = local_of(t_s, offset_min, rule);

	return l.weekend ? 0 : working(l.hour);
}

/* Share of the peak rate. */
static double rate(const struct week_model *m, double t_s, bool second)
{
	double here = office(t_s, m->offset_min, m->rule);
	struct local l = local_of(t_s, m->offset_min, m->rule);

	if (m->kind == WEEK_EARLY)
		return office(t_s, m->offset_min + 60, m->rule);
	if (m->kind == WEEK_SQUARE)
		return !l.weekend && l.hour >= 9 && l.hour < 17 ? 1 : 0;
	if (m->kind == WEEK_BOTH && second)
		return office(t_s, m->other_min, m->rule);
	if (m->kind == WEEK_OVERLAP)
		return here * office(t_s, m->other_min, m->rule);
	if (m->kind == WEEK_EVENING)
		return l.hour < (l.weekend ? 10 : 18) || l.hour >= 23 ? 0 : 1;
	if (m->kind == WEEK_MIMIC) /* nights at a fifth, weekends at a third of the days */
		return (.2 + .8 * working(l.hour)) * (l.weekend ? 1 / 3.0 : 1);
	return here;
}

static void draw_by_rate(const struct week_model *m, struct philox *random, struct drawn *d)
{
	unsigned group = m->kind == WEEK_GROUPS ? 4 : 1;
	double span_s = d->end_s - FIRST_S;
	double goal = 0;

	while ((goal += philox_exponential(random)) < m->visits / group) {
		bool background = philox_uniform(random) < m->background;
		bool second = philox_uniform(random) < .5;
		double t_s;

		do
			t_s = FIRST_S + span_s * philox_uniform(random);
		while (!background && philox_uniform(random) > rate(m, t_s, second));
		put(d, t_s);
		for (unsigned i = 1; i < group; i++)
			put(d, t_s + 3600 * (philox_uniform(random) - .5));
	}
}

/* Requests by the rate, five an hour at its peak, behind a cache of an hour. */
static void draw_cached_office(const struct week_model *m, struct philox *random, struct drawn *d)
{
	double expires_s = 0;

	for (double t_s = FIRST_S; t_s < d->end_s; t_s += 720 * philox_exponential(random)) {
		double share = m->background + (1 - m->background) * rate(m, t_s, false);

		if (t_s < expires_s || philox_uniform(random) > share)
			continue;
		put(d, t_s);
		expires_s = t_s + 3600;
	}
}

/* count runs at any time, each of `visits` visits within length_s. */
static void draw_runs(
    unsigned count, unsigned visits, double length_s, struct philox *random, struct drawn *d)
{
	for (unsigned i = 0; i < count; i++) {
		double from_s = FIRST_S + (d->end_s - FIRST_S) * philox_uniform(random);

		for (unsigned j = 0; j < visits; j++)
			put(d, from_s + length_s * philox_uniform(random));
	}
}

static void draw_steps(const struct week_model *m, struct philox *random, struct drawn *d)
{
	for (double t_s = FIRST_S; t_s < d->end_s;) {
		if (m->kind == WEEK_CACHED) {
			t_s += 3600 + 1800 * philox_exponential(random);
			put(d, t_s);
		} else if (m->kind == WEEK_STEADY) {
			t_s += 3600;
			put(d, t_s + 180 * philox_normal(random));
		} else {
			put(d, t_s + 3.0 * 3600 + 600 * philox_uniform(random));
			t_s += DAY_S;
		}
	}
}

size_t week_draw(const struct week_model *m, struct philox *random, double *ret_s)
{
	struct drawn d = { .times_s = ret_s, .end_s = FIRST_S + m->days * DAY_S };

	switch (m->kind) {
	case WEEK_BURSTS:
		draw_runs(40, 15, 1200, random, &d);
		break;
	case WEEK_SESSIONS:
		draw_runs(100, 6, 3 * 3600, random, &d);
		break;
	case WEEK_CAMPAIGNS:
		draw_runs(8, 40, 2 * DAY_S, random, &d);
		break;
	case WEEK_CACHED:
	case WEEK_STEADY:
	case WEEK_NIGHTLY:
		draw_steps(m, random, &d);
		break;
	case WEEK_CACHED_OFFICE:
		draw_cached_office(m, random, &d);
		break;
	case WEEK_OFFICE:
	case WEEK_GROUPS:
	case WEEK_EARLY:
	case WEEK_SQUARE:
	case WEEK_BOTH:
	case WEEK_OVERLAP:
	case WEEK_EVENING:
	case WEEK_MIMIC:
		draw_by_rate(m, random, &d);
		break;
	}
	qsort(d.times_s, d.count, sizeof(*d.times_s), double_cmp);
	return d.count;
}
