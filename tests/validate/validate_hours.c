/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Working hours: is p uniform where no hour is preferred, is the true zone in the printed set, and
 * what does the test say of series that only look like an office?
 *
 *   validate-hours [--long] [SERIES WORDS]
 *
 * With WORDS only the rows whose names hold them are drawn, SERIES a row.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "stats/day_rotation.h"
#include "stats/ends.h"
#include "stats/week_test.h"
#include "stats/zone_set.h"
#include "weeks.h"

#define SEED         7
#define SHORT_NULLS  40 /* series a row */
#define LONG_NULLS   1000
#define SHORT_ZONES  12
#define LONG_ZONES   300
#define SHORT_PAIRS  3
#define LONG_PAIRS   40
#define SURROGATES   999
#define COVERAGE_MIN .93

static const struct week_model nulls[] = {
	{ "40 bursts of 15, 24/7", WEEK_BURSTS, 142, .rule = ZONE_STEADY },
	{ "100 sessions of 3 h, 24/7", WEEK_SESSIONS, 142, .rule = ZONE_STEADY },
	{ "cached, 24/7", WEEK_CACHED, 142, .rule = ZONE_STEADY },
	{ "every hour, 24/7", WEEK_STEADY, 142, .rule = ZONE_STEADY },
	{ "8 campaigns of 2 days", WEEK_CAMPAIGNS, 142, .rule = ZONE_STEADY },
};

static const struct week_model zones[] = {
	{ "n = 60, e = 0", WEEK_OFFICE, 142, 60, .background = 0 },
	{ "n = 100, e = .1", WEEK_OFFICE, 142, 100, .background = .1 },
	{ "n = 100, e = .3", WEEK_OFFICE, 142, 100, .background = .3 },
	{ "n = 300, e = .1", WEEK_OFFICE, 142, 300, .background = .1 },
	{ "n = 300, e = .3", WEEK_OFFICE, 142, 300, .background = .3 },
	{ "n = 1000, e = .1", WEEK_OFFICE, 142, 1000, .background = .1 },
	{ "n = 1000, e = .3", WEEK_OFFICE, 142, 1000, .background = .3 },
	{ "n = 100, e = .1, a year", WEEK_OFFICE, 365, 100, .background = .1 },
	{ "n = 300, e = .1, a year", WEEK_OFFICE, 365, 300, .background = .1 },
	{ "n = 1000, e = .1, a year", WEEK_OFFICE, 365, 1000, .background = .1 },
	{ "n = 1000, e = .3, a year", WEEK_OFFICE, 365, 1000, .background = .3 },
	{ "n = 300, e = .3, in fours", WEEK_GROUPS, 142, 300, .background = .3 },
	{ "25 sessions of four, n = 100", WEEK_GROUPS, 142, 100, .background = .1 },
	{ "behind a cache, lT = 5 and .1", WEEK_CACHED_OFFICE, 142, .background = .02 },
	{ "n = 1000, e = .1, in fours, a year", WEEK_GROUPS, 365, 1000, .background = .1 },
};

/* What is no office, or not the template's: said, not judged. */
static const struct week_model others[] = {
	{ "9 to 17 sharp, n = 300", WEEK_SQUARE, 142, 300, .background = .1 },
	{ "an hour early, n = 300", WEEK_EARLY, 142, 300, .background = .1 },
	{ "a day cycle copied, n = 300", WEEK_MIMIC, 142, 300, .background = 0 },
	{ "evenings and weekends, n = 100", WEEK_EVENING, 142, 100, .background = 0 },
	{ "evenings and weekends, n = 300", WEEK_EVENING, 142, 300, .background = 0 },
	{ "daily at 03:10", WEEK_NIGHTLY, 142, 0, .background = 0 },
};

/* other_min is how far east of the first the other zone is. */
static const struct week_model pairs[] = {
	{ "one zone", WEEK_OFFICE, 142, 600, .background = .1 },
	{ "one zone, in fours", WEEK_GROUPS, 142, 600, .background = .1 },
	{ "one zone, 9 to 17 sharp", WEEK_SQUARE, 142, 600, .background = .1 },
	{ "either, 1 h apart", WEEK_BOTH, 142, 600, .background = .1, .other_min = 60 },
	{ "either, 2 h apart", WEEK_BOTH, 142, 600, .background = .1, .other_min = 120 },
	{ "either, 3 h apart", WEEK_BOTH, 142, 600, .background = .1, .other_min = 180 },
	{ "either, 7 h apart", WEEK_BOTH, 142, 600, .background = .1, .other_min = 420 },
	{ "both at once, 1 h apart", WEEK_OVERLAP, 142, 600, .background = .1, .other_min = 60 },
	{ "both at once, 2 h apart", WEEK_OVERLAP, 142, 600, .background = .1, .other_min = 120 },
	{ "both at once, 3 h apart", WEEK_OVERLAP, 142, 600, .background = .1, .other_min = 180 },
	{ "both at once, 7 h apart", WEEK_OVERLAP, 142, 600, .background = .1, .other_min = 420 },
};

struct tally {
	unsigned drawn;
	double visits;
	double *p;
	double *p_week;
	unsigned covered;
	double width_h; /* of the zone sets */
	double dispersion;
	unsigned clock[4];
	unsigned shape[ENDS_SHAPES]; /* told */
	unsigned near;               /* told, and both zones within an hour of the true ones */
	unsigned quiet_weekend;      /* p_week <= .05 with fewer visits than 2 / 7 */
};

struct row {
	const struct week_model *model;
	unsigned count;
	bool zone;
	bool ends;
	struct tally tally;
};

/* Offsets of the world, summer time by any rule. */
static void pick_zone(struct week_model *m, struct philox *random)
{
	m->rule = (enum zone_rule)philox_below(random, ZONE_RULES);
	m->offset_min = 30 * ((int)philox_below(random, 49) - 22);
	if (m->kind == WEEK_BOTH || m->kind == WEEK_OVERLAP) {
		m->offset_min = 30 * ((int)philox_below(random, 28) - 20);
		m->other_min += m->offset_min;
		m->rule = ZONE_STEADY;
	}
}

static int true_offset(const struct week_model *m, const double *times_s, size_t count)
{
	size_t summer = 0;

	for (size_t i = 0; i < count; i++)
		summer += zone_is_summer(m->rule, (int64_t)floor(times_s[i] / 86400));
	return m->offset_min + (2 * summer > count ? 60 : 0);
}

static bool ends_of(struct row *r, const struct week_model *m, struct zone_fit *f,
    const struct zone_likelihood *best, double dispersion, uint64_t series, struct err *reterr)
{
	static const struct monte_carlo_plan plan = { .surrogates_max = 39 };
	static const int near = 60;
	struct ends_input *in = calloc(1, sizeof(*in));
	struct ends_result ends;
	bool ok = in != NULL && ends_fold(f, best->best.rule, in);

	if (ok) {
		in->dispersion = fmax(dispersion, 1);
		in->seed = SEED;
		in->series = series;
		ok = ends_find(in, &plan, &ends, reterr);
	}
	if (ok && ends.told) {
		r->tally.shape[ends.shape]++;
		r->tally.near += ends.shape != ENDS_ONE &&
				 abs(zone_offset_min(ends.zones[0]) - m->offset_min) <= near &&
				 abs(zone_offset_min(ends.zones[1]) - m->other_min) <= near;
	}
	free(in);
	return ok;
}

static bool zone_of(struct row *r, const struct week_model *m, struct zone_fit *f,
    const struct zone_likelihood *best, uint64_t series, int truth, struct err *reterr)
{
	struct zone_set set;

	if (!zone_set_find(f, best, SEED, series, &set, reterr))
		return false;
	for (size_t i = 0; i < set.offset_count; i++)
		r->tally.covered += set.offsets_min[i] == truth;
	r->tally.width_h += set.offset_count / 4.0;
	r->tally.dispersion += set.dispersion;
	r->tally.clock[set.clock]++;
	return !r->ends || ends_of(r, m, f, best, set.dispersion, series, reterr);
}

static bool measure(
    struct row *r, uint64_t series, double *times_s, struct zone_fit *f, struct err *reterr)
{
	static const struct monte_carlo_plan plan = { .surrogates_max = SURROGATES };
	struct week_model m = *r->model;
	struct day_grid_stream stream = { .starts_s = times_s };
	struct exposure e = { .down = NULL };
	struct day_grid g = { .day_count = 0 };
	struct zone_likelihood best;
	struct monte_carlo_result p;
	struct week_result week;
	struct philox random;
	bool ok = false;

	philox_init(&random, SEED, series, 0);
	if (r->zone)
		pick_zone(&m, &random);
	stream.count = week_draw(&m, &random, times_s);
	stream.dead_s = m.kind == WEEK_CACHED || m.kind == WEEK_CACHED_OFFICE ? 3600 : 0;
	if (!exposure_declare(WEEKS_FIRST_DAY * 86400.0, (WEEKS_FIRST_DAY + m.days) * 86400.0, NULL,
		0, &e, reterr) ||
	    !day_grid_make(&stream, 1, &e, &g, reterr))
		goto out;
	zone_fit_init(f, &g);
	zone_fit_grid(f, NULL, NULL, &best);
	if (!day_rotation_p(f, &best, &plan, SEED, series, &p, reterr) ||
	    !week_test(&g, &plan, SEED, series, &week, reterr) ||
	    (r->zone &&
		!zone_of(r, &m, f, &best, series, true_offset(&m, times_s, stream.count), reterr)))
		goto out;
	r->tally.visits += stream.count;
	r->tally.p[r->tally.drawn] = p.p;
	r->tally.p_week[r->tally.drawn++] = week.p;
	r->tally.quiet_weekend += week.p <= .05 && week.weekend_share < 2 / 7.0;
	ok = true;
out:
	day_grid_release(&g);
	exposure_release(&e);
	return ok;
}

static bool turn(size_t at, void *context, struct err *reterr)
{
	struct row *r = (struct row *)context + at;
	double *times_s = malloc(WEEKS_VISITS_MAX * sizeof(*times_s));
	struct zone_fit *f = malloc(sizeof(*f));
	bool ok = false;

	r->tally.p = calloc((size_t)r->count + 1, sizeof(double));
	r->tally.p_week = calloc((size_t)r->count + 1, sizeof(double));
	if (times_s == NULL || f == NULL || r->tally.p == NULL || r->tally.p_week == NULL)
		goto out;
	ok = true;
	for (unsigned i = 0; ok && i < r->count; i++)
		ok = measure(r, (uint64_t)at << 32 | i, times_s, f, reterr);
out:
	free(times_s);
	free(f);
	return ok;
}

static int double_cmp(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* How far p's are too small: sup over x of F(x) - x. Sorts. */
static double too_small(double *p, unsigned count)
{
	double worst = 0;

	qsort(p, count, sizeof(*p), double_cmp);
	for (unsigned i = 0; i < count; i++)
		worst = fmax(worst, (i + 1) / (double)count - p[i]);
	return worst;
}

static double share_below(const double *p, unsigned count, double level)
{
	unsigned below = 0;

	for (unsigned i = 0; i < count; i++)
		below += p[i] <= level;
	return below / (double)count;
}

/* Two standard errors above the level is chance, and one series. */
static bool is_level(const double *p, unsigned count, double level)
{
	return share_below(p, count, level) <=
	       level + 2 * sqrt(level * (1 - level) / count) + 1.0 / count;
}

static bool print_null(const struct row *r)
{
	const struct tally *t = &r->tally;

	if (t->drawn == 0)
		return true;
	double off = too_small(t->p, t->drawn), off_week = too_small(t->p_week, t->drawn);
	/* Kolmogorov's one-sided 1 % point; (b + 1) / (B + 1) alone is too large by 1 / (B + 1) */
	bool fine = off <= 1.52 / sqrt(t->drawn) && is_level(t->p, t->drawn, .05) &&
		    is_level(t->p, t->drawn, .01) && off_week <= 1.52 / sqrt(t->drawn);

	printf("| %s | %.0f | %.4f %.4f | %.3f | %.4f %.4f | %.3f | %s |\n", r->model->name,
	    t->visits / t->drawn, share_below(t->p, t->drawn, .05),
	    share_below(t->p, t->drawn, .01), off, share_below(t->p_week, t->drawn, .05),
	    share_below(t->p_week, t->drawn, .01), off_week, fine ? "" : "OFF");
	return fine;
}

static bool print_zone(const struct row *r, bool judged)
{
	const struct tally *t = &r->tally;
	double n = t->drawn, covered = t->covered / n;
	bool fine = n == 0 || !judged ||
		    (covered >= COVERAGE_MIN - 2 * sqrt(.93 * .07 / n) &&
			share_below(t->p, t->drawn, .05) == 1);

	if (t->drawn == 0)
		return true;
	printf("| %s | %.0f | %.3f | %.3f | %.2f | %.2f | %.2f %.2f %.2f %.2f | %s |\n",
	    r->model->name, t->visits / n, share_below(t->p, t->drawn, .05), covered,
	    t->width_h / n, t->dispersion / n, t->clock[ZONE_CLOCK_UNTESTABLE] / n,
	    t->clock[ZONE_CLOCK_STEADY] / n, t->clock[ZONE_CLOCK_CHANGES] / n,
	    t->clock[ZONE_CLOCK_UNTOLD] / n, fine ? "" : "OFF");
	return fine;
}

static void print_other(const struct row *r)
{
	const struct tally *t = &r->tally;
	double n = t->drawn;

	if (t->drawn == 0)
		return;
	printf("| %s | %.0f | %.3f | %.3f | %.3f | %.2f |\n", r->model->name, t->visits / n,
	    share_below(t->p, t->drawn, .05), t->quiet_weekend / n, t->covered / n, t->width_h / n);
}

static bool print_pair(const struct row *r)
{
	const struct tally *t = &r->tally;
	enum ends_shape truth = r->model->kind == WEEK_BOTH      ? ENDS_EITHER
				: r->model->kind == WEEK_OVERLAP ? ENDS_BOTH
								 : ENDS_ONE;
	double n = t->drawn;
	unsigned told = t->shape[ENDS_ONE] + t->shape[ENDS_EITHER] + t->shape[ENDS_BOTH];
	bool fine = r->model->other_min != 420 || t->shape[truth] >= .8 * n;

	if (t->drawn == 0)
		return true;
	printf("| %s | %.0f | %.3f %.3f %.3f | %.3f | %.3f | %s |\n", r->model->name, t->visits / n,
	    t->shape[ENDS_ONE] / n, t->shape[ENDS_EITHER] / n, t->shape[ENDS_BOTH] / n,
	    1 - told / n, t->near / n, fine ? "" : "OFF");
	return fine;
}

/* Only those whose names hold one of the words, which end with NULL. */
static void pick_rows(struct row *rows, size_t row_count, unsigned count, char **words)
{
	for (size_t i = 0; i < row_count; i++) {
		rows[i].count = 0;
		for (size_t j = 0; words[j] != NULL; j++)
			if (strstr(rows[i].model->name, words[j]) != NULL)
				rows[i].count = count;
	}
}

int main(int argc, char **argv)
{
	static struct row
	    rows[COUNT_OF(nulls) + COUNT_OF(zones) + COUNT_OF(others) + COUNT_OF(pairs)];
	bool is_long = argc > 1 && strcmp(argv[1], "--long") == 0;
	bool fine = true;
	struct err err;
	size_t at = 0;

	for (size_t i = 0; i < COUNT_OF(nulls); i++)
		rows[at++] =
		    (struct row){ &nulls[i], is_long ? LONG_NULLS : SHORT_NULLS, .zone = false };
	for (size_t i = 0; i < COUNT_OF(zones); i++)
		rows[at++] =
		    (struct row){ &zones[i], is_long ? LONG_ZONES : SHORT_ZONES, .zone = true };
	for (size_t i = 0; i < COUNT_OF(others); i++)
		rows[at++] =
		    (struct row){ &others[i], is_long ? LONG_ZONES : SHORT_ZONES, .zone = true };
	for (size_t i = 0; i < COUNT_OF(pairs); i++)
		rows[at++] = (struct row){ &pairs[i], is_long ? LONG_PAIRS : SHORT_PAIRS,
			.zone = true, .ends = true };
	if (argc > 3)
		pick_rows(rows, COUNT_OF(rows), (unsigned)strtoul(argv[2], NULL, 10), argv + 3);
	if (!parallel_for(parallel_default_jobs(), COUNT_OF(rows), turn, rows, &err)) {
		fprintf(stderr, "%s\n", err.text);
		return 2;
	}
	printf("%u series a null, %u a zone, %d turns, seed %d\n\n", rows[0].count,
	    rows[COUNT_OF(nulls)].count, SURROGATES, SEED);
	puts("| no hour preferred | visits | p <= .05 .01 | too small by | p_week <= .05 .01 | too "
	     "small by | |\n|---|---|---|---|---|---|---|");
	at = 0;
	for (size_t i = 0; i < COUNT_OF(nulls); i++)
		fine = print_null(&rows[at++]) && fine;
	puts("\n| working hours in a random zone | visits | p <= .05 | true offset in the set | "
	     "set, "
	     "h | dispersion | summer time: not testable, steady, changes, untold | "
	     "|\n|---|---|---|---|---|---|---|---|");
	for (size_t i = 0; i < COUNT_OF(zones); i++)
		fine = print_zone(&rows[at++], true) && fine;
	puts("\n| something else | visits | p <= .05 | quiet weekend | true offset in the set | "
	     "set, h "
	     "|\n|---|---|---|---|---|---|");
	for (size_t i = 0; i < COUNT_OF(others); i++)
		print_other(&rows[at++]);
	puts("\n| hours of one zone or two | visits | told: one, either, both at once | cannot "
	     "tell | "
	     "both zones within an hour | |\n|---|---|---|---|---|---|");
	for (size_t i = 0; i < COUNT_OF(pairs); i++)
		fine = print_pair(&rows[at++]) && fine;
	return fine ? 0 : 1;
}
