/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Do the pauses beyond the TTL look like chance demand? Unlike p_gap this asks in both directions:
 * demand that is there at once when the TTL has run out (a retry, a poller), and sessions with
 * long silences between them. Null: Poisson clients with their hours behind one cache. Many
 * innocent series reject it; it describes, and makes no needle.
 */
#ifndef STATS_GAP_SHAPE_H
#define STATS_GAP_SHAPE_H

#include "stats/exposure.h"
#include "stats/monte_carlo.h"

struct gap_shape_input {
	const double *events_s; /* thinned (visits_thin()) by dead_s */
	size_t count;
	double dead_s;
	const struct exposure *exposure;
	uint64_t seed;
	uint64_t series;
};

struct gap_shape {
	bool tested;
	double p;              /* by surrogates, the profile fitted again in each */
	double early;          /* share of the pauses in the first tenth of those of chance */
	double early_expected; /* the same of the surrogates: a tenth, or more where few pauses
				  make the fitted rates coarse */
};

#define GAP_SHAPE_EVENTS_MIN 10

/* False: out of memory. */
bool gap_shape_test(const struct gap_shape_input *in, const struct monte_carlo_plan *plan,
    struct gap_shape *ret, struct err *reterr) MUST_USE;

#endif
