/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A loop on several threads, whose turns are independent of each other. Threads are used in two ways,
 * and this is one; the other is decoding ahead of a reader (evidence/ahead.h).
 */
#ifndef BASE_PARALLEL_H
#define BASE_PARALLEL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/err.h"

/*
 * Call turn(i, context) for every i below count, on up to jobs threads, in no fixed order; turns
 * must not write what another reads. Returns when all have ended. A turn that returns false
 * stops the hand-out of further ones; the failure with the lowest index that ran is returned.
 */
bool parallel_for(unsigned jobs, size_t count,
    bool (*turn)(size_t i, void *context, struct err *reterr), void *context,
    struct err *reterr) MUST_USE;

/* The number of processors that this process may use, at least 1. */
unsigned parallel_default_jobs(void);

#endif
