/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Are holidays quieter? Each is compared with the same weekday one and two weeks before and after.
 * Null: which of these days was the holiday makes no difference; so the day can be drawn among
 * them (permutation inside each group), and the numbers of visits are added over holidays.
 */
#ifndef STATS_HOLIDAY_TEST_H
#define STATS_HOLIDAY_TEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

#define HOLIDAY_COMPARED_MIN 2 /* days to compare with; fewer: the holiday is left out */

struct holiday_result {
	double p;        /* exact; 1 where there is nothing to test */
	size_t holidays; /* used */
	double visits;   /* on them */
	double expected; /* the mean of their groups without them */
};

/*
 * visits[i] on local day first_day + i; negative: not observed. holidays: sorted days since
 * 1970-01-01; those outside, and comparisons that are holidays themselves, are left out. At most
 * HOLIDAY_VISITS_MAX visits a day are counted. False: out of memory.
 */
bool holiday_test(const double *visits, size_t day_count, int64_t first_day,
    const int64_t *holidays, size_t holiday_count, struct holiday_result *ret,
    struct err *reterr) MUST_USE;

#define HOLIDAY_VISITS_MAX 1000

#endif
