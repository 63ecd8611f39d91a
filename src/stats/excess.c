/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Seen here: Poisson(v c); with the other names: Poisson(v C), S of them. Given their sum the
 * first is binomial (Przyborowski & Wilenski 1940), and P(K or more) = I_x(K, S + 1) with
 * x = c / (c + C): the same as a negative binomial with v ~ Gamma(S + 1, C). It is exact for every
 * v, so that no prior over resolvers is needed. Where the other names are more unlike each other
 * than Poisson counts are, the variance of v among them (by moments) widens the gamma.
 */
#include "stats/excess.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <math.h>

#define DEVIATION .1  /* of names' rates from their mean, at least */
#define LIKE      4.0 /* others with so much fewer chances show too little */

void excess_add(struct excess_background *b, double seen, double chances)
{
	b->names++;
	b->seen += seen;
	b->chances += chances;
	b->seen2 += seen * seen;
	b->chances2 += chances * chances;
	b->product += seen * chances;
}

void excess_join(struct excess_background *b, const struct excess_background *other)
{
	b->names += other->names;
	b->seen += other->seen;
	b->chances += other->chances;
	b->seen2 += other->seen2;
	b->chances2 += other->chances2;
	b->product += other->product;
}

double excess_expected(const struct excess_background *b, double chances)
{
	return b->chances > 0 ? b->seen / b->chances * chances : NAN;
}

/* Variance of v from name to name beyond that of Poisson counts. */
static double variance_between(const struct excess_background *b, double deviation)
{
	double v = b->seen / b->chances;
	double residues = b->seen2 - 2 * v * b->product + v * v * b->chances2;

	return fmax((residues - v * b->chances) / b->chances2, deviation * deviation * v * v);
}

/* The gamma that v is drawn from. False: the background is too small. */
static bool fit(const struct excess_background *b, double deviation, double chances,
    double *ret_shape, double *ret_scale)
{
	double mean;

	(void)gsl_set_error_handler_off();
	if (b->names < EXCESS_NAMES_MIN || !(b->chances > 0) || !(chances > 0))
		return false;
	mean = (b->seen + 1) / b->chances;
	*ret_scale = mean / (mean / b->chances + variance_between(b, deviation));
	*ret_shape = mean * *ret_scale;
	return true;
}

double excess_p_more(
    const struct excess_background *b, double deviation, double count, double chances)
{
	double shape, scale;

	if (!fit(b, deviation, chances, &shape, &scale))
		return NAN;
	if (!(count > 0))
		return 1;
	return gsl_cdf_beta_P(chances / (chances + scale), count, shape);
}

double excess_p_fewer(
    const struct excess_background *b, double deviation, double count, double chances)
{
	double shape, scale;

	if (!fit(b, deviation, chances, &shape, &scale))
		return NAN;
	return gsl_cdf_beta_Q(chances / (chances + scale), count + 1, shape);
}

static struct excess_background sum_up(const struct excess_count *others, size_t count)
{
	struct excess_background b = { .names = 0 };

	for (size_t i = 0; i < count; i++)
		excess_add(&b, others[i].seen, others[i].chances);
	return b;
}

static double share_as_far(
    struct excess_count target, const struct excess_count *others, size_t count, bool fewer)
{
	size_t far = 0, all = 0;

	for (size_t i = 0; i < count; i++) {
		double difference =
		    others[i].seen * target.chances - target.seen * others[i].chances;

		if (others[i].chances * LIKE < target.chances)
			continue;
		all++;
		far += fewer ? difference <= 0 : difference >= 0;
	}
	return far == 0 ? 0 : (double)(far + 1) / (double)(all + 1);
}

double excess_p_among(
    struct excess_count target, const struct excess_count *others, size_t count, bool fewer)
{
	const struct excess_background b = sum_up(others, count);
	double p =
	    (fewer ? excess_p_fewer : excess_p_more)(&b, DEVIATION, target.seen, target.chances);

	return isnan(p) ? p : fmax(p, share_as_far(target, others, count, fewer));
}

double excess_expected_among(
    struct excess_count target, const struct excess_count *others, size_t count)
{
	const struct excess_background b = sum_up(others, count);

	return excess_expected(&b, target.chances);
}
