/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Are weekends different? Null: no day of the week is preferred; then each block of seven days could
 * as well begin on any of its days (circular shift), which keeps what days next to each other have
 * in common.
 */
#ifndef STATS_WEEK_TEST_H
#define STATS_WEEK_TEST_H

#include "stats/monte_carlo.h"
#include "stats/day_grid.h"

struct week_result {
	double p; /* two-sided; 1 / 7^blocks and 1 / (B + 1) bound it from below; 1: no block */
	double
	    weekend_share; /* of the visits in whole blocks, Saturday and Sunday of UTC; NAN: none */
	size_t blocks;     /* of seven days, each of them live */
};

bool week_test(const struct day_grid *g, const struct monte_carlo_plan *plan, uint64_t seed,
    uint64_t series, struct week_result *ret, struct err *reterr) MUST_USE;

#endif
