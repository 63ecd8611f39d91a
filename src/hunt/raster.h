/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When a name was contacted, by UTC day and hour: what a person looks at first. */
#ifndef HUNT_RASTER_H
#define HUNT_RASTER_H

#include "base/arena.h"
#include "finding/finding.h"

/*
 * Days from the first contact to the last, at most RASTER_DAYS_MAX, the latest ones; n > 0, any
 * order. False: out of memory.
 */
bool raster_fill(
    const int64_t *times_ns, size_t n, struct arena *memory, struct finding_raster *ret) MUST_USE;

/* Count the times, first <= each <= last, in FINDING_PARTS equal parts of that span. */
void raster_parts(const int64_t *times_ns, size_t n, int64_t first_ns, int64_t last_ns,
    uint64_t ret[static FINDING_PARTS]);

/* Three years: more rows say nothing to the eye, and one wrong clock must not cost megabytes. */
#define RASTER_DAYS_MAX 1096

#endif
