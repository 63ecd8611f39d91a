/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * With steps x scaled to mean 1 and F their empirical distribution,
 *   D = sup over 0 < x <= 1 of (1 - exp(-x)) - F(x-).
 * Beyond the mean the comparison is left out: Barlow & Proschan (1965, Theorem 4.4) show that a
 * distribution of decreasing failure rate has F(x) >= 1 - exp(-x/mean) up to its mean, and that
 * is what sessions, holidays, trends and every rate that the profile missed turn an exponential
 * into (a mixture of exponentials); beyond the mean they would look like evenness. An
 * increasing failure rate, which is what timers have, gives F(x) <= 1 - exp(-x/mean) there.
 *
 * The mean is estimated, which takes the variance of F(x) from u(1-u) to u(1-u) - (x e^-x)^2, at
 * most .149 for x <= 1 (at x = .45): exp(-n D^2 / (2 * .149)) = exp(-3.36 n D^2). The bound
 * exp(-3 n D^2) is used; docs/validation.md shows that it holds.
 */
#include "stats/gap_test.h"

#include <math.h>
#include <stdint.h>

#include "base/minmax.h"

#define TAIL_RATE 3.0
#define GRID      512 /* points of (0, mean] at which F is compared: no sort, D at most 1/512 short */

/* Mean in *ret_mean; the others relative to it. */
static double spread(const double *steps, size_t count, double *ret_mean)
{
	double sum = 0, squares = 0;

	for (size_t i = 0; i < count; i++)
		sum += steps[i];
	*ret_mean = sum / (double)count;
	for (size_t i = 0; i < count; i++)
		squares += (steps[i] - *ret_mean) * (steps[i] - *ret_mean);
	return *ret_mean > 0 ? sqrt(squares / (double)count) / *ret_mean : NAN;
}

void gap_test(const double *steps, size_t count, double tolerance, struct gap_result *ret)
{
	const double shrink = exp(-1.0 / GRID);
	uint32_t at[GRID] = { 0 };
	double mean, scale, left = 1, shortfall = 0;
	size_t below = 0;

	*ret = (struct gap_result){ .p = 1 };
	ret->cv = spread(steps, count, &mean);
	if (!(mean > 0))
		return;
	scale = GRID / mean;
	for (size_t i = 0; i < count; i++)
		if (steps[i] < mean)
			at[(size_t)double_min(steps[i] * scale, GRID - 1)]++;
	for (unsigned k = 0; k < GRID; k++) {
		below += at[k];
		left *= shrink;
		shortfall = double_max(shortfall, 1 - left - (double)below / (double)count);
	}
	shortfall = double_max(shortfall - tolerance, 0);
	ret->shortfall = shortfall;
	ret->statistic = (double)count * shortfall * shortfall;
	ret->p = exp(-TAIL_RATE * ret->statistic);
}
