/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When the level of a name's contacts changed, bursts, silences, and whether it stopped. */
#ifndef HUNT_CHANGE_H
#define HUNT_CHANGE_H

#include "base/arena.h"
#include "finding/finding.h"
#include "hunt/trace.h"
#include "stats/exposure.h"

struct change_settings {
	const struct exposure *exposure;
	uint64_t seed;
	const uint8_t *key; /* of the name's group: names its random numbers */
	size_t key_len;
	bool alone; /* the record ends, as far as is known, with the name: no stop can be told */
};

/*
 * Fill ret from all peers of a closed trace: the busiest each behind a cache of its own, the
 * others together. first and last are the finding's. Memory is the arena's.
 */
bool change_fill(const struct trace *t, const struct change_settings *settings, struct stamp first,
    struct stamp last, struct arena *memory, struct test_changes *ret, struct err *reterr) MUST_USE;

#endif
