/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * p = (b + 1) / (B + 1) is never 0 (Phipson & Smyth 2010); after h exceedances in B tries h / B
 * is an exact p of its own (Besag & Clifford 1991). Below that a generalised-Pareto tail is
 * fitted to the largest surrogates (Knijnenburg et al. 2009), here with three bounds that the
 * original lacks and without which a third of its estimates are 0 or tenfold too small: the
 * shape is at least 0 (no finite end), the upper 95 % bound is what is reported, and nothing
 * goes below 1 / (20 B).
 */
#include "stats/monte_carlo.h"

#include <math.h>
#include <stdlib.h>

#include "base/size.h"

#define TAIL_COUNT      250
#define TAIL_FROM       9999 /* surrogates needed for a tail */
#define TAIL_FLOOR      20
#define TAIL_MISFIT_MAX 1.1 /* sqrt(n) D of Kolmogorov and Smirnov, two parameters fitted */
#define NORMAL_95       1.6448536269514722
#define SHAPE_MAX       1.0

void monte_carlo_begin(struct monte_carlo *m, double observed)
{
	m->observed = observed;
	m->count = 0;
	m->exceedances = 0;
}

bool monte_carlo_add(struct monte_carlo *m, double value)
{
	if (m->count == m->capacity) {
		size_t capacity = m->capacity == 0 ? 128 : size_mul(m->capacity, 2);
		double *grown = realloc(m->values, size_mul(capacity, sizeof(*grown)));

		if (grown == NULL)
			return false;
		m->values = grown;
		m->capacity = capacity;
	}
	m->values[m->count++] = value;
	m->exceedances += value >= m->observed;
	return true;
}

void monte_carlo_release(struct monte_carlo *m)
{
	free(m->values);
	*m = (struct monte_carlo){ 0 };
}

bool monte_carlo_goes_on(const struct monte_carlo *m, const struct monte_carlo_plan *plan)
{
	return m->exceedances < MONTE_CARLO_STOP && m->count < plan->surrogates_max;
}

static int descending_cmp(const void *a, const void *b)
{
	const double *x = a;
	const double *y = b;

	return (*x < *y) - (*x > *y);
}

/* P(excess > y) of a generalised-Pareto distribution. */
static double gpd_tail(double y, double scale, double shape)
{
	if (shape < 1e-9)
		return exp(-y / scale);
	return exp(-log1p(shape * y / scale) / shape);
}

/* The scale that makes the likelihood largest for a given shape: a fixed point, found by halving.
 */
static double fit_scale(const double *excess, size_t count, double shape)
{
	double low = 0, high = 0;

	for (size_t i = 0; i < count; i++)
		high += excess[i];
	high = 2 * high / (double)count; /* twice the mean */
	if (shape < 1e-9)
		return high / 2;
	for (unsigned turn = 0; turn < 60; turn++) {
		double middle = (low + high) / 2;
		double score = -(double)count;

		for (size_t i = 0; i < count; i++)
			score += (1 + shape) * excess[i] / (middle + shape * excess[i]);
		if (score > 0)
			low = middle;
		else
			high = middle;
	}
	return (low + high) / 2;
}

static double log_likelihood(const double *excess, size_t count, double shape)
{
	double scale = fit_scale(excess, count, shape);
	double sum = -(double)count * log(scale);

	for (size_t i = 0; i < count; i++)
		sum -= shape < 1e-9 ? excess[i] / scale
				    : (1 + 1 / shape) * log1p(shape * excess[i] / scale);
	return sum;
}

static double fit_shape(const double *excess, size_t count)
{
	double best = 0, best_at = log_likelihood(excess, count, 0);

	for (double shape = .01; shape <= SHAPE_MAX; shape += .01) {
		double at = log_likelihood(excess, count, shape);

		if (at > best_at) {
			best_at = at;
			best = shape;
		}
	}
	return best;
}

/* excess descends. */
static bool fits(const double *excess, size_t count, double scale, double shape)
{
	double worst = 0;

	for (size_t i = 0; i < count; i++) {
		double tail = gpd_tail(excess[i], scale, shape);

		worst = fmax(worst, fabs(tail - (double)i / (double)count));
		worst = fmax(worst, fabs(tail - (double)(i + 1) / (double)count));
	}
	return worst * sqrt((double)count) <= TAIL_MISFIT_MAX;
}

void monte_carlo_settle(struct monte_carlo *m, struct monte_carlo_tail *ret)
{
	double excess[TAIL_COUNT];
	double threshold;

	*ret = (struct monte_carlo_tail){ .fitted = false };
	if (m->count < TAIL_FROM)
		return;
	qsort(m->values, m->count, sizeof(*m->values), descending_cmp);
	threshold = (m->values[TAIL_COUNT - 1] + m->values[TAIL_COUNT]) / 2;
	for (size_t i = 0; i < TAIL_COUNT; i++)
		excess[i] = m->values[i] - threshold;
	if (excess[0] <= 0 || excess[TAIL_COUNT - 1] <= 0)
		return;
	ret->threshold = threshold;
	ret->shape = fit_shape(excess, TAIL_COUNT);
	ret->fitted =
	    fits(excess, TAIL_COUNT, fit_scale(excess, TAIL_COUNT, ret->shape), ret->shape);
	/* the shape's asymptotic error is (1 + shape) / sqrt(n); the scale follows it */
	ret->shape += NORMAL_95 * (1 + ret->shape) / sqrt(TAIL_COUNT);
	ret->scale = fit_scale(excess, TAIL_COUNT, ret->shape);
}

void monte_carlo_p_at(const struct monte_carlo *m, const struct monte_carlo_tail *tail,
    double observed, size_t exceedances, struct monte_carlo_result *ret)
{
	double count = (double)m->count;
	double p;

	*ret = (struct monte_carlo_result){ .p = 1 };
	if (m->count == 0)
		return;
	if (exceedances >= MONTE_CARLO_STOP) {
		ret->p = (double)exceedances / count;
		return;
	}
	ret->p = ((double)exceedances + 1) / (count + 1);
	ret->floor = exceedances == 0;
	if (!tail->fitted || observed <= tail->threshold)
		return;
	p = TAIL_COUNT / count * gpd_tail(observed - tail->threshold, tail->scale, tail->shape);
	p = fmax(p, 1 / (TAIL_FLOOR * count));
	if (p < ret->p) {
		ret->p = p;
		ret->tail = true;
		ret->floor = p <= 1 / (TAIL_FLOOR * count);
	}
}

void monte_carlo_p(struct monte_carlo *m, struct monte_carlo_result *ret)
{
	struct monte_carlo_tail tail = { .fitted = false };

	if (m->exceedances < MONTE_CARLO_STOP)
		monte_carlo_settle(m, &tail);
	monte_carlo_p_at(m, &tail, m->observed, m->exceedances, ret);
}
