/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Is there a burst? The scan statistic: the most telling of all windows of many lengths, among
 * events on a clock on which the null is a Poisson process of constant rate (optime.h). Innocent
 * mechanism behind the null: the same demand all the time, in the hours that it keeps.
 */
#ifndef STATS_SCAN_H
#define STATS_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/philox.h"

#define SCAN_WINDOWS_MAX 16
#define SCAN_SURROGATES  999

struct scan_plan {
	const double *windows; /* lengths on the clock */
	size_t window_count;   /* at most SCAN_WINDOWS_MAX */
	double dispersion;     /* >= 1: variance of counts relative to Poisson's */
	struct philox *random;
};

struct scan_result {
	double p;     /* never 0; 1 where nothing stands out */
	double ratio; /* effect: events in the window / those of a constant rate */
	size_t from;  /* its first step and the one behind its last */
	size_t upto;
};

/*
 * The windows that are searched: 1, 2, 4 and 8 days and 14, of live time, of which the clock's
 * `total` took live_s. Shorter ones would find the sessions of people. Returns how many.
 */
size_t scan_windows(double total, double live_s, double ret[static SCAN_WINDOWS_MAX]);

/* steps: between count > 0 events, the first event being the clock's zero. False: out of memory. */
bool scan_test(const double *steps, size_t count, const struct scan_plan *plan,
    struct scan_result *ret, struct err *reterr) MUST_USE;

#endif
