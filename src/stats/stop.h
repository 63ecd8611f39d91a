/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Has a name ceased to be met before the record ends, and did that come soon after an outside
 * act? Null of the first: it goes on at the rate that it had (optime.h); of the second: the day
 * of the stop has nothing to do with the days of the acts.
 */
#ifndef STATS_STOP_H
#define STATS_STOP_H

#include <stddef.h>

/*
 * p of no event in `after` more of the clock, once count steps have taken `total` of it: by the
 * steps of the whole record and by those of its last block, which are the last last_count and
 * took last_total; the larger p. dispersion >= 1 as in optime.h.
 */
double stop_test(double count, double total, double last_count, double last_total, double after,
    double dispersion);

/*
 * p of a stop within gap_days after one of `acts` acts that were examined, in a record of
 * span_days: min(1, acts * gap_days / span_days). The side is stated in advance: a stop before
 * an act does not count. gap_days counts the day of the stop: 1 on the day of the act itself.
 */
double stop_near_act(double gap_days, size_t acts, double span_days);

#endif
