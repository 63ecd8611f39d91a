/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Monte Carlo verdicts for the names that the screen puts first, and for a seeded sample of all
 * eligible names, from which the calibration of the whole is told (lambda_GC, METHODS 2.i).
 */
#ifndef HUNT_VERDICT_H
#define HUNT_VERDICT_H

#include "hunt/screen.h"

/*
 * Surrogates are spent where they are cheap: a name gets the longest run for which contacts times
 * surrogates stay below this, about a second of one processor for all its streams. Below its
 * floor the analytic p takes over (timing.c), so a busy name loses nothing but sharpness.
 */
#define VERDICT_WORK       2000000u
#define VERDICT_WORK_ALONE 150000u /* somebody waits for a dossier */

#define VERDICT_NAMES 200  /* that get exact tests */
#define VERDICT_AUDIT 2000 /* names of the sample; fewer eligible ones: no sample */

struct verdict_settings {
	const struct exposure *exposure;
	uint64_t seed;
	unsigned jobs;
	uint32_t work; /* VERDICT_WORK, or less */
};

/* Replace timing and p of the first count names of the list. */
bool verdict_run(struct haystack *h, const struct verdict_settings *settings,
    const struct hunt_progress *progress, struct eligible *list, size_t count,
    struct err *reterr) MUST_USE;

/* *ret_lambda is NAN where there are too few eligible names. The list is not changed. */
bool verdict_audit(struct haystack *h, const struct verdict_settings *settings,
    const struct hunt_progress *progress, const struct eligible *list, size_t count,
    double *ret_lambda, struct err *reterr) MUST_USE;

#endif
