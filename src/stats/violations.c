/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Seen here: Poisson(v c); with the other names: Poisson(v C), S of them. Given their sum the
 * first is binomial (Przyborowski & Wilenski 1940), and P(K or more) = I_x(K, S + 1) with
 * x = c / (c + C): the same as a negative binomial with v ~ Gamma(S + 1, C). It is exact for every
 * v, so that no prior over resolvers is needed. Where the other names are more unlike each other
 * than Poisson counts are, the variance of v among them (by moments) widens the gamma. Chances are
 * those of a cache that is emptied at random; behind several caches, or one that is emptied several
 * times within a TTL, seen / chances changes with the rate of the questions, by up to a half over
 * all rates: hence names of like chances alone, and a deviation of v of a tenth at least.
 */
#include "stats/violations.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <math.h>

#define LIKE      2.0
#define DEVIATION .1

void violations_add(struct violations_background *b, const struct cache_gaps *target,
    const struct cache_gaps *other)
{
	double seen = (double)other->forbidden;
	double chance = other->chances_s * (double)target->gaps;
	double wanted = target->chances_s * (double)other->gaps;

	if (!(chance > 0) || chance > LIKE * wanted || wanted > LIKE * chance)
		return;
	b->names++;
	b->seen += seen;
	b->chances += other->chances_s;
	b->seen2 += seen * seen;
	b->chances2 += other->chances_s * other->chances_s;
	b->product += seen * other->chances_s;
}

void violations_join(struct violations_background *b, const struct violations_background *other)
{
	b->names += other->names;
	b->seen += other->seen;
	b->chances += other->chances;
	b->seen2 += other->seen2;
	b->chances2 += other->chances2;
	b->product += other->product;
}

/* Variance of v from name to name beyond that of Poisson counts. */
static double variance_between(const struct violations_background *b)
{
	double v = b->seen / b->chances;
	double residues = b->seen2 - 2 * v * b->product + v * v * b->chances2;

	return fmax((residues - v * b->chances) / b->chances2, DEVIATION * DEVIATION * v * v);
}

/* P(count or more). */
static double upper_tail(
    const struct violations_background *b, const struct cache_gaps *g, size_t count)
{
	double mean, shape, scale;

	(void)gsl_set_error_handler_off();
	if (b->names < VIOLATIONS_NAMES_MIN || !(b->chances > 0) || !(g->chances_s > 0))
		return NAN;
	if (count == 0)
		return 1;
	mean = (b->seen + 1) / b->chances;
	scale = mean / (mean / b->chances + variance_between(b));
	shape = mean * scale;
	return gsl_cdf_beta_P(g->chances_s / (g->chances_s + scale), (double)count, shape);
}

double violations_p(const struct violations_background *b, const struct cache_gaps *g)
{
	return upper_tail(b, g, g->forbidden);
}

double violations_p_above(const struct violations_background *b, const struct cache_gaps *g)
{
	return upper_tail(b, g, g->forbidden + 1);
}
