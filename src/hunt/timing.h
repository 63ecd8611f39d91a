/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One p of rhythm for one name: p_gap, of visits and of rounds, p_days and p_clock of each of its
 * busiest peers and of their union, combined by Cauchy's test (METHODS 2.i).
 */
#ifndef HUNT_TIMING_H
#define HUNT_TIMING_H

#include "hunt/trace.h"
#include "stats/exposure.h"
#include "stats/rhythm.h"

#define TIMING_PEERS_MAX 8
#define TIMING_ROUND_S   43200.0 /* what one meeting and all that follows it takes at most */

struct timing_settings {
	const struct exposure *exposure;
	uint64_t seed;
	uint32_t surrogates_max; /* of the Monte Carlo verdict; 0: the analytic screen */
	bool verdict_alone;      /* leave the screen out: for the calibration of the verdict */
};

struct timing {
	uint64_t visits; /* of all peers, types merged */
	size_t streams;  /* that at least one test could run on */
	double p;        /* 1 where nothing could be tested */
	double p_gap;    /* over the streams; NAN where not tested */
	double p_days;
	double p_clock;    /* the bound; not part of a verdict alone */
	bool limited_by_b; /* a Monte Carlo floor keeps p from being smaller */
};

struct timing_work;
bool timing_work_new(struct timing_work **ret, struct err *reterr) MUST_USE;
void timing_work_free(struct timing_work *w);

/* series_key names the random numbers of the name: the bytes of its group's key. */
bool timing_test(const struct trace *t, const uint8_t *series_key, size_t key_len,
    const struct timing_settings *settings, struct timing_work *w, struct timing *ret,
    struct err *reterr) MUST_USE;

/* The busiest peers of a name: indexes into t->peers, most contacts first, ties in key order. */
size_t timing_top_peers(const struct trace *t, size_t max, size_t *ret);

/* A name for random numbers that is the same on every machine. */
uint64_t timing_series_of(const uint8_t *key, size_t len, const uint8_t *peer, size_t peer_len);

#endif
