/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A run of N events that took S of the clock has, at its best rate N / S, the log likelihood
 * N (ln N - ln S) - N; the last term is the same for every partition. The best partition of the
 * first j steps ends with some run after the best one of the first i (dynamic programming;
 * Jackson et al. 2005). A start i that, even without the price, is no better than the best there
 * is at j can never become so again, since a run cut in two never fits worse (Killick, Fearnhead
 * & Eckley 2012): leaving it out keeps the optimum.
 *
 * The price is Scargle's ncp_prior = 4 - ln(73.53 p0 N^-.478) for p0 = .05, N being the number of
 * events that Poisson clients would need to tell as much. His cells are the surroundings of an
 * event, half a gap to either side; ours end at events and hold the gaps before them, so that a
 * silence belongs to one cell alone.
 */
#include "stats/blocks.h"

#include <math.h>
#include <stdlib.h>

#include "base/minmax.h"
#include "base/size.h"

#define FALSE_ALARM    .05
#define SMALLEST_CLOCK 1e-9 /* two events at one time: a rate beyond all telling, but finite */

struct cut {
	double *clocks; /* of all cells before each; cells + 1 */
	double *counts; /* the same of events */
	double *best;   /* of the first cells */
	size_t *from;   /* where the last run of that best begins */
	size_t *open;   /* starts that can still be part of the optimum */
	size_t cells;
	double dispersion;
	double price;
};

static double fitness(const struct cut *c, size_t from, size_t upto)
{
	double n = c->counts[upto] - c->counts[from];
	double clock = double_max(c->clocks[upto] - c->clocks[from], SMALLEST_CLOCK);

	return n * log(n / clock) / c->dispersion;
}

static void solve(struct cut *c)
{
	size_t open = 0;

	c->best[0] = 0;
	for (size_t j = 1; j <= c->cells; j++) {
		size_t kept = 0;

		c->open[open++] = j - 1;
		c->best[j] = -INFINITY;
		for (size_t k = 0; k < open; k++) {
			size_t i = c->open[k];
			double value = c->best[i] + fitness(c, i, j) - c->price;

			if (value > c->best[j]) {
				c->best[j] = value;
				c->from[j] = i;
			}
		}
		for (size_t k = 0; k < open; k++) {
			size_t i = c->open[k];

			if (c->best[i] + fitness(c, i, j) > c->best[j])
				c->open[kept++] = i;
		}
		open = kept;
	}
}

/* Cells were put together by `width`. */
static size_t trace_back(const struct cut *c, size_t width, size_t *ret_starts)
{
	size_t count = 0;

	for (size_t j = c->cells; j > 0; j = c->from[j])
		ret_starts[count++] = c->from[j] * width;
	for (size_t i = 0; i < count / 2; i++) {
		size_t other = ret_starts[i];

		ret_starts[i] = ret_starts[count - 1 - i];
		ret_starts[count - 1 - i] = other;
	}
	return count;
}

static bool make_cells(struct cut *c, const struct blocks_cell *cells, size_t count, size_t width)
{
	double clock = 0, events = 0;

	c->cells = (count + width - 1) / width;
	c->clocks = malloc(size_mul(c->cells + 1, sizeof(*c->clocks)));
	c->counts = malloc(size_mul(c->cells + 1, sizeof(*c->counts)));
	c->best = malloc(size_mul(c->cells + 1, sizeof(*c->best)));
	c->from = malloc(size_mul(c->cells + 1, sizeof(*c->from)));
	c->open = malloc(size_mul(c->cells + 1, sizeof(*c->open)));
	if (c->clocks == NULL || c->counts == NULL || c->best == NULL || c->from == NULL ||
	    c->open == NULL)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (i % width == 0) {
			c->clocks[i / width] = clock;
			c->counts[i / width] = events;
		}
		clock += cells[i].clock;
		events += cells[i].count;
	}
	c->clocks[c->cells] = clock;
	c->counts[c->cells] = events;
	return true;
}

bool blocks_find(const struct blocks_cell *cells, size_t count, double dispersion,
    size_t *ret_starts, size_t *ret_count, struct err *reterr)
{
	size_t width = (count + BLOCKS_CELLS_MAX - 1) / BLOCKS_CELLS_MAX;
	struct cut c = { .dispersion = dispersion };
	bool ok = make_cells(&c, cells, count, width);

	if (ok) {
		double telling = double_max(c.counts[c.cells] / dispersion, 1);

		c.price = 4 - log(73.53 * FALSE_ALARM * pow(telling, -.478));
		solve(&c);
		*ret_count = trace_back(&c, width, ret_starts);
	} else {
		err_set_memory(reterr);
	}
	free(c.clocks);
	free(c.counts);
	free(c.best);
	free(c.from);
	free(c.open);
	return ok;
}
