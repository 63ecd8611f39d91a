/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The eleven mechanisms that explanations weigh (METHODS 2.g), as generative models: all of
 * their parameters are drawn anew for each series, from priors that are broad on purpose. The
 * classifier learns from them; their order is that of enum explanation (finding/explanation.h).
 */
#ifndef SIMULATE_MECHANISM_H
#define SIMULATE_MECHANISM_H

#include "simulate/scene.h"

enum mechanism {
	MECHANISM_BULK_MAIL,
	MECHANISM_SENDER_CHECKS,
	MECHANISM_REPUTATION,
	MECHANISM_SCHEDULE,
	MECHANISM_CRAWLER,
	MECHANISM_CORRESPONDENCE,
	MECHANISM_BEACON,
	MECHANISM_RETRY,
	MECHANISM_CACHE,
	MECHANISM_INCONSISTENT,
	MECHANISM_SPOOFED,
	MECHANISM_COUNT,
};

/*
 * Series number `series` of a mechanism: (seed, mechanism, series) name its random numbers. The
 * subject is in s->subject until the scene is used again. stretch multiplies the priors' rates
 * and jitters: 1, but for tests of how robust the classifier is. False: out of memory.
 */
bool mechanism_simulate(enum mechanism m, uint64_t seed, uint64_t series, double stretch,
    struct scene *s, struct err *reterr) MUST_USE;

/* ---- within this folder ---- */

void mechanism_bulk_mail(struct scene *s);
void mechanism_sender_checks(struct scene *s);
void mechanism_reputation(struct scene *s);
void mechanism_correspondence(struct scene *s);

void mechanism_schedule(struct scene *s);
void mechanism_crawler(struct scene *s);
void mechanism_beacon(struct scene *s);
void mechanism_retry(struct scene *s);
void mechanism_cache(struct scene *s);

/* These change rows, behind the caches. */
void mechanism_inconsistent(struct scene *s);
void mechanism_spoofed(struct scene *s);

#endif
