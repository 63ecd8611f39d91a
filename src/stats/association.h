/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Do contacts come near the dates of a list? Null: the list laid over the record at any other
 * day would do as well (circular shift), with the whole search over lags and windows made again
 * in every shift (Westfall & Young 1993). Innocent mechanism behind the null: busy times come in
 * clusters of their own. A list that was chosen after the record was seen passes this test as a
 * matter of course: whether it may be tested is for the caller (hunt/events.h).
 */
#ifndef STATS_ASSOCIATION_H
#define STATS_ASSOCIATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

/*
 * The search: contacts on the dates or the day after, and days around that. Each further lag costs:
 * a list that fits best at one shift does so at as many others as there are lags, so that the
 * smallest p is lags / days.
 */
#define ASSOCIATION_LAGS 2
#define ASSOCIATION_WINDOWS                                                                        \
	{                                                                                          \
		0, 1, 2, 3, 7                                                                      \
	} /* days to either side */
#define ASSOCIATION_WINDOW_COUNT 5

#define ASSOCIATION_DAYS_MIN 28
#define ASSOCIATION_DAYS_MAX 3660 /* ten years */

#define ASSOCIATION_UNKNOWN                                                                        \
	(-1.0) /* a day of which nothing is known: taken as its weekday's mean */

struct association_input {
	const double *counts; /* of each day of the record, or ASSOCIATION_UNKNOWN */
	size_t day_count;
	unsigned first_weekday; /* 0 is Monday */
	const size_t *dates;    /* days of the list, all below day_count */
	size_t date_count;
	const size_t *pool; /* what the list was picked from; NULL: it is the pool */
	size_t pool_count;  /* at least date_count */
};

struct association_result {
	double p; /* at least ASSOCIATION_LAGS / days, so not for false-discovery control */
	unsigned lag_days;
	unsigned window_days;
	double ratio; /* effect: contacts on a day of the windows / those of its weekday's mean */
};

/*
 * The list's best lag and window against every shift's. ret_near[i]: date i stands among the
 * busiest twentieth of all days at that lag and window. False: out of memory.
 */
bool association_test(const struct association_input *in, struct association_result *ret,
    bool *ret_near, struct err *reterr) MUST_USE;

/* Share of the days of a record that dates picked at random would cover: 1 - (1 - (2w + 1) / D)^E. */
double association_coverage(size_t day_count, size_t date_count, unsigned window_days);

#endif
