/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * m caches, fed at random at the rate l(t) of an hour of the week, let through look-ups at the
 * rate l(t) (m - held) / m: each that was seen in the last TTL filled one of them. The likelihood
 * of m is therefore explicit. The rates of the 48 cells are of a gamma distribution, whose shape is
 * fitted: with a rate of its own for each cell, at its maximum, a busy hour of a short record
 * explained its look-ups by a high rate behind few caches, and eight caches were bounded below
 * eight in two series of five.
 * No look-up is possible while all m hold the name, but a cache is emptied now and then: a
 * hundredth of the rate passes even then.
 */
#include "stats/cache_count.h"

#include <math.h>

#include "base/limits.h"
#include "base/minmax.h"
#include "stats/cache_gaps.h"

#define LEAK    .01
#define DROP_95 1.352 /* of the log likelihood, one-sided: chi2(.90; 1) / 2 */

/* Of the cells' rates: from hours that have nothing in common to hours that are all the same. */
static const double shapes[] = { .1, .3, 1, 3, 10, 100, 1000 };

/* Of the counts of all cells, their rates drawn from the gamma distribution that fits them best. */
static double of_cells(const double seen[static CELL_COUNT], const double live_s[static CELL_COUNT])
{
	double all = 0, all_s = 0, best = -INFINITY;
	int sign; /* of the gamma function, which lgamma() would keep for all threads */

	for (unsigned c = 0; c < CELL_COUNT; c++) {
		all += seen[c];
		all_s += live_s[c];
	}
	for (size_t i = 0; i < COUNT_OF(shapes); i++) {
		double shape = shapes[i], scale_s = shape * double_max(all_s, 1e-3) / all;
		double sum = 0;

		for (unsigned c = 0; c < CELL_COUNT; c++)
			sum += lgamma_r(seen[c] + shape, &sign) - lgamma_r(shape, &sign) +
			       shape * log(scale_s) - (seen[c] + shape) * log(live_s[c] + scale_s);
		best = double_max(best, sum);
	}
	return best;
}

static double log_likelihood(const struct cache_states *s, unsigned m)
{
	const struct cache_open open = cache_states_open(s, m);
	double seen[CELL_COUNT], live_s[CELL_COUNT], sum = 0;

	for (unsigned c = 0; c < CELL_COUNT; c++) {
		seen[c] = live_s[c] = 0;
		for (unsigned held = 0; held <= CACHES_MAX; held++) {
			double share = double_max(cache_open_share(&open, held), LEAK);
			double n = s->seen[held][c] + s->seen[held][c + CELL_COUNT];

			live_s[c] += share * (s->live_s[held][c] + s->live_s[held][c + CELL_COUNT]);
			seen[c] += n;
			sum += n * log(share);
		}
	}
	return sum + of_cells(seen, live_s);
}

/* *ret if it is likelier than what *ret holds. */
static void fit(const struct cache_states *s, double dead_s, struct cache_count *ret)
{
	double at[CACHES_MAX + 1];
	double best = -INFINITY;
	unsigned m;

	for (m = 1; m <= CACHES_MAX; m++) {
		at[m] = log_likelihood(s, m);
		best = double_max(best, at[m]);
	}
	if (ret->caches > 0 && best <= ret->log_likelihood)
		return;
	*ret = (struct cache_count){ .dead_s = dead_s, .log_likelihood = best };
	for (m = 1; at[m] < best - DROP_95; m++)
		;
	ret->caches = m;
	for (m = CACHES_MAX; at[m] < best - DROP_95; m--)
		;
	ret->most = m;
}

void cache_count_fit(const struct exposure *e, const double *visits_s, size_t count, double ttl_s,
    struct cache_count *ret)
{
	struct cache_states s;

	*ret = (struct cache_count){ .caches = 0 };
	for (unsigned early = 0; early < 2; early++) {
		double dead_s =
		    double_max((1 - early * CACHE_GAPS_EARLY_SHARE) * ttl_s, LIMIT_VISIT_SPAN_S);

		cache_states_tally(&s, e, visits_s, count, dead_s);
		fit(&s, dead_s, ret);
	}
}
