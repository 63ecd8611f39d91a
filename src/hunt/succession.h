/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which name took the place of a finding that stopped, or came before one that began (METHODS
 * 2.f). The names compared with the findings are all that died or were born in the 60 days that
 * count, however few contacts they have, and a sample of all others for random pairs.
 */
#ifndef HUNT_SUCCESSION_H
#define HUNT_SUCCESSION_H

#include "base/arena.h"
#include "finding/tests.h"
#include "hunt/screen.h"

struct successions;

struct succession_settings {
	uint64_t seed;
	unsigned jobs;
	const struct hunt_progress *progress;
};

/* Find them for the first `count` names of the list. Without one that died or was born: quickly. */
bool successions_new(struct haystack *h, const struct funnel *f, const struct eligible *list,
    size_t count, const struct succession_settings *settings, struct successions **ret,
    struct err *reterr) MUST_USE;
void successions_free(struct successions *s);

/* Those of one of these names; lists are in *memory. */
bool successions_fill(const struct successions *s, const struct eligible *e, struct haystack *h,
    struct arena *memory, struct test_succession *ret, struct err *reterr) MUST_USE;

#endif
