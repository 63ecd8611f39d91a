/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * K pauses are longer than a visit and shorter than .9 c. Without a cache K is a sum of unequal
 * Bernoulli variables, 1 - exp(-expected in that stretch after each visit); up to the mean less
 * one, P(K or fewer) is at most the binomial's of the same mean (Hoeffding 1956), which is what is
 * used. Customary TTLs come first, then the shortest pause itself; of those at which short pauses
 * are missing the longest counts at which hardly any is left.
 */
#include "stats/cache_ttl.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <math.h>

#include "base/limits.h"
#include "base/minmax.h"
#include "base/size.h"
#include "stats/profile.h"

#define VISITS_MIN 8
#define FEW_SHARE  .01 /* pauses that a cache of that TTL leaves: it is emptied now and then */
#define SHORTER    .9
#define LEVEL      .05

static const double customary_s[] = { 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400 };

struct search {
	const double *visits_s;
	size_t count;
	const struct profile *profile;
};

static double p_without_cache(const struct search *s, double ttl_s, size_t *ret_shorter)
{
	double gaps = (double)s->count - 1, mean = 0;

	*ret_shorter = 0;
	for (size_t i = 1; i < s->count; i++) {
		double from_s = s->visits_s[i - 1] + LIMIT_VISIT_SPAN_S;
		double upto_s = s->visits_s[i - 1] + SHORTER * ttl_s;

		mean += -expm1(-profile_integral(s->profile, from_s, upto_s));
		*ret_shorter += s->visits_s[i] > from_s && s->visits_s[i] < upto_s;
	}
	if ((double)*ret_shorter > mean - 1)
		return 1;
	return gsl_cdf_binomial_P((unsigned)*ret_shorter, mean / gaps, (unsigned)gaps);
}

/* Is the candidate a better answer than the one so far? */
static void try_candidate(const struct search *s, double ttl_s, struct cache_ttl *best)
{
	size_t shorter;
	double p = p_without_cache(s, ttl_s, &shorter) * (double)(COUNT_OF(customary_s) + 1);

	if (p <= LEVEL && (double)shorter <= FEW_SHARE * (double)s->count && ttl_s > best->ttl_s)
		*best = (struct cache_ttl){ .ttl_s = ttl_s, .p = p };
}

static double shortest_gap(const double *visits_s, size_t count)
{
	double shortest = INFINITY;

	for (size_t i = 1; i < count; i++)
		shortest = double_min(shortest, visits_s[i] - visits_s[i - 1]);
	return shortest;
}

bool cache_ttl_find(const double *visits_s, size_t count, const struct exposure *e,
    struct cache_ttl *ret, struct err *reterr)
{
	struct profile profile = { .down = NULL };
	struct search s = { .visits_s = visits_s, .count = count, .profile = &profile };

	*ret = (struct cache_ttl){ .p = 1 };
	if (count < VISITS_MIN)
		return true;
	(void)gsl_set_error_handler_off();
	if (!profile_fit(&profile, e, visits_s, count, LIMIT_VISIT_SPAN_S, PROFILE_TO_TEST, reterr))
		return false;
	for (size_t i = 0; i < COUNT_OF(customary_s); i++)
		try_candidate(&s, customary_s[i], ret);
	if (ret->ttl_s == 0)
		try_candidate(&s, shortest_gap(visits_s, count), ret);
	profile_release(&profile);
	return true;
}
