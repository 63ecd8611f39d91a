/* SPDX-License-Identifier: GPL-3.0-or-later */
/* p_days: are the days too equal for a Poisson process of the fitted rates? */
#ifndef STATS_DAY_TEST_H
#define STATS_DAY_TEST_H

#include <stddef.h>

struct day_result {
	double p;         /* analytic bound: for ranking and false-discovery control */
	double statistic; /* minus ratio / tolerance, for surrogates: large is equal */
	double
	    ratio;   /* sum (seen - expected)^2 / sum expected: 1 Poisson, 0 a strict daily round */
	size_t days; /* with anything expected */
};

/*
 * seen and expected visits by day; days where nothing was expected count for nothing. A ratio down
 * to tolerance (1: none) is within the null.
 */
void day_test(const double *seen, const double *expected, size_t days, double tolerance,
    struct day_result *ret);

/* The same without the bound: p is 1. For surrogates. */
void day_measure(const double *seen, const double *expected, size_t days, double tolerance,
    struct day_result *ret);

#endif
