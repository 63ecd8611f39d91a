/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Do counts in several cells fall as they do for the series beside this one? Null: it is one of
 * them, each of which strays from all of them together by as much as they are seen to stray. So
 * uneven cells (a clock that rounds, a resolver with few ports) count only where the others do not
 * have them, and events that hang on those before them count as often as they are new.
 */
#ifndef STATS_HOMOGENEITY_H
#define STATS_HOMOGENEITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HOMOGENEITY_CELLS_MAX  64
#define HOMOGENEITY_SERIES_MIN 10

struct homogeneity {
	bool tested;
	double p;
	unsigned cells;     /* after those that expect too little were put together */
	double moved;       /* share of the events that would have to move for the others' split */
	double moved_usual; /* the same share for a series like the others */
};

/*
 * All counts are of `cells` cells, series behind series. blocks: the target's own events, cut into
 * stretches of time, whose sum is the target; block_count > 1. Not tested: fewer than
 * HOMOGENEITY_SERIES_MIN others with events, fewer than two cells left.
 */
struct homogeneity_input {
	const uint32_t *blocks;
	size_t block_count;
	const uint32_t *others;
	size_t other_count;
	unsigned cells;
};
void homogeneity_test(const struct homogeneity_input *in, struct homogeneity *ret);

#endif
