/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Copied stretches: the longest run of pauses that stands in the series twice, pause by pause at
 * the granularity of the log. Two nulls, both of which must be refuted: the order of the pauses
 * within a day means nothing; and runs that agree go on agreeing by chance, as those of a rounded
 * clock or a fixed timer do for long. A series that repeats itself throughout is a machine's and is not tested: one stretch that was copied
 * stands there two or three times.
 */
#ifndef STATS_REPEATS_H
#define STATS_REPEATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/philox.h"

#define REPEATS_RUN_MIN   8
#define REPEATS_TIMES_MAX 20000 /* the first so many are looked at */

struct repeats {
	bool tested;
	bool throughout; /* not tested, because runs of REPEATS_RUN_MIN stand in many places */
	double p;
	size_t run;       /* of pauses, the longest; 0: shorter than REPEATS_RUN_MIN */
	int64_t first_ns; /* where it stands, and stands again */
	int64_t again_ns;
};

/* Of sorted times. False: out of memory. */
bool repeats_test(const int64_t *times_ns, size_t count, struct philox *random, struct repeats *ret,
    struct err *reterr) MUST_USE;

#endif
