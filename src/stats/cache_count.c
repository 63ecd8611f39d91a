/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * m caches, fed at random at the rate l(t) of an hour of the week, let through look-ups at the
 * rate l(t) (m - held) / m: each that was seen in the last TTL filled one of them. The likelihood
 * of m is therefore explicit; with l at its maximum in each of the 48 cells it is
 *   sum over look-ups of log((m - held) / m) + sum over cells of n_c log(n_c / L_c(m)) - n.
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

static double open_share(unsigned m, unsigned held)
{
	return held < m ? double_max((double)(m - held) / (double)m, LEAK) : LEAK;
}

static double log_likelihood(const struct cache_states *s, unsigned m)
{
	double sum = 0;

	for (unsigned c = 0; c < CELL_COUNT; c++) {
		double live_s = 0, seen = 0;

		for (unsigned held = 0; held <= CACHES_MAX; held++) {
			double share = open_share(m, held);
			double n = s->seen[held][c] + s->seen[held][c + CELL_COUNT];

			live_s += share * (s->live_s[held][c] + s->live_s[held][c + CELL_COUNT]);
			seen += n;
			sum += n * log(share);
		}
		if (seen > 0)
			sum += seen * log(seen / double_max(live_s, 1e-3));
	}
	return sum;
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
