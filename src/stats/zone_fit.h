/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The likelihood of a working week in every zone: offsets by a quarter of an hour times rules of
 * summer time. A visit's rate shape is f = e + (1 - e) w / mean(w), w being the template at its
 * local time and the mean over live time; here it is written (1 + r w) / (1 + r mean(w)), with r
 * from a list of shares e of background at the mean of a whole week.
 */
#ifndef STATS_ZONE_FIT_H
#define STATS_ZONE_FIT_H

#include "stats/day_grid.h"

#define ZONE_FIT_SHARES 6 /* .02 .05 .1 .2 .4 .7; e = 1 has likelihood 0 */

/* What the likelihoods of a grid have in common. */
struct zone_fit {
	const struct day_grid *grid;
	bool rules[ZONE_RULES];                                 /* tried: the span has a change */
	double one[ZONE_FIT_SHARES][WORKDAY_LEVELS];            /* log(1 + r w) */
	double norm[ZONE_RULES][ZONE_FIT_SHARES][ZONE_OFFSETS]; /* log(1 + r mean(w)) */
	struct day_grid_week week;                              /* room */
};

void zone_fit_init(struct zone_fit *f, const struct day_grid *grid);

struct zone_place {
	enum zone_rule rule;
	unsigned offset; /* index below ZONE_OFFSETS */
};

struct zone_likelihood {
	double of[ZONE_RULES][ZONE_OFFSETS]; /* the largest over shares e, e = 1 (0) too */
	struct zone_place best;
	double max;
};

/* by_phase: weighted visits as of day_grid_merge(). A rule that is not tried has likelihood 0. */
void zone_fit_all(
    const struct zone_fit *f, const double (*by_phase)[WEEK_QUARTERS], struct zone_likelihood *ret);

/* The week that f->week holds, weighted and fitted. */
void zone_fit_week(struct zone_fit *f, struct zone_likelihood *ret);

/*
 * How much more is asked at the template's height than outside of it, in one zone: the r of
 * 1 + r w that fits f->week best, 0 where it is no working week.
 */
double zone_fit_rise(const struct zone_fit *f, const struct day_grid_weights *weights,
    const struct zone_place *zone);

/* The grid's week, its days turned and counted as for day_grid_add_up(), weighted and fitted. */
void zone_fit_grid(
    struct zone_fit *f, const uint8_t *turn, const uint16_t *times, struct zone_likelihood *ret);

#endif
