/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * n / L with L the live time less what the cache blocked; n being Poisson given L in the limit of
 * a slow rate, and L being a gamma variable given n in that of a fast one, the interval of Garwood
 * (1936) covers both: [chi2(.025; 2n) / 2, chi2(.975; 2n + 2) / 2] / L.
 */
#include "stats/live_rate.h"

#include <assert.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <math.h>

#include "base/limits.h"
#include "base/minmax.h"

#define TAIL .025

/*
 * What visits hide is made up for on average. Is it, uncorrected, less than half of the interval, so
 * that what is left of it is nothing?
 */
static bool merges_little(const struct cache_states *s, unsigned m, const struct live_rate *r)
{
	double lost = (double)s->count / s->total_s * LIMIT_VISIT_GAP_S;

	return m == 1 || lost / (1 - r->saturation) <= 1 / sqrt((double)s->count);
}

void live_rate_fit(const struct cache_states *s, unsigned m, unsigned most, struct live_rate *ret)
{
	double n = (double)s->count;
	double free_s = cache_states_open(s, m).live_s;
	double most_free_s =
	    cache_states_open(s, most < CACHES_MAX ? (double)most : (double)INFINITY).live_s;

	assert(s->count > 0);
	(void)gsl_set_error_handler_off();
	*ret = (struct live_rate){ .per_s = NAN,
		.low_per_s = NAN,
		.high_per_s = NAN,
		.saturation = 1,
		.attenuation = 0,
		.lookups = s->count };
	if (!(free_s > 0) || !(s->total_s > 0))
		return;
	/* 1 / (1 + l tau) is the share of time that is free */
	ret->attenuation = cache_states_free(s, m) / s->total_s;
	ret->saturation = 1 - ret->attenuation;
	ret->estimable = ret->saturation <= LIVE_RATE_SATURATED && merges_little(s, m, ret);
	ret->low_per_s = gsl_cdf_chisq_Pinv(TAIL, 2 * n) / 2 / double_max(free_s, most_free_s);
	if (!ret->estimable)
		return;
	ret->per_s = n / free_s;
	ret->high_per_s = gsl_cdf_chisq_Qinv(TAIL, 2 * n + 2) / 2 / free_s;
}
