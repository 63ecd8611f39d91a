/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Changes, bursts, silences and stops: how often are they seen where there are none, and are
 * planted ones found? Innocent series come from models.c; a step is two of them joined.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "stats/level.h"
#include "stats/fortnight.h"

#include "models.h"

#define SEED        20160504
#define DAYS        142
#define SHORT_COUNT 40
#define LONG_COUNT  2000
#define LEVELS      3
#define TESTS       3
#define LOCATED_S   (3 * DAY_S)
#define FALSE_MAX   .05

static const double levels[LEVELS] = { .05, .01, .001 };
static const char *const test_names[TESTS] = { "burst", "silence", "stop" };

/* Rates before caches, in requests a day at the peak. */
#define CLIENTS(a, b, c) .kind = MODEL_CLIENTS, .shape = (a), .per_day = (b), .ttl_s = (c)

struct row {
	struct model model;
	double step;  /* the rate from day 71 on relative to that before; 0: the same */
	double gone;  /* share of the span, in the end, without contacts */
	double quiet; /* days without contacts from day 60 on */
	double times; /* the rate in the week from day 60 on */
	double power; /* so many of them must be found: a step within 3 days of its place */
};

static const struct row rows[] = {
	{ .model = { .name = "30 at random", CLIENTS(SHAPE_FLAT, .21, 0) } },
	{ .model = { .name = "100 at random", CLIENTS(SHAPE_FLAT, .7, 0) } },
	{ .model = { .name = "300 at random", CLIENTS(SHAPE_FLAT, 2.2, 0) } },
	{ .model = { .name = "1,000 at random", CLIENTS(SHAPE_FLAT, 7.5, 0) } },
	{ .model = { .name = "10,000 at random", CLIENTS(SHAPE_FLAT, 70, 0) } },
	{ .model = { .name = "office, 30", CLIENTS(SHAPE_OFFICE, .8, 0) } },
	{ .model = { .name = "office, 100", CLIENTS(SHAPE_OFFICE, 2.7, 0) } },
	{ .model = { .name = "office, 1,000", CLIENTS(SHAPE_OFFICE, 27, 0) } },
	{ .model = { .name = "office, TTL 1 h, .5 a TTL", CLIENTS(SHAPE_OFFICE, 12, 3600) } },
	{ .model = { .name = "office, TTL 1 h, 2 a TTL", CLIENTS(SHAPE_OFFICE, 48, 3600) } },
	{ .model = { .name = "office, TTL 1 h, 10 a TTL", CLIENTS(SHAPE_OFFICE, 240, 3600) } },
	{ .model = { .name = "office, TTL 1 d", CLIENTS(SHAPE_OFFICE, 24, 86400) } },
	{ .model = { .name = "smooth day, TTL 5 min, bursts",
	      CLIENTS(SHAPE_SMOOTH, 48, 300),
	      .burst = .5,
	      .whole_seconds = true } },
	{ .model = { .name = "3 addresses, TTL 1 h",
	      CLIENTS(SHAPE_OFFICE, 60, 3600),
	      .streams = 3 } },
	{ .model = { .name = "4 caches behind one address",
	      CLIENTS(SHAPE_OFFICE, 100, 3600),
	      .caches = 4 } },
	{ .model = { .name = "prefetch in the last tenth",
	      CLIENTS(SHAPE_OFFICE, 240, 3600),
	      .prefetch = .1 } },
	{ .model = { .name = "sensor outages, TTL 1 h",
	      CLIENTS(SHAPE_OFFICE, 48, 3600),
	      .outages = true } },
	{ .model = { .name = "two weeks, TTL 1 h", CLIENTS(SHAPE_OFFICE, 48, 3600), .days = 14 } },
	{ .model = { .name = "weekdays of unlike level", CLIENTS(SHAPE_WEEKDAYS, 48, 0) } },
	{ .model = { .name = "sessions of people",
	      .kind = MODEL_SESSIONS,
	      .shape = SHAPE_OFFICE,
	      .per_day = 12 } },
	{ .model = { .name = "sessions, few",
	      .kind = MODEL_SESSIONS,
	      .shape = SHAPE_OFFICE,
	      .per_day = 2 } },
	{ .model = { .name = "hourly clock, a fifth missing",
	      .kind = MODEL_CRON,
	      .period_s = 3600,
	      .jitter = .03,
	      .missing = .2 } },
	{ .model = { .name = "once a workday", .kind = MODEL_WORKDAY } },
	{ .model = { .name = "step x2, 1,000 at random", CLIENTS(SHAPE_FLAT, 13, 0) },
	    .step = 2,
	    .power = .9 },
	{ .model = { .name = "step x2, office, 1,000", CLIENTS(SHAPE_OFFICE, 130, 0) },
	    .step = 2,
	    .power = .9 },
	{ .model = { .name = "step x2, office, TTL 1 h", CLIENTS(SHAPE_OFFICE, 60, 3600) },
	    .step = 2,
	    .power = .9 },
	{ .model = { .name = "step x2, 300 at random", CLIENTS(SHAPE_FLAT, 3, 0) },
	    .step = 2,
	    .power = .5 },
	{ .model = { .name = "step x4, 100 at random", CLIENTS(SHAPE_FLAT, 1.15, 0) },
	    .step = 4,
	    .power = .5 },
	{ .model = { .name = "a week x3, office, TTL 1 h", CLIENTS(SHAPE_OFFICE, 24, 3600) },
	    .times = 3,
	    .power = .7 },
	{ .model = { .name = "9 quiet days, office, TTL 1 h", CLIENTS(SHAPE_OFFICE, 24, 3600) },
	    .quiet = 9,
	    .power = .9 },
	{ .model = { .name = "stop 5 days before the end, office, TTL 1 h",
	      CLIENTS(SHAPE_OFFICE, 24, 3600) },
	    .gone = 5.0 / DAYS,
	    .power = .9 },
};

struct tally {
	unsigned drawn;
	unsigned changed;
	unsigned located;
	unsigned found[TESTS][LEVELS];
	double counted;
	double dispersion;
};

struct run {
	unsigned count;
	struct tally tallies[sizeof(rows) / sizeof(rows[0])];
};

/* What is not there from from_s to to_s leaves the series; what is in `add` there comes into it. */
static void replace(
    struct model_series *s, double from_s, double to_s, const struct model_series *add)
{
	for (size_t i = 0; i < s->streams; i++) {
		double *all = malloc(2 * MODEL_EVENTS_MAX * sizeof(*all));
		size_t n = 0, j = 0;

		if (all == NULL)
			abort();
		for (j = 0; j < s->count[i] && s->times_s[i][j] < from_s; j++)
			all[n++] = s->times_s[i][j];
		for (size_t k = 0; add != NULL && k < add->count[i]; k++)
			if (add->times_s[i][k] >= from_s && add->times_s[i][k] < to_s)
				all[n++] = add->times_s[i][k];
		for (; j < s->count[i]; j++)
			if (s->times_s[i][j] >= to_s)
				all[n++] = s->times_s[i][j];
		s->count[i] = n < MODEL_EVENTS_MAX ? n : MODEL_EVENTS_MAX;
		memcpy(s->times_s[i], all, s->count[i] * sizeof(*all));
		free(all);
	}
}

static void plant(const struct row *r, const struct model *m, const struct exposure *e,
    struct philox *random, struct model_series *s, struct model_series *other)
{
	struct model changed = *m;
	double at_s = MODEL_FIRST_S + 60 * DAY_S;

	if (r->step > 0) {
		changed.per_day *= 1 / r->step;
		model_draw(&changed, e, random, other);
		replace(s, 0, MODEL_FIRST_S + m->days / 2 * DAY_S, other);
	}
	if (r->times > 0) {
		changed.per_day *= r->times;
		model_draw(&changed, e, random, other);
		replace(s, at_s, at_s + 7 * DAY_S, other);
	}
	if (r->quiet > 0)
		replace(s, at_s, at_s + r->quiet * DAY_S, NULL);
	if (r->gone > 0)
		replace(s, e->last_s - r->gone * m->days * DAY_S, e->last_s, NULL);
}

static void count(const struct level_result *c, double step_s, struct tally *t)
{
	const double p[TESTS] = { c->p_burst, c->p_silence, c->p_stop };
	bool located = false;

	t->drawn++;
	t->counted += (double)c->counted;
	t->dispersion += c->dispersion;
	for (size_t i = 1; i < c->block_count; i++)
		located = located || fabs(c->blocks[i].from_s - step_s) <= LOCATED_S;
	t->changed += c->block_count != 1;
	t->located += located;
	for (unsigned test = 0; test < TESTS; test++)
		for (unsigned level = 0; level < LEVELS; level++)
			t->found[test][level] += p[test] <= levels[level];
}

static bool draw_and_test(
    const struct row *r, unsigned i, struct model_series s[2], struct tally *t, struct err *reterr)
{
	struct model m = r->model;
	struct optime_stream streams[MODEL_STREAMS_MAX];
	struct level_input in;
	struct level_result c;
	struct exposure e = { .down = NULL };
	struct philox random;
	bool ok;

	m.days = m.days > 0 ? m.days : DAYS;
	if (!model_exposure(&m, &e, reterr))
		return false;
	philox_init(&random, SEED, i, (uint32_t)(r - rows));
	model_draw(&m, &e, &random, &s[0]);
	plant(r, &m, &e, &random, &s[0], &s[1]);
	for (size_t j = 0; j < s[0].streams; j++)
		streams[j] = (struct optime_stream){ s[0].times_s[j], s[0].count[j], m.ttl_s };
	in = (struct level_input){ streams, s[0].streams, &e, SEED, i };
	ok = level_test(&in, &c, reterr);
	if (ok && c.tested)
		count(&c, MODEL_FIRST_S + m.days / 2 * DAY_S, t);
	exposure_release(&e);
	return ok;
}

static bool turn(size_t at, void *context, struct err *reterr)
{
	struct run *run = context;
	struct model_series s[2] = { { .streams = 0 }, { .streams = 0 } };
	bool ok = model_series_new(&s[0]) && model_series_new(&s[1]);

	for (unsigned i = 0; ok && i < run->count; i++)
		ok = draw_and_test(&rows[at], i, s, &run->tallies[at], reterr);
	model_series_free(&s[0]);
	model_series_free(&s[1]);
	return ok;
}

/* Is it rarer than the level, but for three standard errors and two whole counts of chance? */
static bool is_rare(unsigned seen, double level, unsigned drawn)
{
	double mean = level * drawn;

	return seen <= mean + 3 * sqrt(mean) + 2;
}

static bool is_often(unsigned seen, double power, unsigned drawn)
{
	return seen >= power * drawn - 3 * sqrt(power * (1 - power) * drawn);
}

static bool is_as_expected(const struct row *r, const struct tally *t)
{
	bool fine = t->drawn > 0;

	if (r->step > 0)
		return fine && is_often(t->located, r->power, t->drawn);
	if (r->times > 0 || r->quiet > 0 || r->gone > 0) {
		unsigned test = r->times > 0 ? 0 : r->quiet > 0 ? 1 : 2;

		return fine && is_often(t->found[test][1], r->power, t->drawn);
	}
	fine = fine && is_rare(t->changed, FALSE_MAX, t->drawn);
	for (unsigned test = 0; test < TESTS; test++)
		for (unsigned level = 0; level < LEVELS; level++)
			fine = fine && is_rare(t->found[test][level], levels[level], t->drawn);
	return fine;
}

static bool print_row(const struct row *r, const struct tally *t)
{
	bool fine = is_as_expected(r, t);
	double n = t->drawn;

	printf("| %s | %.0f | %.2f | %.3f | ", r->model.name, t->counted / n, t->dispersion / n,
	    t->changed / n);
	if (r->step > 0)
		printf("%.3f |", t->located / n);
	else
		printf("- |");
	for (unsigned test = 0; test < TESTS; test++)
		printf(" %.3f %.3f %.4f |", t->found[test][0] / n, t->found[test][1] / n,
		    t->found[test][2] / n);
	printf(" %s |\n", fine ? "" : "OFF");
	return fine;
}

int main(int argc, char **argv)
{
	static struct run run;
	struct err err;
	bool fine = true;

	run.count = argc > 1 && strcmp(argv[1], "--long") == 0 ? LONG_COUNT : SHORT_COUNT;
	if (argc > 2)
		run.count = (unsigned)strtoul(argv[2], NULL, 10);
	if (!parallel_for(
		parallel_default_jobs(), sizeof(rows) / sizeof(rows[0]), turn, &run, &err)) {
		fprintf(stderr, "%s\n", err.text);
		return 2;
	}
	printf("%u series a row, seed %d\n\n", run.count, SEED);
	printf("| series | counted | dispersion | with a change | located |");
	for (unsigned test = 0; test < TESTS; test++)
		printf(" p_%s <= .05 .01 .001 |", test_names[test]);
	puts(" |\n|---|---|---|---|---|---|---|---|---|");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		fine = print_row(&rows[i], &run.tallies[i]) && fine;
	return fine ? 0 : 1;
}
