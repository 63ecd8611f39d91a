/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * p-values from surrogates: (b + 1) / (B + 1), stopped early when there is nothing to find,
 * grown while there may be, and carried below 1 / B by a bounded generalised-Pareto tail.
 */
#ifndef STATS_MONTE_CARLO_H
#define STATS_MONTE_CARLO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

#define MONTE_CARLO_STOP                                                                           \
	10 /* exceedances after which b / B is known well enough (Besag & Clifford 1991) */

struct monte_carlo_plan {
	uint32_t surrogates_max; /* 99, 999, 9999, 99999 */
};

/* Values of surrogates against an observed one; large is extreme. Zeroed is empty. */
struct monte_carlo {
	double observed;
	double *values;
	size_t count;
	size_t capacity;
	size_t exceedances; /* values >= observed */
};

void monte_carlo_begin(struct monte_carlo *m, double observed);
bool monte_carlo_add(struct monte_carlo *m, double value) MUST_USE; /* false: out of memory */
void monte_carlo_release(struct monte_carlo *m);

/* Is another surrogate worth its cost? */
bool monte_carlo_goes_on(const struct monte_carlo *m, const struct monte_carlo_plan *plan);

struct monte_carlo_result {
	double p;
	bool floor; /* p is the floor 1 / (B + 1): no surrogate reached it and no tail fitted */
	bool tail;  /* p is the upper 95 % bound of a fitted tail */
};

/* May reorder values. */
void monte_carlo_p(struct monte_carlo *m, struct monte_carlo_result *ret);

/* The fitted tail of the values, for many that are observed against the same ones. */
struct monte_carlo_tail {
	bool fitted;
	double threshold;
	double scale;
	double shape; /* the upper 95 % bound of it */
};

/* Fit the tail; values of 9,999 surrogates or more descend afterwards. */
void monte_carlo_settle(struct monte_carlo *m, struct monte_carlo_tail *ret);

/* The p of one observed value, which so many of the values reach. */
void monte_carlo_p_at(const struct monte_carlo *m, const struct monte_carlo_tail *tail,
    double observed, size_t exceedances, struct monte_carlo_result *ret);

#endif
