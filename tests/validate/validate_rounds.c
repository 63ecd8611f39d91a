/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Is p_gap of rounds what it says? People who come now and then, at whatever hour their habit has,
 * must not be rejected more often than the level says; meetings of several look-ups must be found.
 * The program ends with 1 where a row is off.
 *
 *   validate-rounds [--long]
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "base/stamp.h"
#include "hunt/timing.h"
#include "models.h"
#include "stats/rhythm.h"

#define SEED        20161128
#define SHORT_COUNT 200
#define LONG_COUNT  4000
#define LEVELS      3
#define DAY_S       86400.0

static const double levels[LEVELS] = { .05, .01, .001 };

/* A round on some of the days that could have one, at an hour of its own. */
struct habit {
	unsigned every; /* days from one that could have a round to the next; 0: not a habit */
	double share;   /* of them that have one */
	bool workdays;  /* only */
	double from_h;  /* it begins in [from_h, from_h + width_h) */
	double width_h;
	unsigned calls; /* look-ups of a round, at most; minutes apart */
};

struct row {
	double power; /* share found at .001; 0: innocent */
	struct model model;
	struct habit habit;
};

#define CLIENTS(n, s, d, r)                                                                        \
	.model = { .name = n, .kind = MODEL_CLIENTS, .shape = s, .days = d, .per_day = r }
#define HABIT(n, d) .model = { .name = n, .days = d }

static const struct row rows[] = {
	{ 0, CLIENTS("Poisson, a day in six", SHAPE_FLAT, 142, .17) },
	{ 0, CLIENTS("Poisson, a day in four, 600 days", SHAPE_FLAT, 600, .25) },
	{ 0, CLIENTS("office, a day in six", SHAPE_OFFICE, 142, .5) },
	{ 0, CLIENTS("office with holidays", SHAPE_HOLIDAYS, 300, .5) },
	{ 0, .model = { .name = "sessions, office",
		 .kind = MODEL_SESSIONS,
		 .shape = SHAPE_OFFICE,
		 .days = 142,
		 .per_day = .6 } },
	{ 0, .model = { .name = "sessions, office, outages, 600 days",
		 .kind = MODEL_SESSIONS,
		 .shape = SHAPE_OFFICE,
		 .days = 600,
		 .per_day = .6,
		 .outages = true } },
	{ 0, .model = { .name = "bursts of 3 addresses",
		 .kind = MODEL_CLIENTS,
		 .days = 300,
		 .per_day = .25,
		 .burst = .55,
		 .streams = 3 } },
	{ 0, HABIT("an evening in four, at the minute", 142), { 1, .25, false, 21, .05, 3 } },
	{ 0, HABIT("an evening in four, at the minute, 600 days", 600),
	    { 1, .25, false, 21, .05, 3 } },
	{ 0, HABIT("an evening in three, at the minute, 600 days", 600),
	    { 1, .33, false, 21, .05, 3 } },
	{ 0, HABIT("a workday in three, as it opens, 600 days", 600),
	    { 1, .33, true, 8.5, .3, 3 } },
	{ 0, HABIT("an evening in six, in two hours, 600 days", 600), { 1, .17, false, 20, 2, 3 } },
	{ .75, HABIT("weekly, 15 % missing, 142 days", 142), { 7, .85, false, 10, 1, 3 } },
	{ .99, HABIT("weekly, 15 % missing, 300 days", 300), { 7, .85, false, 10, 1, 3 } },
	{ .9, HABIT("weekly, within three hours, 200 days", 200), { 7, 1, false, 9, 3, 3 } },
	{ .9, HABIT("every fifth day, 200 days", 200), { 5, .95, false, 14, 1, 2 } },
	{ .95, HABIT("every fortnight, 400 days", 400), { 14, 1, false, 10, 1, 3 } },
};

struct tally {
	unsigned tested;
	unsigned found[LEVELS];
	double rounds;
};

struct run {
	unsigned count;
	struct tally rows[COUNT_OF(rows)];
};

static void draw_habit(const struct row *r, struct philox *random, struct model_series *s)
{
	const struct habit *h = &r->habit;

	s->streams = 1;
	s->count[0] = 0;
	for (double day = 0; day < r->model.days; day += h->every) {
		double t_s = MODEL_FIRST_S + day * DAY_S +
			     3600 * (h->from_h + h->width_h * philox_uniform(random));
		unsigned calls = 1 + philox_below(random, h->calls);

		if (h->workdays && stamp_weekday((int64_t)floor(t_s / DAY_S)) >= 5)
			continue;
		if (philox_uniform(random) >= h->share)
			continue;
		for (unsigned i = 0; i < calls; i++, t_s += 120 + 780 * philox_uniform(random))
			s->times_s[0][s->count[0]++] = t_s;
	}
}

static bool draw_and_test(size_t at, unsigned i, const struct exposure *e, struct model_series *s,
    struct rhythm_work *w, struct tally *t, struct err *reterr)
{
	const struct row *r = &rows[at];
	struct rhythm_stream streams[MODEL_STREAMS_MAX];
	struct rhythm_input in = { .streams = streams,
		.exposure = e,
		.seed = SEED,
		.series = at << 32 | i,
		.round_s = TIMING_ROUND_S };
	struct rhythm_result result;
	struct philox random;

	philox_init(&random, SEED, at << 32 | i, 0);
	if (r->habit.every > 0)
		draw_habit(r, &random, s);
	else
		model_draw(&r->model, e, &random, s);
	in.stream_count = s->streams;
	for (size_t j = 0; j < s->streams; j++)
		streams[j] = (struct rhythm_stream){ s->times_s[j], s->count[j], 0 };
	if (!rhythm_screen(&in, w, &result, reterr))
		return false;
	t->tested += result.gap_tested;
	t->rounds += (double)result.gaps;
	for (unsigned l = 0; l < LEVELS; l++)
		t->found[l] += result.gap_tested && result.p_gap <= levels[l];
	return true;
}

static bool turn(size_t at, void *context, struct err *reterr)
{
	struct run *run = context;
	struct model_series s = { .streams = 0 };
	struct exposure e = { .down = NULL };
	struct rhythm_work *w = NULL;
	bool ok = false;

	if (!model_series_new(&s) || !rhythm_work_new(&w, reterr) ||
	    !model_exposure(&rows[at].model, &e, reterr))
		goto out;
	for (unsigned i = 0; i < run->count; i++)
		if (!draw_and_test(at, i, &e, &s, w, &run->rows[at], reterr))
			goto out;
	ok = true;
out:
	rhythm_work_free(w);
	exposure_release(&e);
	model_series_free(&s);
	return ok;
}

/* Three standard errors above the level, and two whole counts, is chance. */
static bool is_as_expected(const struct row *r, const struct tally *t, unsigned count)
{
	if (r->power > 0)
		return t->found[LEVELS - 1] >= r->power * count;
	for (unsigned l = 0; l < LEVELS; l++) {
		double mean = levels[l] * count;

		if (t->found[l] > mean + 3 * sqrt(mean) + 2)
			return false;
	}
	return true;
}

int main(int argc, char **argv)
{
	static struct run run;
	struct err err;
	bool fine = true;

	run.count = argc > 1 && strcmp(argv[1], "--long") == 0 ? LONG_COUNT : SHORT_COUNT;
	if (!parallel_for(parallel_default_jobs(), COUNT_OF(rows), turn, &run, &err)) {
		fprintf(stderr, "%s\n", err.text);
		return 2;
	}
	printf("%u series a row, seed %d\n\n", run.count, SEED);
	puts("| series | rounds | tested | p <= .05 .01 .001 | |\n|---|---|---|---|---|");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct tally *t = &run.rows[i];
		double n = run.count;
		bool expected = is_as_expected(&rows[i], t, run.count);

		printf("| %s | %.0f | %.3f | %.4f %.4f %.4f | %s |\n", rows[i].model.name,
		    t->rounds / n, t->tested / n, t->found[0] / n, t->found[1] / n, t->found[2] / n,
		    expected ? "" : "OFF");
		fine = fine && expected;
	}
	return fine ? 0 : 1;
}
