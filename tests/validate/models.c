/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The generators are written from the mechanisms, not from the tests' null: requests come by
 * thinning of a smooth rate, and pass through explicit cache states.
 */
#include "models.h"

#include <math.h>
#include <stdlib.h>

#include "base/stamp.h"

#define DAY_S      86400.0
#define CACHES_MAX 16

static int double_cmp(const void *a, const void *b)
{
	const double *x = a;
	const double *y = b;

	return (*x > *y) - (*x < *y);
}

bool model_series_new(struct model_series *s)
{
	*s = (struct model_series){ 0 };
	for (size_t i = 0; i < MODEL_STREAMS_MAX; i++) {
		s->times_s[i] = malloc(MODEL_EVENTS_MAX * sizeof(double));
		if (s->times_s[i] == NULL) {
			model_series_free(s);
			return false;
		}
	}
	return true;
}

void model_series_free(struct model_series *s)
{
	for (size_t i = 0; i < MODEL_STREAMS_MAX; i++)
		free(s->times_s[i]);
}

bool model_exposure(const struct model *m, struct exposure *ret, struct err *reterr)
{
	struct interval down[3];
	double last_s = MODEL_FIRST_S + m->days * DAY_S;

	for (unsigned i = 0; i < 3; i++)
		down[i] =
		    (struct interval){ MODEL_FIRST_S + m->days * DAY_S * (.2 + .3 * i) + 5000 * i,
			    MODEL_FIRST_S + m->days * DAY_S * (.21 + .3 * i) + 5000 * i };
	return exposure_declare(MODEL_FIRST_S, last_s, down, m->outages ? 3 : 0, ret, reterr);
}

/* Share of the peak rate at a time. */
static double shape_at(const struct model *m, double t_s)
{
	int64_t day = (int64_t)floor(t_s / DAY_S);
	double hour = (t_s - (double)day * DAY_S) / 3600;
	unsigned weekday = stamp_weekday(day);
	double office = weekday < 5 && hour >= 9 && hour < 18 ? 1 : .02;
	double into = (t_s - MODEL_FIRST_S) / DAY_S;

	switch (m->shape) {
	case SHAPE_OFFICE:
		return office;
	case SHAPE_EVENING:
		return hour >= 16.5 && hour < 23.5 ? 1 : .02;
	case SHAPE_WEEKDAYS:
		return office * (1 - .2 * (double)((weekday * 3) % 5));
	case SHAPE_HOLIDAYS:
		if ((into > .3 * m->days && into < .3 * m->days + 14) || (int64_t)into % 29 == 12)
			return 0;
		return office;
	case SHAPE_TREND:
		return office * pow(8, into / m->days - 1);
	case SHAPE_SMOOTH:
		return .5 + .5 * cos((hour - 13.5) / 24 * 2 * 3.141592653589793);
	case SHAPE_FLAT:
		break;
	}
	return 1;
}

static void put(struct model_series *s, size_t stream, double t_s)
{
	if (s->count[stream] < MODEL_EVENTS_MAX)
		s->times_s[stream][s->count[stream]++] = t_s;
}

/* A request reaches a stream's cache at random; what that cache lacks is fetched, and seen. */
static void request(const struct model *m, double t_s, double *expires_s, struct philox *random,
    struct model_series *ret)
{
	unsigned caches = m->caches > 0 ? m->caches : 1;
	size_t stream = ret->streams > 1 ? philox_below(random, (uint32_t)ret->streams) : 0;
	double *expiry_s =
	    &expires_s[stream * CACHES_MAX + (caches > 1 ? philox_below(random, caches) : 0)];

	if (t_s < *expiry_s - m->prefetch * m->ttl_s)
		return;
	*expiry_s = t_s + m->ttl_s;
	put(ret, stream, t_s);
	for (double follow_s = t_s; philox_uniform(random) < m->burst;)
		put(ret, stream, follow_s += 5 * philox_exponential(random));
}

static void draw_clients(const struct model *m, struct philox *random, struct model_series *ret)
{
	double expires_s[MODEL_STREAMS_MAX * CACHES_MAX] = { 0 };
	double t_s = MODEL_FIRST_S, end_s = MODEL_FIRST_S + m->days * DAY_S;

	while ((t_s += philox_exponential(random) * DAY_S / m->per_day) < end_s)
		if (philox_uniform(random) < shape_at(m, t_s))
			request(m, t_s, expires_s, random, ret);
}

/* Sessions begin as requests do; in one, visits follow each other after minutes. */
static void draw_sessions(const struct model *m, struct philox *random, struct model_series *ret)
{
	double t_s = MODEL_FIRST_S, end_s = MODEL_FIRST_S + m->days * DAY_S;

	while ((t_s += philox_exponential(random) * DAY_S / m->per_day) < end_s) {
		double visit_s = t_s;

		if (philox_uniform(random) > shape_at(m, t_s))
			continue;
		do
			put(ret, 0, visit_s);
		while (philox_uniform(random) < .8 &&
		       (visit_s += 300 * philox_exponential(random)) < end_s);
	}
}

/* One visit per period of `every` days, at a random second of [from, from + width) hours. */
static void draw_daily(const struct model *m, unsigned every, double from_h, double width_h,
    struct philox *random, struct model_series *ret)
{
	for (double day = 0; day < m->days; day += every) {
		double t_s = MODEL_FIRST_S + day * DAY_S +
			     3600 * (from_h + width_h * philox_uniform(random));

		if (m->kind == MODEL_WORKDAY && stamp_weekday((int64_t)floor(t_s / DAY_S)) >= 5)
			continue;
		if (philox_uniform(random) >= m->missing)
			put(ret, 0, t_s);
	}
}

static void draw_beats(const struct model *m, struct philox *random, struct model_series *ret)
{
	double beat_s = MODEL_FIRST_S + m->period_s * philox_uniform(random);
	double end_s = MODEL_FIRST_S + m->days * DAY_S;

	for (size_t beat = 0; beat_s < end_s; beat++) {
		double off_s = m->jitter * m->period_s * (2 * philox_uniform(random) - 1);
		double t_s = m->kind == MODEL_CRON ? beat_s + off_s : beat_s;
		bool kept = philox_uniform(random) >= m->missing;

		if (m->shape != SHAPE_FLAT)
			kept = kept && philox_uniform(random) < shape_at(m, t_s);
		if (kept && t_s >= MODEL_FIRST_S && t_s < end_s)
			put(ret, beat % ret->streams, t_s);
		beat_s += m->period_s + (m->kind == MODEL_TIMER ? off_s : 0);
	}
}

/* By how much the sensor's clock is ahead; weeks names the errors of a clock that is set anew. */
static double clock_error(const struct model *m, double t_s, uint64_t weeks)
{
	double days = (t_s - MODEL_FIRST_S) / DAY_S;
	struct philox random;

	if (m->steps_s <= 0)
		return m->gains_s * days;
	philox_init(&random, weeks, (uint64_t)(days / 7), 0);
	return m->steps_s * (2 * philox_uniform(&random) - 1);
}

/* Leave out what the sensor did not see, misread, round, sort. */
static void observe(
    const struct model *m, const struct exposure *e, struct philox *random, struct model_series *s)
{
	uint64_t weeks = m->steps_s > 0 ? philox_u64(random) : 0;

	for (size_t i = 0; i < s->streams; i++) {
		size_t kept = 0;

		for (size_t j = 0; j < s->count[i]; j++) {
			double t_s = s->times_s[i][j];
			size_t outage = exposure_outage_after(e, t_s);

			if (outage < e->down_count && t_s >= e->down[outage].from_s)
				continue;
			t_s += clock_error(m, t_s, weeks);
			if (t_s < MODEL_FIRST_S || t_s >= MODEL_FIRST_S + m->days * DAY_S)
				continue;
			s->times_s[i][kept++] =
			    m->whole_seconds ? floor(t_s) + philox_uniform(random) : t_s;
		}
		s->count[i] = kept;
		qsort(s->times_s[i], kept, sizeof(double), double_cmp);
	}
}

void model_draw(const struct model *m, const struct exposure *e, struct philox *random,
    struct model_series *ret)
{
	ret->streams = m->streams > 0 ? m->streams : 1;
	for (size_t i = 0; i < ret->streams; i++)
		ret->count[i] = 0;
	switch (m->kind) {
	case MODEL_CLIENTS:
		draw_clients(m, random, ret);
		break;
	case MODEL_SESSIONS:
		draw_sessions(m, random, ret);
		break;
	case MODEL_WORKDAY:
		draw_daily(m, 1, 9, 9, random, ret);
		break;
	case MODEL_DAILY:
		draw_daily(m, 1, 0, 24, random, ret);
		break;
	case MODEL_WEEKLY:
		draw_daily(m, 7, 0, 24, random, ret);
		break;
	case MODEL_TIMER:
	case MODEL_CRON:
		draw_beats(m, random, ret);
		break;
	}
	observe(m, e, random, ret);
}
