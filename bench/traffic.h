/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Made-up DNS traffic for measurements: pairs of query and response over Ethernet, IPv4 and UDP,
 * as many as wanted, each a pure function of seed and number. Popularity of names is log-uniform
 * in rank, as in real logs; clients are uniform; times are spread evenly with jitter.
 */
#ifndef BENCH_TRAFFIC_H
#define BENCH_TRAFFIC_H

#include <stdint.h>

#include "base/buf.h"

struct traffic {
	uint64_t pair_count;
	uint32_t name_count;
	uint32_t client_count;
	uint32_t span_s;
	uint64_t seed;
};

struct traffic_pair {
	int64_t query_us; /* since 1970 */
	int64_t response_us;
};

#define TRAFFIC_FRAME_MAX 512

/* Append the frames of pair i to query and response, which are cleared first. */
struct traffic_pair traffic_make(
    const struct traffic *t, uint64_t i, struct buf *query, struct buf *response);

#endif
