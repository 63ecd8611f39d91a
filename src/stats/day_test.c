/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * S = sum over days of (seen - expected)^2, lower tail. Expected is the compensator's own sum
 * over the day, dead times and outages taken out, so that seen - expected is a martingale
 * difference of variance E[expected]: a busy cache, which makes daily counts nearly equal, makes
 * the expectations move with them and leaves S where it was. (Against a plain daily mean, as
 * first designed, every busy cache is too equal.) Days are not weighted by 1/expected: the
 * nearly empty ones would swamp the others.
 *
 * p is Chernoff's bound for independent Poisson days, min over s > 0 of
 *   exp(s S') prod_d E exp(-s (N_d - mu_d)^2),   S' = S days / (days - 2),
 * the factor standing for the two levels (weekday, weekend) that were fitted to the same days.
 */
#include "stats/day_test.h"

#include <math.h>
#include <stdbool.h>

#include "base/minmax.h"

#define FITTED_LEVELS  2
#define EXPECTED_MIN   1e-3 /* a day with less tells nothing */
#define BIN_PER_OCTAVE 4
#define BIN_MIN        (-10) /* octaves */
#define BINS           (BIN_PER_OCTAVE * 20)
#define NORMAL_FROM    30.0 /* means above: the normal form of the expectation */
#define NOT_EVEN_Z     (-1.0)
#define SEARCH_STEPS   24

/* Days by their expected count, in quarter octaves: the bound is the same for days alike. */
struct bins {
	double days[BINS];
	double mean[BINS];
};

static unsigned bin_of(double mean)
{
	double octave = log2(mean) - BIN_MIN;
	double bin = octave * BIN_PER_OCTAVE;

	if (bin < 0)
		return 0;
	return bin < BINS - 1 ? (unsigned)bin : BINS - 1;
}

/* log E exp(-s (N - mean)^2), N Poisson. */
static double log_moment(double s, double mean)
{
	double probability = exp(-mean), sum = 0, left = 1;

	if (mean > NORMAL_FROM)
		return -.5 * log1p(2 * s * mean);
	for (unsigned n = 0; n < 4 * NORMAL_FROM && left > 1e-12; n++) {
		sum += probability * exp(-s * (n - mean) * (n - mean));
		left -= probability;
		probability *= mean / (n + 1);
	}
	return log(sum + fmax(left, 0) * exp(-s * mean * mean));
}

static double log_bound(double s, double statistic, const struct bins *b)
{
	double sum = s * statistic;

	for (unsigned i = 0; i < BINS; i++)
		if (b->days[i] > 0)
			sum += b->days[i] * log_moment(s, b->mean[i] / b->days[i]);
	return sum;
}

/* The bound is convex in s: golden section over ln s. */
static double smallest_bound(double statistic, const struct bins *b)
{
	const double golden = .6180339887498949;
	double low = log(1e-5), high = log(50.0);
	double x = high - golden * (high - low), y = low + golden * (high - low);
	double at_x = log_bound(exp(x), statistic, b), at_y = log_bound(exp(y), statistic, b);

	for (unsigned i = 0; i < SEARCH_STEPS; i++) {
		if (at_x < at_y) {
			high = y;
			y = x;
			at_y = at_x;
			x = high - golden * (high - low);
			at_x = log_bound(exp(x), statistic, b);
		} else {
			low = x;
			x = y;
			at_x = at_y;
			y = low + golden * (high - low);
			at_y = log_bound(exp(y), statistic, b);
		}
	}
	return fmin(fmin(at_x, at_y), 0);
}

/* Is a day with these counts worth regarding? */
static bool is_told(double seen, double expected)
{
	return expected >= EXPECTED_MIN || seen > 0;
}

void day_measure(const double *seen, const double *expected, size_t days, double tolerance,
    struct day_result *ret)
{
	double squares = 0, mean = 0;

	*ret = (struct day_result){ .p = 1, .ratio = NAN };
	for (size_t d = 0; d < days; d++) {
		double off = seen[d] - expected[d];

		if (!is_told(seen[d], expected[d]))
			continue;
		squares += off * off;
		mean += expected[d];
		ret->days++;
	}
	if (ret->days <= FITTED_LEVELS || !(mean > 0))
		return;
	ret->ratio = squares / mean;
	ret->statistic = -ret->ratio / tolerance;
}

void day_test(const double *seen, const double *expected, size_t days, double tolerance,
    struct day_result *ret)
{
	struct bins bins = { 0 };
	double mean = 0, variance = 0, statistic;

	day_measure(seen, expected, days, tolerance, ret);
	if (isnan(ret->ratio))
		return;
	for (size_t d = 0; d < days; d++) {
		unsigned bin;

		if (!is_told(seen[d], expected[d]))
			continue;
		bin = bin_of(double_max(expected[d], EXPECTED_MIN));
		bins.days[bin]++;
		bins.mean[bin] += expected[d];
		mean += expected[d];
		variance += expected[d] + 2 * expected[d] * expected[d];
	}
	statistic =
	    ret->ratio * mean * (double)ret->days / (double)(ret->days - FITTED_LEVELS) / tolerance;
	if ((statistic - mean) / sqrt(variance) > NOT_EVEN_Z)
		return; /* the bound would be near 1: not worth its cost */
	ret->p = exp(smallest_bound(statistic, &bins));
}
