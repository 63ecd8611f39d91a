/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The working week that every test of hours compares with: Monday to Friday, nothing before 8,
 * rising to all at 9, .7 from 13 to 14, all until 18, falling to nothing at 19, local time. One
 * shape for all: that people start an hour early or late is what zone sets are wide for.
 */
#ifndef STATS_WORKDAY_H
#define STATS_WORKDAY_H

#include <stdint.h>

#define QUARTER_S     900.0 /* all zones of the world differ by quarters of an hour */
#define DAY_QUARTERS  96
#define WEEK_QUARTERS (7 * DAY_QUARTERS)

/* The values that the template takes on quarters of an hour: four steps up to 1, and lunch. */
#define WORKDAY_LEVELS 7

extern const double workday_value[WORKDAY_LEVELS]; /* level 0 is 0 */

/* The level of a local quarter of the week, Monday 00:00 being 0. */
extern const uint8_t workday_level[WEEK_QUARTERS];

/* The mean of the template over a week. */
#define WORKDAY_MEAN (5 * 9.7 / 168)

/*
 * Sums of weights by level at every shift: ret[level][s] is the sum of weight[q] over the quarters
 * q of the week whose local quarter q + s + first (modulo a week) has that level. Level 0 is left
 * out: it adds nothing to any likelihood written as 1 + r w. O(week), however many shifts.
 */
void workday_sums(const double weight[static WEEK_QUARTERS], int first, unsigned shifts,
    double (*ret)[WORKDAY_LEVELS]);

#endif
