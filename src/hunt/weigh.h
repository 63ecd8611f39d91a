/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How well do ordinary mechanisms explain each name of the ranking's head? For the order alone;
 * what a finding says of them is worked out when it is described (hunt/explain.h).
 */
#ifndef HUNT_WEIGH_H
#define HUNT_WEIGH_H

#include "hunt/explain.h"
#include "hunt/order.h"

#define WEIGH_NAMES 500 /* that are weighed */

/*
 * Set `innocent` and `doubt` of the first `count` names: the probability, with the prior of
 * *settings, of the mechanisms that nobody need look into, and the odds of people or a program
 * that keep contact against these, both as far as it can be told what made the pattern. False: out of memory, or a haystack that cannot be read.
 */
bool weigh_run(struct haystack *h, const struct explain_settings *settings, unsigned jobs,
    const struct hunt_progress *progress, struct eligible *list, size_t count,
    struct err *reterr) MUST_USE;

#endif
