/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whose working hours do the visits keep (METHODS 2.c)? Every test of a name's hours, from the
 * visits of its busiest peers.
 */
#ifndef HUNT_HOURS_H
#define HUNT_HOURS_H

#include "base/arena.h"
#include "finding/finding.h"
#include "hunt/holidays.h"
#include "hunt/peer_hours.h"
#include "hunt/trace.h"
#include "stats/exposure.h"

struct hours_settings {
	const struct exposure *exposure;
	const struct holidays *holidays; /* or NULL */
	const struct peer_hours *peers;  /* or NULL: what else the peers ask for is not known */
	uint64_t seed;
};

/* Fill *ret; its lists are in *memory. The bytes of the group's key name the random numbers. */
bool hours_fill(const struct trace *t, const uint8_t *key, size_t key_len,
    const struct hours_settings *settings, struct arena *memory, struct test_hours *ret,
    struct err *reterr) MUST_USE;

#endif
