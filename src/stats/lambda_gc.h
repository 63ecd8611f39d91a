/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is the haystack as a whole in accord with the null? The genomic-control ratio. */
#ifndef STATS_LAMBDA_GC_H
#define STATS_LAMBDA_GC_H

#include <stddef.h>

/* Above this, p-values are deflated before they enter the false-discovery procedure. */
#define LAMBDA_GC_TOLERATED 1.1

/* median chi2_1(p) / .455; NAN for count 0. Reorders p. Discrete or conservative p's give less
 * than 1. */
double lambda_gc(double *p, size_t count);

/* p' = P(chi2_1 > chi2_1(p) / lambda); p itself for lambda <= LAMBDA_GC_TOLERATED or NAN. */
double lambda_gc_deflate(double p, double lambda);

#endif
