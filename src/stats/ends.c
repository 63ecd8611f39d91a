/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fits are by search: hours first, then quarters of an hour about the best. Visits and live time are
 * added up by the pair of levels that the template has in the two zones; every shape and every r is
 * then had from 49 sums. The r of what is found is refined: while it stood on a list, two zones next
 * to each other could have a better r than one zone, and won by that alone.
 */
#include "stats/ends.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/philox.h"

#define PURPOSE_ENDS 8
#define RISES        10
#define PAIRS        (WORKDAY_LEVELS * WORKDAY_LEVELS)
#define SMALL_P      .05
#define CHI2_95      3.84

static const double rises[RISES] = { .5, 1, 2, 4, 8, 16, 32, 64, 200, 700 };

struct fit {
	unsigned zones[2];
	double rise; /* r */
	double mean; /* of s over live time */
	double log_likelihood;
};

/* What all fits to the same live time share. */
struct table {
	const double *live_s;
	double all_s;
	double value[ENDS_SHAPES][PAIRS];
	double log_value[ENDS_SHAPES][RISES][PAIRS];
	uint8_t level[2 * WEEK_QUARTERS]; /* of two weeks, so that any zone's begins inside */
	double mean[ENDS_SHAPES][ZONE_OFFSETS]
		   [ZONE_OFFSETS]; /* of s over live time; < 0: not yet */
};

static void table_init(struct table *t, const double *live_s)
{
	t->live_s = live_s;
	t->all_s = 0;
	for (unsigned q = 0; q < 2 * WEEK_QUARTERS; q++) {
		t->level[q] = workday_level[q % WEEK_QUARTERS];
		t->all_s += q < WEEK_QUARTERS ? live_s[q] : 0;
	}
	for (unsigned pair = 0; pair < PAIRS; pair++) {
		double first = workday_value[pair / WORKDAY_LEVELS];
		double second = workday_value[pair % WORKDAY_LEVELS];

		t->value[ENDS_ONE][pair] = first;
		t->value[ENDS_EITHER][pair] = (first + second) / 2;
		t->value[ENDS_BOTH][pair] = first * second;
	}
	for (unsigned i = 0; i < ENDS_SHAPES * ZONE_OFFSETS * ZONE_OFFSETS; i++)
		(&t->mean[0][0][0])[i] = -1;
	for (unsigned shape = 0; shape < ENDS_SHAPES; shape++)
		for (unsigned r = 0; r < RISES; r++)
			for (unsigned pair = 0; pair < PAIRS; pair++)
				t->log_value[shape][r][pair] =
				    log1p(rises[r] * t->value[shape][pair]);
}

/* The week's first local quarter in a zone. */
static const uint8_t *levels_in(const struct table *t, unsigned zone)
{
	return t->level + (WEEK_QUARTERS + (int)zone + ZONE_OFFSET_MIN_QUARTERS) % WEEK_QUARTERS;
}

static void add_up(
    const struct table *t, const double *week, unsigned a, unsigned b, double ret[static PAIRS])
{
	const uint8_t *first = levels_in(t, a), *second = levels_in(t, b);

	memset(ret, 0, PAIRS * sizeof(*ret));
	for (unsigned q = 0; q < WEEK_QUARTERS; q++)
		ret[first[q] * WORKDAY_LEVELS + second[q]] += week[q];
}

/* The quarters of a week with visits, which are gone through for hundreds of pairs of zones. */
struct visited {
	unsigned count;
	uint16_t quarters[WEEK_QUARTERS];
	double visits[WEEK_QUARTERS];
};

static void list_visited(const double *week, struct visited *ret)
{
	ret->count = 0;
	for (unsigned q = 0; q < WEEK_QUARTERS; q++) {
		ret->quarters[ret->count] = (uint16_t)q;
		ret->visits[ret->count] = week[q];
		ret->count += week[q] != 0;
	}
}

/* As add_up(): zeros add nothing. */
static void add_visited(const struct table *t, const struct visited *v, unsigned a, unsigned b,
    double ret[static PAIRS])
{
	const uint8_t *first = levels_in(t, a), *second = levels_in(t, b);

	memset(ret, 0, PAIRS * sizeof(*ret));
	for (unsigned i = 0; i < v->count; i++) {
		unsigned q = v->quarters[i];

		ret[first[q] * WORKDAY_LEVELS + second[q]] += v->visits[i];
	}
}

static double mean_of(struct table *t, enum ends_shape shape, unsigned a, unsigned b)
{
	double *mean = &t->mean[shape][a][b];
	double live_s[PAIRS];

	if (*mean >= 0)
		return *mean;
	add_up(t, t->live_s, a, b, live_s);
	*mean = 0;
	for (unsigned pair = 0; pair < PAIRS; pair++)
		*mean += live_s[pair] * t->value[shape][pair] / t->all_s;
	return *mean;
}

static double log_likelihood(
    const struct table *t, enum ends_shape shape, const double *visits, const struct fit *fit)
{
	double sum = 0, all = 0;

	for (unsigned pair = 0; pair < PAIRS; pair++) {
		if (visits[pair] <= 0)
			continue;
		sum += visits[pair] * log1p(fit->rise * t->value[shape][pair]);
		all += visits[pair];
	}
	return sum - all * log1p(fit->rise * fit->mean);
}

/* Try two zones for one shape; *best is replaced where they are likelier. */
static void try_zones(struct table *t, enum ends_shape shape, const struct visited *week,
    unsigned a, unsigned b, struct fit *best)
{
	struct fit fit = { .zones = { a, b }, .mean = mean_of(t, shape, a, b) };
	double visits[PAIRS];
	double all = 0;

	add_visited(t, week, a, b, visits);
	for (unsigned pair = 0; pair < PAIRS; pair++)
		all += visits[pair];
	for (unsigned r = 0; r < RISES; r++) {
		const double *log_value = t->log_value[shape][r];

		fit.rise = rises[r];
		fit.log_likelihood = -all * log1p(fit.rise * fit.mean);
		for (unsigned pair = 0; pair < PAIRS; pair++)
			fit.log_likelihood += visits[pair] * log_value[pair];
		if (fit.log_likelihood > best->log_likelihood)
			*best = fit;
	}
}

/* The likeliest r between the neighbors of the one on the list, by thirds of its logarithm. */
static void refine_rise(
    const struct table *t, enum ends_shape shape, const struct visited *week, struct fit *fit)
{
	double visits[PAIRS];
	double low = log(fit->rise / 3.5), high = log(fit->rise * 3.5);

	add_visited(t, week, fit->zones[0], fit->zones[1], visits);
	for (unsigned i = 0; i < 16; i++) {
		double third = (high - low) / 3;
		struct fit below = *fit, above = *fit;

		below.rise = exp(low + third);
		above.rise = exp(high - third);
		if (log_likelihood(t, shape, visits, &below) >
		    log_likelihood(t, shape, visits, &above))
			high -= third;
		else
			low += third;
	}
	fit->rise = exp((low + high) / 2);
	fit->log_likelihood = log_likelihood(t, shape, visits, fit);
}

/* The offsets by whole hours; for one zone both are the same. */
static void search_hours(
    struct table *t, enum ends_shape shape, const struct visited *week, struct fit *best)
{
	for (unsigned a = 0; a < ZONE_OFFSETS; a += 4) {
		if (shape == ENDS_ONE) {
			try_zones(t, shape, week, a, a, best);
			continue;
		}
		for (unsigned b = a + 4; b < ZONE_OFFSETS; b += 4)
			try_zones(t, shape, week, a, b, best);
	}
}

static struct fit find(struct table *t, enum ends_shape shape, const double *week)
{
	struct fit best = { .log_likelihood = -INFINITY };
	struct visited visited;
	unsigned at[2];

	list_visited(week, &visited);
	search_hours(t, shape, &visited, &best);
	memcpy(at, best.zones, sizeof(at));
	for (unsigned i = 0; i < 7; i++) {
		unsigned a = at[0] + i - 3;

		if (a >= ZONE_OFFSETS) /* also below 0 */
			continue;
		if (shape == ENDS_ONE)
			try_zones(t, shape, &visited, a, a, &best);
		for (unsigned j = 0; j < 7 && shape != ENDS_ONE; j++)
			if (at[1] + j - 3 < ZONE_OFFSETS)
				try_zones(t, shape, &visited, a, at[1] + j - 3, &best);
	}
	refine_rise(t, shape, &visited, &best);
	return best;
}

/* The log score of each fold by a fit to all others, added up. */
static double cross_validate(
    struct table *t, enum ends_shape shape, const struct ends_input *in, const double *all)
{
	double sum = 0;

	for (size_t f = 0; f < in->folds; f++) {
		double others[WEEK_QUARTERS], visits[PAIRS];
		struct fit fit;

		for (unsigned q = 0; q < WEEK_QUARTERS; q++)
			others[q] = all[q] - in->visits[f][q];
		fit = find(t, shape, others);
		add_up(t, in->visits[f], fit.zones[0], fit.zones[1], visits);
		sum += log_likelihood(t, shape, visits, &fit);
	}
	return sum;
}

/* Twice the log likelihood that a second zone adds. */
static double added(struct table *t, const double *week, const struct fit *one)
{
	struct fit either = find(t, ENDS_EITHER, week), both = find(t, ENDS_BOTH, week);

	return 2 * (fmax(either.log_likelihood, both.log_likelihood) - one->log_likelihood);
}

/* Poisson by its own steps: means per quarter of the week are small. */
static double poisson(double mean, struct philox *random)
{
	double count = 0, sum;

	if (mean > 500)
		return fmax(0, floor(mean + sqrt(mean) * philox_normal(random) + .5));
	for (sum = philox_exponential(random); sum < mean; sum += philox_exponential(random))
		count++;
	return count;
}

/* A week as one zone would make it, with as many independent visits as the data are worth. */
static void draw_week(
    const struct table *t, const struct fit *one, double visits, struct philox *random, double *ret)
{
	const uint8_t *level = levels_in(t, one->zones[0]);
	double all = 1 + one->rise * one->mean;

	for (unsigned q = 0; q < WEEK_QUARTERS; q++)
		ret[q] = poisson(visits * t->live_s[q] / t->all_s *
				     (1 + one->rise * workday_value[level[q]]) / all,
		    random);
}

static bool p_of_second(struct table *t, const struct ends_input *in, const double *all,
    const struct fit *one, const struct monte_carlo_plan *plan, double *ret)
{
	struct monte_carlo m = { .values = NULL };
	struct monte_carlo_result p;
	struct philox random;
	double visits = 0;
	bool ok = true;

	for (unsigned q = 0; q < WEEK_QUARTERS; q++)
		visits += all[q] / in->dispersion;
	philox_init(&random, in->seed, in->series, PURPOSE_ENDS);
	monte_carlo_begin(&m, added(t, all, one) / in->dispersion);
	while (ok && monte_carlo_goes_on(&m, plan)) {
		double week[WEEK_QUARTERS];
		struct fit again;

		draw_week(t, one, visits, &random, week);
		again = find(t, ENDS_ONE, week);
		ok = monte_carlo_add(&m, added(t, week, &again));
	}
	monte_carlo_p(&m, &p);
	*ret = p.p;
	monte_carlo_release(&m);
	return ok;
}

/* A zone for each place that drops by no more than two sides of 95 % allow. */
static void list_near(struct table *t, const struct ends_input *in, const double *week,
    const struct fit *best, struct ends_result *ret)
{
	struct visited visited;

	list_visited(week, &visited);
	for (unsigned place = 0; place < 2; place++)
		for (unsigned i = 0; i < ZONE_OFFSETS; i++) {
			unsigned other = best->zones[1 - place];
			struct fit fit = { .log_likelihood = -INFINITY };

			try_zones(
			    t, ret->shape, &visited, i, ret->shape == ENDS_ONE ? i : other, &fit);
			refine_rise(t, ret->shape, &visited, &fit);
			ret->in[place][i] = 2 * (best->log_likelihood - fit.log_likelihood) <=
					    CHI2_95 * in->dispersion;
		}
}

bool ends_fold(struct zone_fit *f, enum zone_rule rule, struct ends_input *ret)
{
	const struct day_grid *g = f->grid;
	struct day_grid_weights weights;
	double by_phase[DAY_GRID_PHASES_MAX][WEEK_QUARTERS];
	uint16_t *times = calloc(g->day_count + 1, sizeof(*times));

	ret->folds = g->day_count / 7 < ENDS_FOLDS ? g->day_count / 7 : ENDS_FOLDS;
	if (times == NULL || ret->folds < 2) {
		free(times);
		return false;
	}
	day_grid_add_up(g, NULL, NULL, &f->week);
	day_grid_weigh(g, &f->week, &weights);
	for (size_t fold = 0; fold < ret->folds; fold++) {
		for (size_t i = 0; i < g->day_count; i++)
			times[i] = i / 7 % ret->folds == fold;
		day_grid_add_up(g, NULL, times, &f->week);
		day_grid_merge(g, &f->week, &weights, by_phase);
		day_grid_localize(
		    g, rule, (const double(*)[WEEK_QUARTERS])by_phase, ret->visits[fold]);
	}
	day_grid_localize(g, rule, g->live_s, ret->live_s);
	free(times);
	return true;
}

bool ends_find(const struct ends_input *in, const struct monte_carlo_plan *plan,
    struct ends_result *ret, struct err *reterr)
{
	struct table *t = malloc(sizeof(*t));
	double all[WEEK_QUARTERS] = { 0 };
	double score[ENDS_SHAPES];
	struct fit one, fit;
	bool ok = t != NULL;

	if (!ok)
		goto out;
	table_init(t, in->live_s);
	for (size_t f = 0; f < in->folds; f++)
		for (unsigned q = 0; q < WEEK_QUARTERS; q++)
			all[q] += in->visits[f][q];
	for (unsigned shape = 0; shape < ENDS_SHAPES; shape++)
		score[shape] = cross_validate(t, (enum ends_shape)shape, in, all);
	one = find(t, ENDS_ONE, all);
	if (!p_of_second(t, in, all, &one, plan, &ret->p)) {
		ok = false;
		goto out;
	}
	ret->shape = score[ENDS_EITHER] > score[ENDS_BOTH] ? ENDS_EITHER : ENDS_BOTH;
	ret->gain = score[ret->shape] - score[ENDS_ONE];
	if (ret->gain <= 0)
		ret->shape = ENDS_ONE;
	fit = find(t, ret->shape, all);
	memcpy(ret->zones, fit.zones, sizeof(fit.zones));
	list_near(t, in, all, &fit, ret);
	ret->told = ret->shape == ENDS_ONE
			? ret->p > SMALL_P
			: ret->p <= SMALL_P && fit.zones[1] - fit.zones[0] >= ENDS_APART_MIN;
out:
	if (!ok)
		err_set_memory(reterr);
	free(t);
	return ok;
}
