/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Is there a working day in it? Null: no time of the day is preferred; then each UTC day's visits
 * could as well stand at any turn of that day. Bursts, sessions and the spacing that a cache makes
 * stay as they are, and so does the number of visits of each day.
 */
#ifndef STATS_DAY_ROTATION_H
#define STATS_DAY_ROTATION_H

#include "stats/monte_carlo.h"
#include "stats/zone_fit.h"

/*
 * p of the largest likelihood over all zones, searched again in every turn, so that the search is
 * paid for. A day turns round its own live quarters. seed and series name the random stream.
 * False: out of memory.
 */
bool day_rotation_p(struct zone_fit *f, const struct zone_likelihood *observed,
    const struct monte_carlo_plan *plan, uint64_t seed, uint64_t series,
    struct monte_carlo_result *ret, struct err *reterr) MUST_USE;

#endif
