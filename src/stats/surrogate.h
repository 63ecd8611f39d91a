/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A series as the null would have it: Poisson clients of a fitted profile behind one cache. */
#ifndef STATS_SURROGATE_H
#define STATS_SURROGATE_H

#include "base/philox.h"
#include "stats/profile.h"

/* More events than this in one surrogate is a fault of the fit, and ends it. */
#define SURROGATE_EVENTS_MAX 4000000

/* Zeroed is empty. Release with surrogate_release(). */
struct surrogate {
	double *events_s;
	size_t count;
	size_t capacity;
};

/*
 * Draw a series that begins with an event at first_s and runs to last_s: the next event is where
 * the profile's integral from the end of the dead time on reaches an exponential draw. Outages
 * hold none. False: out of memory.
 */
bool surrogate_draw(struct surrogate *s, const struct profile *p, double first_s, double last_s,
    double dead_s, struct philox *random, struct err *reterr) MUST_USE;

void surrogate_release(struct surrogate *s);

#endif
