/* SPDX-License-Identifier: GPL-3.0-or-later */
/* False-discovery control over all eligible names. */
#ifndef STATS_BH_H
#define STATS_BH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

/*
 * ret_q[i] = Benjamini-Hochberg q of p[i] among `of` >= count hypotheses; those without a p count
 * as p = 1. Ties get the same q. False: out of memory.
 */
bool bh_q(const double *p, size_t count, uint64_t of, double *ret_q, struct err *reterr) MUST_USE;

/* Benjamini-Yekutieli: what every q is multiplied by under any dependence (then cut at 1). */
double bh_yekutieli_factor(uint64_t of);

#endif
