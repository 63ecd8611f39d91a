/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Is p_clock what it says? Innocent rows must not be rejected more often than the level says: a
 * sleep timer is one of them. Planted rows must be found. The bound is what false-discovery
 * control sees; the shuffle is what a finding shows of a period of an hour (or the row's own).
 * Of the rows with one cache, or none, p_cache must hold, too. The program ends with 1 where a row
 * is off.
 *
 *   validate-clock [--long [SERIES [PART OF A ROW'S NAME [SURROGATES]]]]
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "models.h"
#include "stats/cache_bootstrap.h"
#include "stats/clock_test.h"
#include "stats/htest.h"
#include "stats/visits.h"

#define SEED         20160601
#define SHORT_COUNT  20 /* series a row */
#define LONG_COUNT   10000
#define SHUFFLE_EACH 20  /* one series in so many is shuffled too */
#define SURROGATES   199 /* unless said otherwise */
#define LEVELS       3
#define VISIT_S      60
#define TRIED        12 /* periods */

static const double levels[LEVELS] = { .05, .01, .001 };

#define TOO_LITTLE 1e-9 /* planted, but not to be found by p_clock */

struct row {
	double power;       /* share to be found at .001 by the bound; 0: innocent */
	bool shuffle_holds; /* innocent for a finding, too */
	struct model model;
};

#define CLIENTS(n, s, d, r, t)                                                                     \
	.name = n, .kind = MODEL_CLIENTS, .shape = s, .days = d, .per_day = r, .ttl_s = t
#define TIMER(n, d, p, j) .name = n, .kind = MODEL_TIMER, .days = d, .period_s = p, .jitter = j
#define CRON(n, d, p, j, m)                                                                        \
	.name = n, .kind = MODEL_CRON, .days = d, .period_s = p, .jitter = j, .missing = m

static const struct row rows[] = {
	{ 0, true, { CLIENTS("Poisson, 30 visits", SHAPE_FLAT, 142, .21, 0) } },
	{ 0, true, { CLIENTS("Poisson, 300 visits", SHAPE_FLAT, 142, 2.1, 0) } },
	{ 0, true, { CLIENTS("Poisson, 300 visits in 7 days", SHAPE_FLAT, 7, 43, 0) } },
	{ 0, true, { CLIENTS("office, 300 visits", SHAPE_OFFICE, 142, 7.5, 0) } },
	{ 0, true, { CLIENTS("smooth day, 300 visits", SHAPE_SMOOTH, 142, 4.2, 0) } },
	{ 0, true, { CLIENTS("cache lT=.5, 24/7", SHAPE_FLAT, 142, 12, 3600) } },
	{ 0, true, { CLIENTS("cache lT=2, 24/7", SHAPE_FLAT, 142, 48, 3600) } },
	{ 0, true, { CLIENTS("cache lT=10, 24/7", SHAPE_FLAT, 142, 240, 3600) } },
	{ 0, true, { CLIENTS("cache lT=200, 24/7", SHAPE_FLAT, 142, 4800, 3600) } },
	{ 0, true, { CLIENTS("cache lT=1000, 30 days", SHAPE_FLAT, 30, 24000, 3600) } },
	{ 0, true, { CLIENTS("cache lT=.5, office", SHAPE_OFFICE, 142, 12, 3600) } },
	{ 0, true, { CLIENTS("cache lT=2, office", SHAPE_OFFICE, 142, 48, 3600) } },
	{ 0, true, { CLIENTS("cache lT=10, office", SHAPE_OFFICE, 142, 240, 3600) } },
	{ 0, true, { CLIENTS("cache lT=10, smooth day", SHAPE_SMOOTH, 142, 480, 3600) } },
	{ 0, true, { CLIENTS("cache lT=100, office", SHAPE_OFFICE, 142, 2400, 3600) } },
	{ 0, true, { CLIENTS("cache lT=100, smooth day", SHAPE_SMOOTH, 142, 4800, 3600) } },
	{ 0, true, { CLIENTS("cache of 4 h lT=20, office", SHAPE_OFFICE, 142, 120, 14400) } },
	{ 0, false,
	    { CLIENTS("2 caches of 4 h lT=2, office", SHAPE_OFFICE, 142, 24, 14400),
		.caches = 2 } },
	{ 0, false,
	    { CLIENTS("4 caches of 4 h lT=10, office", SHAPE_OFFICE, 142, 240, 14400),
		.caches = 4 } },
	{ 0, false,
	    { CLIENTS("union of 3 addresses of 4 h lT=5, office", SHAPE_OFFICE, 142, 180, 14400),
		.streams = 3 } },
	{ 0, true, { CLIENTS("cache of 4 h lT=8, evening", SHAPE_EVENING, 142, 48, 14400) } },
	{ 0, true, { CLIENTS("cache of 4 h lT=30, evening", SHAPE_EVENING, 142, 180, 14400) } },
	{ 0, false,
	    { CLIENTS("2 caches of 4 h lT=8, evening", SHAPE_EVENING, 142, 96, 14400),
		.caches = 2 } },
	{ 0, true, { CLIENTS("cache of 8 h lT=30, evening", SHAPE_EVENING, 142, 90, 28800) } },
	{ 0, true, { CLIENTS("cache of a day lT=50, office", SHAPE_OFFICE, 142, 100, 86400) } },
	{ 0, true, { CLIENTS("cache of 5 min lT=3, office", SHAPE_OFFICE, 142, 860, 300) } },
	{ 0, false, { CLIENTS("2 caches lT=2", SHAPE_FLAT, 142, 96, 3600), .caches = 2 } },
	{ 0, false,
	    { CLIENTS("2 caches lT=2, office", SHAPE_OFFICE, 142, 96, 3600), .caches = 2 } },
	{ 0, false, { CLIENTS("4 caches lT=10", SHAPE_FLAT, 142, 960, 3600), .caches = 4 } },
	{ 0, false,
	    { CLIENTS("4 caches lT=10, office", SHAPE_OFFICE, 142, 960, 3600), .caches = 4 } },
	{ 0, false,
	    { CLIENTS("2 caches lT=10, office", SHAPE_OFFICE, 142, 480, 3600), .caches = 2 } },
	{ 0, false, { CLIENTS("4 caches lT=50", SHAPE_FLAT, 142, 4800, 3600), .caches = 4 } },
	{ 0, false, { CLIENTS("2 caches lT=200", SHAPE_FLAT, 142, 9600, 3600), .caches = 2 } },
	{ 0, false,
	    { CLIENTS("2 caches lT=100, office", SHAPE_OFFICE, 142, 4800, 3600), .caches = 2 } },
	{ 0, true, { CLIENTS("prefetch, lT=100", SHAPE_FLAT, 142, 2400, 3600), .prefetch = .1 } },
	{ 0, false,
	    { CLIENTS("union of 3 addresses lT=10", SHAPE_FLAT, 60, 720, 3600), .streams = 3 } },
	{ 0, false,
	    { CLIENTS("union of 3 addresses lT=5, office", SHAPE_OFFICE, 60, 360, 3600),
		.streams = 3 } },
	{ 0, true,
	    { .name = "sessions, office",
		.kind = MODEL_SESSIONS,
		.shape = SHAPE_OFFICE,
		.days = 142,
		.per_day = 2 } },
	{ 0, true, { CLIENTS("sensor outages", SHAPE_OFFICE, 142, 10, 300), .outages = true } },
	{ 0, true, { CLIENTS("holidays", SHAPE_HOLIDAYS, 142, 20, 300) } },
	{ 0, true, { CLIENTS("trend x8, lT=7", SHAPE_TREND, 142, 170, 3600) } },
	{ 0, true,
	    { CLIENTS("every 20 s, no cache, 5 days", SHAPE_FLAT, 5, 4320, 0),
		.whole_seconds = true } },
	{ 0, true, { TIMER("sleep timer 3600 s +-.1 %", 142, 3600, .001) } },
	{ 0, true, { TIMER("sleep timer 3600 s +-3 %", 142, 3600, .033) } },
	{ 0, true,
	    { TIMER("sleep timer 3600 s +-3 %, 30 % missing", 142, 3600, .033), .missing = .3 } },
	{ 0, false,
	    { TIMER("timer 3601 s without drift, whole seconds", 142, 3601, 0),
		.whole_seconds = true } },
	{ 0, true, { TIMER("sleep timer 5000 s +-20 %", 142, 5000, .2) } },
	{ 0, true, { TIMER("sleep timer of a day +-1 min", 142, 86400, 60. / 86400) } },
	{ 0, true,
	    { TIMER("sleep timer 1800 s +-1 %, office", 142, 1800, .01), .shape = SHAPE_OFFICE } },
	{ 0, true, { .name = "once a workday", .kind = MODEL_WORKDAY, .days = 142 } },
	{ 0, true, { .name = "daily at a random minute", .kind = MODEL_DAILY, .days = 142 } },
	{ .95, false, { CRON("hourly, n=300, jitter P/30, 30 % missing", 17.9, 3600, .0577, .3) } },
	{ .95, false, { CRON("hourly, 50 % missing, jitter 5 %", 142, 3600, .05, .5) } },
	{ TOO_LITTLE, false, { CRON("hourly, jitter 50 %", 142, 3600, .5, .2) } },
	{ .95, false,
	    { CRON("hourly, office, 20 % missing", 142, 3600, .1, .2), .shape = SHAPE_OFFICE,
		.said_ttl_s = 60 } },
	{ TOO_LITTLE, false,
	    { CRON("hourly, office, 20 % missing, TTL not known", 142, 3600, .1, .2),
		.shape = SHAPE_OFFICE } },
	{ .95, false, { CRON("every 10 min, jitter 20 %, 14 days", 14, 600, .2, .2) } },
	{ .95, false, { CRON("daily at one minute +-1 min", 142, 86400, 60. / 86400, 0) } },
	{ TOO_LITTLE, false,
	    { CRON("daily at one minute +-5 min, 30 % missing", 142, 86400, 300. / 86400, .3) } },
	{ TOO_LITTLE, false,
	    { CRON("weekly at one minute +-1 min", 142, 604800, 60. / 604800, 0) } },
	{ .95, false,
	    { CRON("hourly, jitter 5 %, behind a cache of an hour", 142, 3600, .05, 0),
		.ttl_s = 3600 } },
	{ .95, false,
	    { CRON("hourly, two addresses take turns", 60, 3600, .02, .1), .streams = 2 } },
	{ 0, true,
	    { CLIENTS("cache lT=2, office, sensor gains 60 s a day", SHAPE_OFFICE, 142, 48, 3600),
		.gains_s = 60 } },
	{ 0, true,
	    { CLIENTS("cache lT=10, office, sensor off by 5 min, anew each week", SHAPE_OFFICE, 142,
		  240, 3600),
		.steps_s = 300 } },
	{ 0, true,
	    { TIMER("sleep timer 3600 s +-3 %, sensor gains 60 s a day", 142, 3600, .033),
		.gains_s = 60 } },
	{ .95, false,
	    { CRON("hourly, jitter 5 %, sensor gains 1 s a day", 142, 3600, .05, .2),
		.gains_s = 1 } },
	{ .95, false,
	    { CRON("hourly, jitter 5 %, sensor off by 5 min, anew each week", 142, 3600, .05, .2),
		.steps_s = 300 } },
	{ TOO_LITTLE, false,
	    { CRON("hourly, jitter 5 %, sensor gains 60 s a day", 142, 3600, .05, .2),
		.gains_s = 60 } },
};

struct tally {
	unsigned drawn;
	unsigned found[LEVELS];
	unsigned shuffled;
	unsigned shuffle_found[LEVELS];
	unsigned cached;
	unsigned cache_found[LEVELS];
	double visits;
};

struct run {
	unsigned count;
	const char *only; /* rows whose name has this, or NULL */
	struct monte_carlo_plan plan;
	struct clock_wheel wheel;
	struct tally tallies[COUNT_OF(rows)];
};

static int double_cmp(const void *a, const void *b)
{
	const double *x = a;
	const double *y = b;

	return (*x > *y) - (*x < *y);
}

/* All streams as one series of visits. */
static size_t unite(const struct model_series *s, double *ret)
{
	size_t count = 0;

	for (size_t i = 0; i < s->streams; i++) {
		memcpy(ret + count, s->times_s[i], s->count[i] * sizeof(*ret));
		count += s->count[i];
	}
	if (s->streams > 1)
		qsort(ret, count, sizeof(*ret), double_cmp);
	return visits_thin(ret, count, VISIT_S, ret);
}

/* As a finding has it: the shuffle's p or the rotation's, whichever is larger. */
static bool shuffle_too(const struct row *r, const struct monte_carlo_plan *plan,
    const struct clock_input *in, struct philox *random, struct tally *t, struct err *reterr)
{
	double period_s = r->model.period_s > 0 ? r->model.period_s : HOUR_S;
	struct monte_carlo_result mc;

	if (period_s > CLOCK_PERIOD_MAX)
		period_s = HOUR_S;
	if (!clock_test_shuffle(in, period_s, plan, random, &mc, reterr))
		return false;
	mc.p = fmax(mc.p, clock_test_rotation(in, period_s, TRIED));
	t->shuffled++;
	for (unsigned i = 0; i < LEVELS; i++)
		t->shuffle_found[i] += mc.p <= levels[i];
	return true;
}

/* p_cache, as a finding has it: of one address. */
static bool cache_too(const struct row *r, const struct monte_carlo_plan *plan,
    const struct clock_input *in, double *events_s, struct philox *random, struct tally *t,
    struct err *reterr)
{
	size_t count = visits_thin(in->visits_s, in->count, in->dead_s, events_s);
	struct profile hours = { .guided = false };
	struct monte_carlo_result mc;
	bool ok;

	if (r->model.streams > 1 || count < HTEST_EVENTS_MIN)
		return true;
	ok = profile_fit(
		 &hours, in->exposure, events_s, count, in->dead_s, PROFILE_TO_DRAW, reterr) &&
	     cache_bootstrap(
		 events_s, count, in->dead_s, r->model.ttl_s, &hours, plan, random, &mc, reterr);
	profile_release(&hours);
	if (!ok)
		return false;
	t->cached++;
	for (unsigned i = 0; i < LEVELS; i++)
		t->cache_found[i] += mc.p <= levels[i];
	return true;
}

static bool turn(size_t at, void *context, struct err *reterr)
{
	struct run *run = context;
	struct tally *t = &run->tallies[at];
	const struct model *m = &rows[at].model;
	struct model_series s = { .streams = 0 };
	struct exposure e = { .down = NULL };
	double *visits_s = malloc((size_t)MODEL_EVENTS_MAX * MODEL_STREAMS_MAX * sizeof(*visits_s));
	bool ok = visits_s != NULL && model_series_new(&s) && model_exposure(m, &e, reterr);

	if (run->only != NULL && strstr(m->name, run->only) == NULL)
		goto out;
	for (unsigned i = 0; ok && i < run->count; i++) {
		struct clock_result r;
		struct clock_input in = { .visits_s = visits_s,
			.dead_s = fmax(m->ttl_s, VISIT_S),
			.ttl_s = m->ttl_s > 0        ? m->ttl_s
				 : m->said_ttl_s > 0 ? m->said_ttl_s
						     : INFINITY,
			.exposure = &e,
			.wheel = &run->wheel };
		struct philox random;

		philox_init(&random, SEED, at << 32 | i, 0);
		model_draw(m, &e, &random, &s);
		in.count = unite(&s, visits_s);
		if (m->kind == MODEL_CRON && m->ttl_s > 0) /* a beacon behind a cache */
			in.count = visits_thin(visits_s, in.count, m->ttl_s, visits_s);
		ok = clock_test(&in, &r, reterr);
		t->drawn++;
		t->visits += (double)in.count;
		for (unsigned k = 0; k < LEVELS; k++)
			t->found[k] += r.p <= levels[k];
		if (ok && i % SHUFFLE_EACH == 0)
			ok = shuffle_too(&rows[at], &run->plan, &in, &random, t, reterr) &&
			     cache_too(&rows[at], &run->plan, &in, visits_s, &random, t, reterr);
	}
out:
	exposure_release(&e);
	model_series_free(&s);
	free(visits_s);
	return ok;
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

/* Is p_cache's null true of the row: chance, hours, one cache of known TTL? */
static bool one_cache(const struct model *m)
{
	return m->kind == MODEL_CLIENTS && m->caches <= 1 && m->streams <= 1 && m->prefetch == 0 &&
	       (m->shape == SHAPE_FLAT || m->shape == SHAPE_OFFICE || m->shape == SHAPE_SMOOTH);
}

static bool print_row(const struct row *r, const struct tally *t)
{
	double n = t->drawn, m = t->shuffled;
	bool fine = r->power > 0 ? t->found[LEVELS - 1] >= floor(r->power * n)
				 : is_conservative(t->found, t->drawn);

	if (t->drawn == 0)
		return true;
	if (r->shuffle_holds)
		fine = fine && is_conservative(t->shuffle_found, t->shuffled);
	if (one_cache(&r->model))
		fine = fine && is_conservative(t->cache_found, t->cached);
	printf("| %s | %.0f | %.4f %.4f %.4f |", r->model.name, t->visits / n, t->found[0] / n,
	    t->found[1] / n, t->found[2] / n);
	printf(" %.3f %.3f |", t->shuffle_found[0] / m, t->shuffle_found[1] / m);
	if (t->cached > 0)
		printf(" %.3f %.3f |", t->cache_found[0] / (double)t->cached,
		    t->cache_found[1] / (double)t->cached);
	else
		printf(" - |");
	printf(" %s |\n", fine ? "" : "OFF");
	return fine;
}

int main(int argc, char **argv)
{
	static struct run run = { .count = SHORT_COUNT, .plan = { SURROGATES } };
	struct err err;
	bool fine = true;

	if (argc > 1 && strcmp(argv[1], "--long") == 0)
		run.count = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : LONG_COUNT;
	if (argc > 3)
		run.only = argv[3];
	if (argc > 4)
		run.plan.surrogates_max = (uint32_t)strtoul(argv[4], NULL, 10);
	clock_test_init(&run.wheel);
	if (!parallel_for(parallel_default_jobs(), COUNT_OF(rows), turn, &run, &err)) {
		fprintf(stderr, "%s\n", err.text);
		return 2;
	}
	printf("%u series a row, one in %d shuffled %u times, seed %d\n\n", run.count, SHUFFLE_EACH,
	    run.plan.surrogates_max, SEED);
	puts("| series | visits | p_clock, bound <= .05 .01 .001 | shuffle <= .05 .01 | p_cache <= "
	     ".05 .01 | |\n"
	     "|---|---|---|---|---|---|");
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		fine = print_row(&rows[i], &run.tallies[i]) && fine;
	return fine ? 0 : 1;
}
