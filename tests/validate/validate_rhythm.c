/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Are p_gap and p_days what they say? Every row draws many series of known origin. Innocent rows
 * must not be rejected more often than the level says, planted rows must be found; the program
 * ends with 1 where one is off. docs/validation.md holds the last run with --long.
 *
 *   validate-rhythm [--long [SERIES SURROGATES [PART OF A ROW'S NAME]]]
 *
 * SERIES and SURROGATES are numbers of series a row, for the bound and for the p by surrogates. A
 * row's series do not hang on which other rows are drawn, so several processes may share the table.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "models.h"
#include "stats/rhythm.h"

#define SEED            20160504
#define SHORT_COUNT     60 /* series a row for the analytic p */
#define LONG_COUNT      2000
#define LONG_SURROGATES 1000 /* series a row for the surrogates' p */
#define LEVELS          3
#define SURROGATES      1999
#define HIDDEN          -1 /* said_ttl_s: the log does not say */

static const double levels[LEVELS] = { .05, .01, .001 };

enum origin {
	INNOCENT,
	PLANTED_GAPS, /* p_gap must find it */
	PLANTED_DAYS, /* p_days must find it */
	PLANTED_BOTH,
};

struct row {
	enum origin origin;
	double power;    /* share of planted series to be found at .001 by the analytic p */
	bool surrogates; /* also by surrogates */
	struct model model;
};

#define CLIENTS(n, s, d, r, t)                                                                     \
	.name = n, .kind = MODEL_CLIENTS, .shape = s, .days = d, .per_day = r, .ttl_s = t
#define PLANT(n, k, d) .name = n, .kind = k, .days = d

static const struct row rows[] = {
	{ INNOCENT, 0, true, { CLIENTS("Poisson, 12 visits", SHAPE_FLAT, 142, .085, 0) } },
	{ INNOCENT, 0, true, { CLIENTS("Poisson, 30 visits", SHAPE_FLAT, 142, .21, 0) } },
	{ INNOCENT, 0, true, { CLIENTS("Poisson, 300 visits", SHAPE_FLAT, 142, 2.1, 0) } },
	{ INNOCENT, 0, true, { CLIENTS("Poisson, 300 visits in 7 days", SHAPE_FLAT, 7, 43, 0) } },
	{ INNOCENT, 0, true, { CLIENTS("Poisson, 20 visits in 4 days", SHAPE_FLAT, 4, 5, 0) } },
	{ INNOCENT, 0, false, { CLIENTS("Poisson, 1500 visits", SHAPE_FLAT, 142, 10.6, 0) } },
	{ INNOCENT, 0, true, { CLIENTS("office, 30 visits", SHAPE_OFFICE, 142, .75, 0) } },
	{ INNOCENT, 0, true, { CLIENTS("office, 300 visits", SHAPE_OFFICE, 142, 7.5, 0) } },
	{ INNOCENT, 0, true, { CLIENTS("smooth day, 300 visits", SHAPE_SMOOTH, 142, 4.2, 0) } },
	{ INNOCENT, 0, false, { CLIENTS("cache lT=.5, 24/7", SHAPE_FLAT, 142, 12, 3600) } },
	{ INNOCENT, 0, false, { CLIENTS("cache lT=2, 24/7", SHAPE_FLAT, 142, 48, 3600) } },
	{ INNOCENT, 0, false, { CLIENTS("cache lT=10, 24/7", SHAPE_FLAT, 142, 240, 3600) } },
	{ INNOCENT, 0, false,
	    { CLIENTS("cache lT=200, whole seconds", SHAPE_FLAT, 142, 4800, 3600),
		.whole_seconds = true } },
	{ INNOCENT, 0, true, { CLIENTS("cache lT=.5, office", SHAPE_OFFICE, 142, 12, 3600) } },
	{ INNOCENT, 0, true, { CLIENTS("cache lT=2, office", SHAPE_OFFICE, 142, 48, 3600) } },
	{ INNOCENT, 0, true,
	    { CLIENTS("cache lT=10, office, 14 days", SHAPE_OFFICE, 14, 240, 3600) } },
	{ INNOCENT, 0, false, { CLIENTS("cache lT=10, office", SHAPE_OFFICE, 142, 240, 3600) } },
	{ INNOCENT, 0, false,
	    { CLIENTS("2 caches lT=2", SHAPE_FLAT, 142, 96, 3600), .caches = 2 } },
	{ INNOCENT, 0, false,
	    { CLIENTS("2 caches lT=2, office", SHAPE_OFFICE, 142, 96, 3600), .caches = 2 } },
	{ INNOCENT, 0, false,
	    { CLIENTS("4 caches lT=.5", SHAPE_FLAT, 142, 48, 3600), .caches = 4 } },
	{ INNOCENT, 0, false,
	    { CLIENTS("4 caches lT=2", SHAPE_FLAT, 142, 192, 3600), .caches = 4 } },
	{ INNOCENT, 0, false,
	    { CLIENTS("4 caches lT=10", SHAPE_FLAT, 142, 960, 3600), .caches = 4 } },
	{ INNOCENT, 0, false,
	    { CLIENTS("16 caches lT=2", SHAPE_FLAT, 30, 768, 3600), .caches = 16 } },
	{ INNOCENT, 0, false,
	    { CLIENTS("prefetch, lT=10", SHAPE_FLAT, 142, 240, 3600), .prefetch = .1 } },
	{ INNOCENT, 0, false,
	    { CLIENTS("prefetch, lT=100", SHAPE_FLAT, 142, 2400, 3600), .prefetch = .1 } },
	{ INNOCENT, 0, false,
	    { CLIENTS("TTL 86400 capped at 3600, lT=1", SHAPE_FLAT, 142, 24, 3600),
		.said_ttl_s = 86400 } },
	{ INNOCENT, 0, false,
	    { CLIENTS("TTL hidden, lT=.5", SHAPE_FLAT, 142, 12, 3600), .said_ttl_s = HIDDEN } },
	{ INNOCENT, 0, false,
	    { CLIENTS("TTL hidden, lT=10", SHAPE_FLAT, 142, 240, 3600), .said_ttl_s = HIDDEN } },
	{ INNOCENT, 0, false,
	    { CLIENTS("TTL 3600 in the log, no cache", SHAPE_FLAT, 142, 48, 0),
		.said_ttl_s = 3600 } },
	{ INNOCENT, 0, true,
	    { .name = "sessions, office",
		.kind = MODEL_SESSIONS,
		.shape = SHAPE_OFFICE,
		.days = 142,
		.per_day = 2 } },
	{ INNOCENT, 0, false,
	    { CLIENTS("each weekday its own level", SHAPE_WEEKDAYS, 142, 20, 300) } },
	{ INNOCENT, 0, false, { CLIENTS("holidays", SHAPE_HOLIDAYS, 142, 20, 300) } },
	{ INNOCENT, 0, false, { CLIENTS("trend x8", SHAPE_TREND, 142, 30, 300) } },
	{ INNOCENT, 0, true,
	    { CLIENTS("sensor outages", SHAPE_OFFICE, 142, 10, 300), .outages = true } },
	{ INNOCENT, 0, false,
	    { CLIENTS("bursts behind a cache lT=.7", SHAPE_FLAT, 142, 17, 3600), .burst = .55,
		.whole_seconds = true } },
	{ INNOCENT, 0, false,
	    { CLIENTS("every 20 s, no cache, 5 days", SHAPE_FLAT, 5, 4320, 0),
		.whole_seconds = true } },
	{ INNOCENT, 0, true,
	    { CLIENTS("union of 3 addresses lT=.5, office", SHAPE_OFFICE, 60, 36, 3600),
		.streams = 3 } },
	{ INNOCENT, 0, false,
	    { CLIENTS("union of 3 addresses lT=10", SHAPE_FLAT, 60, 720, 3600), .streams = 3 } },
	{ INNOCENT, 0, false,
	    { CLIENTS("union of 8 addresses lT=.1", SHAPE_FLAT, 142, 20, 3600), .streams = 8 } },
	{ PLANTED_BOTH, .99, true,
	    { PLANT("once a workday", MODEL_WORKDAY, 142), .said_ttl_s = 3600 } },
	{ PLANTED_DAYS, .95, false,
	    { PLANT("once a workday, six weeks", MODEL_WORKDAY, 42), .said_ttl_s = 3600 } },
	{ PLANTED_DAYS, .95, false,
	    { PLANT("once a workday, 30 % missing", MODEL_WORKDAY, 142), .said_ttl_s = 3600,
		.missing = .3 } },
	{ PLANTED_GAPS, .95, true,
	    { PLANT("daily at a random minute", MODEL_DAILY, 142), .said_ttl_s = 3600 } },
	{ PLANTED_GAPS, .95, false, { PLANT("weekly", MODEL_WEEKLY, 300), .said_ttl_s = 3600 } },
	{ PLANTED_BOTH, .99, false,
	    { PLANT("timer 5000 s +-20 %, TTL 300", MODEL_TIMER, 142), .period_s = 5000,
		.jitter = .2, .said_ttl_s = 300 } },
	{ PLANTED_BOTH, .99, false,
	    { PLANT("timer 5000 s +-20 %, TTL 3600", MODEL_TIMER, 142), .period_s = 5000,
		.jitter = .2, .said_ttl_s = 3600 } },
	{ PLANTED_GAPS, .99, false,
	    { PLANT("hourly, 20 % missing, jitter 5 %", MODEL_CRON, 142), .period_s = 3600,
		.jitter = .05, .missing = .2, .said_ttl_s = 300 } },
	{ PLANTED_GAPS, .99, false,
	    { PLANT("hourly, 50 % missing, jitter 5 %", MODEL_CRON, 142), .period_s = 3600,
		.jitter = .05, .missing = .5, .said_ttl_s = 300 } },
	{ PLANTED_GAPS, .99, false,
	    { PLANT("hourly, 50 % missing, jitter 50 %", MODEL_CRON, 142), .period_s = 3600,
		.jitter = .5, .missing = .5, .said_ttl_s = 300 } },
	{ PLANTED_GAPS, 0, false,
	    { PLANT("hourly behind a cache of an hour", MODEL_CRON, 142), .period_s = 3600,
		.jitter = .05, .missing = .2, .ttl_s = 3600 } },
};

struct tally {
	unsigned drawn;
	unsigned gap[LEVELS];
	unsigned days[LEVELS];
	double visits;
	double gap_cv;
	double days_ratio;
	double *p_gap; /* for Kolmogorov and Smirnov */
	double *p_days;
};

struct run {
	unsigned analytic_count;
	unsigned surrogate_count;
	const char *only; /* rows whose name has this, or NULL */
	struct tally analytic[COUNT_OF(rows)];
	struct tally surrogate[COUNT_OF(rows)];
};

static void count_p(struct tally *t, const struct rhythm_result *r)
{
	for (unsigned i = 0; i < LEVELS; i++) {
		t->gap[i] += r->p_gap <= levels[i];
		t->days[i] += r->p_days <= levels[i];
	}
	t->gap_cv += isfinite(r->gap_cv) ? r->gap_cv : 0;
	t->days_ratio += isfinite(r->days_ratio) ? r->days_ratio : 0;
	t->p_gap[t->drawn] = r->p_gap;
	t->p_days[t->drawn] = r->p_days;
	t->drawn++;
}

static bool draw_and_test(size_t at, unsigned i, bool by_surrogates, const struct exposure *e,
    struct model_series *s, struct rhythm_work *w, struct tally *t, struct err *reterr)
{
	static const struct monte_carlo_plan plan = { .surrogates_max = SURROGATES };
	const struct model *m = &rows[at].model;
	struct rhythm_stream streams[MODEL_STREAMS_MAX];
	struct rhythm_input in = {
		.streams = streams, .exposure = e, .seed = SEED, .series = at << 32 | i
	};
	struct rhythm_result r;
	struct philox random;
	double said_s = m->said_ttl_s > 0 ? m->said_ttl_s : m->said_ttl_s < 0 ? 0 : m->ttl_s;

	philox_init(&random, SEED, at << 32 | i, by_surrogates);
	model_draw(m, e, &random, s);
	in.stream_count = s->streams;
	for (size_t j = 0; j < s->streams; j++) {
		streams[j] = (struct rhythm_stream){ s->times_s[j], s->count[j], said_s };
		t->visits += (double)s->count[j];
	}
	if (by_surrogates ? !rhythm_verdict(&in, &plan, w, &r, reterr)
			  : !rhythm_screen(&in, w, &r, reterr))
		return false;
	count_p(t, &r);
	return true;
}

static bool turn(size_t at, void *context, struct err *reterr)
{
	struct run *run = context;
	struct model_series s = { .streams = 0 };
	struct exposure e = { .down = NULL };
	struct rhythm_work *w = NULL;
	bool ok = false;

	if (run->only != NULL && strstr(rows[at].model.name, run->only) == NULL)
		return true;
	if (!model_series_new(&s) || !rhythm_work_new(&w, reterr) ||
	    !model_exposure(&rows[at].model, &e, reterr))
		goto out;
	for (unsigned i = 0; i < run->analytic_count; i++)
		if (!draw_and_test(at, i, false, &e, &s, w, &run->analytic[at], reterr))
			goto out;
	for (unsigned i = 0; rows[at].surrogates && i < run->surrogate_count; i++)
		if (!draw_and_test(at, i, true, &e, &s, w, &run->surrogate[at], reterr))
			goto out;
	ok = true;
out:
	rhythm_work_free(w);
	exposure_release(&e);
	model_series_free(&s);
	return ok;
}

static int double_cmp(const void *a, const void *b)
{
	const double *x = a;
	const double *y = b;

	return (*x > *y) - (*x < *y);
}

/* How far p's are too small: sup over x of F(x) - x. */
static double too_small(double *p, unsigned count)
{
	double worst = 0;

	qsort(p, count, sizeof(*p), double_cmp);
	for (unsigned i = 0; i < count; i++)
		worst = fmax(worst, (i + 1) / (double)count - p[i]);
	return worst;
}

/* Three standard errors above the level, and two whole counts, is chance. */
static bool is_conservative(const unsigned seen[LEVELS], unsigned drawn)
{
	for (unsigned i = 0; i < LEVELS; i++) {
		double mean = levels[i] * drawn;

		if (seen[i] > mean + 3 * sqrt(mean) + 2)
			return false;
	}
	return true;
}

static bool is_as_expected(const struct row *r, const struct tally *t)
{
	double share_gap = t->gap[LEVELS - 1] / (double)t->drawn;
	double share_days = t->days[LEVELS - 1] / (double)t->drawn;

	switch (r->origin) {
	case INNOCENT:
		return is_conservative(t->gap, t->drawn) && is_conservative(t->days, t->drawn);
	case PLANTED_GAPS:
		return share_gap >= r->power;
	case PLANTED_DAYS:
		return share_days >= r->power;
	case PLANTED_BOTH:
		break;
	}
	return share_gap >= r->power && share_days >= r->power;
}

static bool print_row(const struct row *r, struct tally *t, const char *how)
{
	double n = t->drawn;
	bool fine = t->drawn == 0 || is_as_expected(r, t);

	if (t->drawn == 0)
		return true;
	printf("| %s | %s | %.0f |", r->model.name, how, t->visits / n);
	printf(" %.4f %.4f %.4f |", t->gap[0] / n, t->gap[1] / n, t->gap[2] / n);
	printf(" %.4f %.4f %.4f |", t->days[0] / n, t->days[1] / n, t->days[2] / n);
	printf(" %.2f | %.2f |", t->gap_cv / n, t->days_ratio / n);
	printf(" %.3f %.3f | %s |\n", too_small(t->p_gap, t->drawn), too_small(t->p_days, t->drawn),
	    fine ? "" : "OFF");
	return fine;
}

static bool make_room(struct tally *t, unsigned count)
{
	t->p_gap = calloc((size_t)count + 1, sizeof(*t->p_gap));
	t->p_days = calloc((size_t)count + 1, sizeof(*t->p_days));
	return t->p_gap != NULL && t->p_days != NULL;
}

int main(int argc, char **argv)
{
	static struct run run;
	struct err err;
	bool fine = true;

	run.analytic_count = argc > 1 && strcmp(argv[1], "--long") == 0 ? LONG_COUNT : SHORT_COUNT;
	run.surrogate_count = run.analytic_count == LONG_COUNT ? LONG_SURROGATES : 0;
	if (argc > 3) {
		run.analytic_count = (unsigned)strtoul(argv[2], NULL, 10);
		run.surrogate_count = (unsigned)strtoul(argv[3], NULL, 10);
	}
	if (argc > 4)
		run.only = argv[4];
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (!make_room(&run.analytic[i], run.analytic_count) ||
		    !make_room(&run.surrogate[i], run.surrogate_count))
			return 2;
	if (!parallel_for(parallel_default_jobs(), COUNT_OF(rows), turn, &run, &err)) {
		fprintf(stderr, "%s\n", err.text);
		return 2;
	}
	printf("%u series a row for the analytic p, %u for the surrogates', seed %d\n\n",
	    run.analytic_count, run.surrogate_count, SEED);
	puts("| series | p by | contacts | p_gap <= .05 .01 .001 | p_days <= .05 .01 .001 | "
	     "gap cv | day ratio | too small by | |\n|---|---|---|---|---|---|---|---|---|");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		fine = print_row(&rows[i], &run.analytic[i], "bound") && fine;
		if (rows[i].origin == INNOCENT)
			fine = print_row(&rows[i], &run.surrogate[i], "surrogates") && fine;
	}
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		free(run.analytic[i].p_gap);
		free(run.analytic[i].p_days);
		free(run.surrogate[i].p_gap);
		free(run.surrogate[i].p_days);
	}
	return fine ? 0 : 1;
}
