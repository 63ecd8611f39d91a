/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One place's working hours, or two? The rate's shape is 1 + r s, s being the template in one zone
 * (w1), in either of two (w1 + w2), or in both at once (w1 w2); r is how much more is done in
 * working hours than at any time.
 */
#ifndef STATS_ENDS_H
#define STATS_ENDS_H

#include "stats/monte_carlo.h"
#include "stats/zone_fit.h"

#define ENDS_FOLDS 8

/*
 * Quarters of an hour: two zones nearer than four hours are never told from one, because early and
 * late risers, or days of eight sharp hours, make the same weeks.
 */
#define ENDS_APART_MIN 16

enum ends_shape {
	ENDS_ONE,
	ENDS_EITHER,
	ENDS_BOTH,
};
#define ENDS_SHAPES 3

/* In clock time of one rule of summer time, which both zones are taken to keep. */
struct ends_input {
	double visits[ENDS_FOLDS][WEEK_QUARTERS]; /* weighted, by fold of whole weeks */
	size_t folds;                             /* with anything in them: at least 2 */
	double live_s[WEEK_QUARTERS];
	double dispersion; /* of the log likelihood (zone_set.h), at least 1 */
	uint64_t seed;
	uint64_t series;
};

/*
 * Set visits, folds and live_s from f's grid: weeks are dealt to the folds in turn. False: out of
 * memory, or fewer than two weeks.
 */
bool ends_fold(struct zone_fit *f, enum zone_rule rule, struct ends_input *ret) MUST_USE;

struct ends_result {
	bool told;             /* false: shape is the likelier one, and no more */
	enum ends_shape shape; /* by cross-validated log score over weeks */
	unsigned zones[2]; /* indexes of offsets (zone.h), the eastern one last; equal for one */
	bool in[2][ZONE_OFFSETS]; /* as likely in the place of each, the other kept */
	double gain;              /* log score of the better of two zones over one */
	double p; /* of a second zone, by parametric surrogates from the fit of one */
};

/*
 * Choose. Told: two zones far enough apart gain and their p is at most .05, or they do not gain and
 * it is not. False: out of memory.
 */
bool ends_find(const struct ends_input *in, const struct monte_carlo_plan *plan,
    struct ends_result *ret, struct err *reterr) MUST_USE;

#endif
