/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * p_gap: are the steps of a compensator too even for a Poisson process? One-sided, and blind on
 * purpose to everything that makes a Poisson process more irregular.
 */
#ifndef STATS_GAP_TEST_H
#define STATS_GAP_TEST_H

#include <stddef.h>

struct gap_result {
	double p;         /* analytic bound: for ranking and false-discovery control */
	double statistic; /* n (D - tolerance)^2, for surrogates: large is even */
	double shortfall; /* D: how many short steps are missing, 0 to 1 - 1/e */
	double cv;        /* sd / mean of the steps: 1 Poisson, 0 a clock */
};

/*
 * count > 0. A shortfall up to tolerance is within the null. All steps 0 (cannot be
 * told) give p = 1.
 */
void gap_test(const double *steps, size_t count, double tolerance, struct gap_result *ret);

#endif
