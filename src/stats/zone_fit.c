/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/zone_fit.h"

#include <math.h>

static const double shares[ZONE_FIT_SHARES] = { .02, .05, .1, .2, .4, .7 };

static double rise_of(double share)
{
	return (1 - share) / (share * WORKDAY_MEAN);
}

static void set_norms(struct zone_fit *f, enum zone_rule rule)
{
	double live_s[WEEK_QUARTERS];
	double sums[ZONE_OFFSETS][WORKDAY_LEVELS];
	double all_s = 0;

	day_grid_localize(f->grid, rule, f->grid->live_s, live_s);
	for (unsigned q = 0; q < WEEK_QUARTERS; q++)
		all_s += live_s[q];
	workday_sums(live_s, ZONE_OFFSET_MIN_QUARTERS, ZONE_OFFSETS, sums);
	for (unsigned i = 0; i < ZONE_OFFSETS; i++) {
		double mean = 0;

		for (unsigned level = 1; level < WORKDAY_LEVELS; level++)
			mean += workday_value[level] * sums[i][level] / fmax(all_s, 1);
		for (unsigned e = 0; e < ZONE_FIT_SHARES; e++)
			f->norm[rule][e][i] = log1p(rise_of(shares[e]) * mean);
	}
}

void zone_fit_init(struct zone_fit *f, const struct day_grid *grid)
{
	f->grid = grid;
	for (unsigned e = 0; e < ZONE_FIT_SHARES; e++)
		for (unsigned level = 0; level < WORKDAY_LEVELS; level++)
			f->one[e][level] = log1p(rise_of(shares[e]) * workday_value[level]);
	for (unsigned rule = 0; rule < ZONE_RULES; rule++) {
		f->rules[rule] =
		    rule == ZONE_STEADY || day_grid_has_change(grid, (enum zone_rule)rule);
		if (f->rules[rule])
			set_norms(f, (enum zone_rule)rule);
	}
}

static double log_likelihood(
    const struct zone_fit *f, unsigned rule, unsigned i, unsigned e, const double *sums, double all)
{
	double sum = -all * f->norm[rule][e][i];

	for (unsigned level = 1; level < WORKDAY_LEVELS; level++)
		sum += sums[level] * f->one[e][level];
	return sum;
}

static double best_share(
    const struct zone_fit *f, unsigned rule, unsigned i, const double *sums, double all)
{
	double best = 0;

	for (unsigned e = 0; e < ZONE_FIT_SHARES; e++) {
		double value = log_likelihood(f, rule, i, e, sums, all);

		best = value > best ? value : best;
	}
	return best;
}

void zone_fit_all(
    const struct zone_fit *f, const double (*by_phase)[WEEK_QUARTERS], struct zone_likelihood *ret)
{
	double local[WEEK_QUARTERS];
	double sums[ZONE_OFFSETS][WORKDAY_LEVELS];

	*ret = (struct zone_likelihood){ .max = 0, .best.offset = -ZONE_OFFSET_MIN_QUARTERS };
	for (unsigned rule = 0; rule < ZONE_RULES; rule++) {
		double all = 0;

		if (!f->rules[rule])
			continue;
		day_grid_localize(f->grid, (enum zone_rule)rule, by_phase, local);
		for (unsigned q = 0; q < WEEK_QUARTERS; q++)
			all += local[q];
		workday_sums(local, ZONE_OFFSET_MIN_QUARTERS, ZONE_OFFSETS, sums);
		for (unsigned i = 0; i < ZONE_OFFSETS; i++) {
			double value;

			/* with summer time, no clock is further east than +14:00 either */
			if (rule != ZONE_STEADY && i + 4 >= ZONE_OFFSETS)
				break;
			value = best_share(f, rule, i, sums[i], all);
			ret->of[rule][i] = value;
			if (value <= ret->max)
				continue;
			ret->max = value;
			ret->best = (struct zone_place){ (enum zone_rule)rule, i };
		}
	}
}

void zone_fit_week(struct zone_fit *f, struct zone_likelihood *ret)
{
	struct day_grid_weights weights;
	double by_phase[DAY_GRID_PHASES_MAX][WEEK_QUARTERS];

	day_grid_weigh(f->grid, &f->week, &weights);
	day_grid_merge(f->grid, &f->week, &weights, by_phase);
	zone_fit_all(f, (const double(*)[WEEK_QUARTERS])by_phase, ret);
}

void zone_fit_grid(
    struct zone_fit *f, const uint8_t *turn, const uint16_t *times, struct zone_likelihood *ret)
{
	day_grid_add_up(f->grid, turn, times, &f->week);
	zone_fit_week(f, ret);
}

double zone_fit_rise(
    const struct zone_fit *f, const struct day_grid_weights *weights, const struct zone_place *zone)
{
	double by_phase[DAY_GRID_PHASES_MAX][WEEK_QUARTERS], local[WEEK_QUARTERS];
	double sums[1][WORKDAY_LEVELS], all = 0, best = 0, rise = 0;

	day_grid_merge(f->grid, &f->week, weights, by_phase);
	day_grid_localize(f->grid, zone->rule, (const double(*)[WEEK_QUARTERS])by_phase, local);
	for (unsigned q = 0; q < WEEK_QUARTERS; q++)
		all += local[q];
	workday_sums(local, ZONE_OFFSET_MIN_QUARTERS + (int)zone->offset, 1, sums);
	for (unsigned e = 0; e < ZONE_FIT_SHARES; e++) {
		double value = log_likelihood(f, zone->rule, zone->offset, e, sums[0], all);

		if (value > best) {
			best = value;
			rise = rise_of(shares[e]);
		}
	}
	return rise;
}
