/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From sorted contact times to what the tests work on: stamps spread over their granularity, and
 * visits (bursts of contacts that count once).
 */
#ifndef STATS_VISITS_H
#define STATS_VISITS_H

#include <stddef.h>
#include <stdint.h>

/* A run of contacts with gaps of at most LIMIT_VISIT_GAP_S that ends LIMIT_VISIT_SPAN_S after it
 * began. */
struct visit {
	double start_s; /* since 1970-01-01 */
	double span_s;  /* last contact minus first */
	uint32_t contacts;
};

/*
 * Seconds since 1970-01-01 for each of count sorted stamps, each moved by U(0, d), d = 10^-digits s
 * being the granularity of the log: whole-second stamps otherwise pile up on each other. The draw
 * is keyed by (seed, series, index): the same whatever the order of the work. ret_s is sorted.
 */
void visits_spread(const int64_t *times_ns, size_t count, unsigned digits, uint64_t seed,
    uint64_t series, double *ret_s);

/* The visits of sorted times. ret has room for count. Returns how many there are. */
size_t visits_find(const double *times_s, size_t count, struct visit *ret);

/*
 * Keep each first contact that is at least dead_s after the last one kept: what one cache of that
 * TTL would have let through. Poisson clients stay, behind this, Poisson with a known dead time,
 * whether or not a cache is there. ret has room for count and may be times_s.
 */
size_t visits_thin(const double *times_s, size_t count, double dead_s, double *ret);

#endif
