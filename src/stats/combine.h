/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One p from several that may depend on each other: the Cauchy combination test. */
#ifndef STATS_COMBINE_H
#define STATS_COMBINE_H

#include <stddef.h>

/* Equal weights (Liu & Xie 2020). count 0 gives 1. Each p in (0, 1]. */
double combine_cauchy(const double *p, size_t count);

#endif
