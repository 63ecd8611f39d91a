/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the cache of a name's busiest peer shows and hides (METHODS 2.b). Caches keep each type of
 * record apart, so the look-ups are those of one type: the peer's most frequent one.
 */
#ifndef HUNT_CACHE_H
#define HUNT_CACHE_H

#include "finding/tests.h"
#include "hunt/trace.h"
#include "stats/exposure.h"
#include "stats/violations.h"

/* What is known before the peer's other names are read. Zeroed is empty. */
struct cache_subject {
	const uint8_t *group; /* the name: borrowed */
	size_t group_len;
	uint8_t *peer; /* as keys write it; NULL: no cache is to be seen here */
	size_t peer_len;
	uint16_t type;
	double ttl_s;       /* 0: none given and none found */
	bool ttl_by_pauses; /* no answer gave one */
	struct cache_gaps gaps;
	/* of the same peer's other names: pauses too short for its cache, and those that end early */
	struct excess_background background;
	struct excess_background early;
};

struct cache_settings {
	const struct exposure *exposure;
	const char *vantage;
	uint64_t seed;
	unsigned jobs;
};

/* Read the busiest peer's look-ups of the name with this group key. */
bool cache_subject_read(struct haystack *h, const struct cache_settings *settings,
    const uint8_t *group, size_t group_len, struct cache_subject *ret, struct err *reterr) MUST_USE;

void cache_subject_release(struct cache_subject *s);

/* The test, for the name whose contacts are in t. */
bool cache_test(struct haystack *h, const struct cache_settings *settings, const struct trace *t,
    const struct cache_subject *s, struct test_cache *ret, struct err *reterr) MUST_USE;

#endif
