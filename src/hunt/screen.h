/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The second scan: the candidates of the funnel are read in full; those that are eligible by
 * their exact visits get an analytic p of rhythm each. Every eligible name is tested, so this
 * screen drops nobody.
 */
#ifndef HUNT_SCREEN_H
#define HUNT_SCREEN_H

#include "hunt/funnel.h"
#include "hunt/timing.h"
#include "stats/rank.h"

/* An eligible name on its way to a rank. */
struct eligible {
	const uint8_t *key; /* of its group; borrowed from the funnel */
	uint32_t key_len;
	uint32_t name;    /* index into the funnel's names */
	double presence;  /* share of the evidence's days with contacts */
	double follows;   /* 0 to 1: how surely it follows the user's dates; see hunt/follow.h */
	double aggregate; /* share of the contacts that come from aggregate peers */
	struct timing timing; /* by the screen, then by the verdict where one was reached */
	struct rank_result rank;
	double p;        /* what enters the false-discovery procedure */
	double innocent; /* probability that an ordinary mechanism made it; 0: not weighed */
	double doubt;    /* decades of odds of a contact against that, 0 to 2; 0: not weighed */
	double q;
	double score;
	uint32_t place; /* in the ranking, from 1; given at its end */
};

struct screen_settings {
	const struct exposure *exposure;
	uint64_t seed;
	uint64_t aggregate_from; /* narrow_aggregate_from() */
	unsigned jobs;
	bool keep_all; /* a dossier: eligible or not */
};

/* *ret is the caller's to free, in key order. It borrows keys from the funnel. */
bool screen_run(struct haystack *h, const struct funnel *f, const struct screen_settings *settings,
    const struct hunt_progress *progress, struct eligible **ret, size_t *ret_count,
    struct err *reterr) MUST_USE;

#endif
