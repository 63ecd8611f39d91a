/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The drop from the best zone to the true one is taken to be distributed as that from the best zone
 * of a resample of days to the best zone of the data (block bootstrap): a zone is in the set when
 * its drop is within the 95 % point of that, and at least within the 3.84 of independent visits. Few
 * days are little to draw from: the cut grows as F's 95 % point grows over chi squared's, with the
 * effective number of days.
 *
 * Days that were seen do not tell how far from the edges of its hours an office might have been
 * seen: that is drawn from the best zone itself, session by session (zone_draw.h). The larger of
 * both points counts.
 */
#include "stats/zone_set.h"

#include <gsl/gsl_cdf.h>
#include <stdlib.h>

#include "base/minmax.h"
#include "base/philox.h"
#include "stats/zone_draw.h"

#define PURPOSE_RESAMPLE 7
#define PURPOSE_SESSIONS 11
#define CHI2_95          3.84

static int double_cmp(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static bool is_weekend(const struct day_grid_day *d)
{
	return d->weekday >= 5;
}

/* As many working days and as many days off as there are, each any of its kind. */
static void resample(const struct day_grid *g, const size_t *sorted, size_t workdays,
    struct philox *random, uint16_t *times)
{
	for (size_t i = 0; i < g->day_count; i++)
		times[i] = 0;
	for (size_t i = 0; i < g->day_count; i++) {
		size_t from = i < workdays ? 0 : workdays;
		size_t count = i < workdays ? workdays : g->day_count - workdays;

		times[sorted[from + philox_below(random, (uint32_t)count)]]++;
	}
}

static size_t sort_days(const struct day_grid *g, size_t *ret)
{
	size_t count = 0, workdays;

	for (size_t i = 0; i < g->day_count; i++)
		if (!is_weekend(&g->days[i]))
			ret[count++] = i;
	workdays = count;
	for (size_t i = 0; i < g->day_count; i++)
		if (is_weekend(&g->days[i]))
			ret[count++] = i;
	return workdays;
}

/* How much wider than with many days: F(1, m - 1) to chi squared, m = 1 / sum of squared shares. */
static double widening(const struct day_grid *g)
{
	double squares = 0, days;

	for (size_t i = 0; i < g->day_count; i++)
		squares += g->days[i].visits * g->days[i].visits;
	days = squares > 0 ? g->visits * g->visits / squares : 0;
	return gsl_cdf_fdist_Pinv(.95, 1, days > 3 ? days - 1 : 2) / CHI2_95;
}

static double drop_to_best(
    const struct zone_likelihood *again, const struct zone_likelihood *observed)
{
	return 2 * (again->max - again->of[observed->best.rule][observed->best.offset]);
}

/* Sorts. */
static double upper_point(double drops[static ZONE_SET_RESAMPLES])
{
	qsort(drops, ZONE_SET_RESAMPLES, sizeof(*drops), double_cmp);
	return drops[ZONE_SET_RESAMPLES * 95 / 100];
}

/* The drop from the best zone to the true one, where that is the best one and sessions are drawn. */
static bool cut_by_sessions(struct zone_fit *f, const struct zone_likelihood *observed,
    uint64_t seed, uint64_t series, double *ret)
{
	double drops[ZONE_SET_RESAMPLES];
	struct zone_likelihood again;
	struct philox random;
	struct zone_draw draw;

	if (!zone_draw_init(&draw, f, observed))
		return false;
	philox_init(&random, seed, series, PURPOSE_SESSIONS);
	for (unsigned i = 0; i < ZONE_SET_RESAMPLES; i++) {
		zone_draw_next(&draw, &random, &again);
		drops[i] = drop_to_best(&again, observed);
	}
	zone_draw_release(&draw);
	*ret = upper_point(drops);
	return true;
}

static bool cut_by_days(struct zone_fit *f, const struct zone_likelihood *observed, uint64_t seed,
    uint64_t series, struct zone_set *ret)
{
	const struct day_grid *g = f->grid;
	uint16_t *times = calloc(g->day_count + 1, sizeof(*times));
	size_t *sorted = calloc(g->day_count + 1, sizeof(*sorted));
	double drops[ZONE_SET_RESAMPLES];
	struct zone_likelihood again;
	struct philox random;
	bool ok = times != NULL && sorted != NULL;
	size_t workdays = ok ? sort_days(g, sorted) : 0;

	philox_init(&random, seed, series, PURPOSE_RESAMPLE);
	ret->dispersion = 0;
	for (unsigned i = 0; ok && i < ZONE_SET_RESAMPLES; i++) {
		resample(g, sorted, workdays, &random, times);
		zone_fit_grid(f, NULL, times, &again);
		drops[i] = drop_to_best(&again, observed);
		ret->dispersion += drops[i] / ZONE_SET_RESAMPLES;
	}
	if (ok)
		ret->cut = double_max(upper_point(drops), CHI2_95) * widening(g);
	free(times);
	free(sorted);
	return ok;
}

/* Visits on days of summer time by a rule. */
static double summer_visits(const struct day_grid *g, enum zone_rule rule)
{
	double sum = 0;

	for (size_t i = 0; i < g->day_count; i++)
		if (g->phases[g->days[i].phase] >> rule & 1)
			sum += g->days[i].visits;
	return sum;
}

/* The offset in force for most visits. */
static int in_force(const struct day_grid *g, enum zone_rule rule, unsigned offset)
{
	return zone_offset_min(offset) + (2 * summer_visits(g, rule) > g->visits ? 60 : 0);
}

static void list_offsets(const struct zone_fit *f, struct zone_set *ret)
{
	bool listed[ZONE_OFFSETS] = { false };

	for (unsigned rule = 0; rule < ZONE_RULES; rule++)
		for (unsigned i = 0; i < ZONE_OFFSETS; i++)
			if (ret->in[rule][i])
				listed[in_force(f->grid, (enum zone_rule)rule, i) / 15 -
				       ZONE_OFFSET_MIN_QUARTERS] = true;
	for (unsigned i = 0; i < ZONE_OFFSETS; i++)
		if (listed[i])
			ret->offsets_min[ret->offset_count++] = zone_offset_min(i);
}

static enum zone_clock tell_clock(const struct zone_fit *f, const struct zone_set *s)
{
	bool testable = false, steady = false, changes = false;

	for (unsigned rule = 0; rule < ZONE_RULES; rule++) {
		double summer = summer_visits(f->grid, (enum zone_rule)rule);

		testable = testable || (rule != ZONE_STEADY && summer >= ZONE_SET_SIDE_MIN &&
					   f->grid->visits - summer >= ZONE_SET_SIDE_MIN);
		for (unsigned i = 0; i < ZONE_OFFSETS; i++) {
			steady = steady || (rule == ZONE_STEADY && s->in[rule][i]);
			changes = changes || (rule != ZONE_STEADY && s->in[rule][i]);
		}
	}
	if (!testable)
		return ZONE_CLOCK_UNTESTABLE;
	if (steady && changes)
		return ZONE_CLOCK_UNTOLD;
	return steady ? ZONE_CLOCK_STEADY : ZONE_CLOCK_CHANGES;
}

bool zone_set_find(struct zone_fit *f, const struct zone_likelihood *observed, uint64_t seed,
    uint64_t series, struct zone_set *ret, struct err *reterr)
{
	double by_sessions;

	*ret = (struct zone_set){ .offset_count = 0 };
	if (!cut_by_days(f, observed, seed, series, ret) ||
	    !cut_by_sessions(f, observed, seed, series, &by_sessions)) {
		err_set_memory(reterr);
		return false;
	}
	ret->cut = double_max(ret->cut, by_sessions);
	for (unsigned rule = 0; rule < ZONE_RULES; rule++)
		for (unsigned i = 0; i < ZONE_OFFSETS; i++)
			ret->in[rule][i] = f->rules[rule] && observed->of[rule][i] > 0 &&
					   2 * (observed->max - observed->of[rule][i]) <= ret->cut;
	ret->best_min = in_force(f->grid, observed->best.rule, observed->best.offset);
	list_offsets(f, ret);
	ret->clock = tell_clock(f, ret);
	return true;
}
