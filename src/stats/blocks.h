/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where did a rate change? Bayesian Blocks (Scargle, Norris, Jackson & Chiang 2013): the cells of
 * a clock on which the null is a Poisson process of constant rate (optime.h), cut into the runs
 * of constant rate that fit best when each costs a price. Null: no change; innocent mechanism:
 * chance.
 */
#ifndef STATS_BLOCKS_H
#define STATS_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/err.h"

/* More cells are put together, as many neighbors at a time as it takes, before they are cut. */
#define BLOCKS_CELLS_MAX 5000

/* Events that are not told apart, and how long the clock ran for them. */
struct blocks_cell {
	double count; /* > 0 */
	double clock; /* >= 0 */
};

/*
 * Cut cells, in order, into runs; dispersion >= 1 is by how much the counts of cells vary more
 * than Poisson's. ret_starts has room for `count` (> 0) indexes: the first cell of each run, in
 * order. The result is the exact optimum; O(n^2) at worst, less with many changes. False: out of
 * memory.
 */
bool blocks_find(const struct blocks_cell *cells, size_t count, double dispersion,
    size_t *ret_starts, size_t *ret_count, struct err *reterr) MUST_USE;

#endif
