/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which narrow names follow the user's dates? A name that is there whenever something happens, and
 * else hardly, is as steady as one that is there every day, though it has no rhythm: the ranking
 * takes the better of the two (hunt/order.h). Only names that are at all narrow are asked: of the
 * others there is nothing that it could weigh.
 */
#ifndef HUNT_FOLLOW_H
#define HUNT_FOLLOW_H

#include "calendar/calendar.h"
#include "hunt/phase.h"
#include "hunt/screen.h"
#include "stats/exposure.h"

#define FOLLOW_NARROW_P .3 /* names up to this p of narrowness are asked */

struct follow_settings {
	const struct exposure *exposure;
	const struct calendar *events;
	unsigned jobs;
};

/* Set follows of every narrow name: 0 to 1. p of narrowness is known. False: out of memory. */
bool follow_run(struct haystack *h, const struct follow_settings *settings,
    const struct hunt_progress *progress, struct eligible *list, size_t count,
    struct err *reterr) MUST_USE;

#endif
