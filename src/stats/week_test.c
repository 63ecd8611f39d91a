/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/week_test.h"

#include <math.h>
#include <stdlib.h>

#include "base/philox.h"

#define PURPOSE_WEEKS 6

/* Blocks of seven days that are all live, as indexes of their first days. */
static size_t find_blocks(const struct day_grid *g, size_t *ret)
{
	size_t count = 0;
	size_t run = 0;

	for (size_t i = 0; i < g->day_count; i++) {
		run = g->days[i].live_count > DAY_QUARTERS / 2 ? run + 1 : 0;
		if (run == 7) {
			ret[count++] = i - 6;
			run = 0;
		}
	}
	return count;
}

/* Visits of a block's weekend were it begun `shift` days later. */
static double weekend_visits(const struct day_grid *g, size_t first, unsigned shift)
{
	double sum = 0;

	for (unsigned i = 0; i < 7; i++)
		if (g->days[first + i].weekday >= 5)
			sum += g->days[first + (i + shift) % 7].visits;
	return sum;
}

bool week_test(const struct day_grid *g, const struct monte_carlo_plan *plan, uint64_t seed,
    uint64_t series, struct week_result *ret, struct err *reterr)
{
	struct monte_carlo m = { .values = NULL };
	struct monte_carlo_result p = { .p = 1 };
	struct philox random;
	size_t *blocks = calloc(g->day_count / 7 + 1, sizeof(*blocks));
	double all = 0, seen = 0;
	bool ok = blocks != NULL;

	*ret = (struct week_result){ .p = 1, .weekend_share = NAN };
	if (ok)
		ret->blocks = find_blocks(g, blocks);
	for (size_t i = 0; i < ret->blocks; i++) {
		seen += weekend_visits(g, blocks[i], 0);
		for (unsigned j = 0; j < 7; j++)
			all += g->days[blocks[i] + j].visits;
	}
	if (all > 0)
		ret->weekend_share = seen / all;
	philox_init(&random, seed, series, PURPOSE_WEEKS);
	/* visits are whole, so equal sums differ in rounding alone: less than this */
	monte_carlo_begin(&m, fabs(seen - all * 2 / 7) - 1e-6);
	while (ok && all > 0 && monte_carlo_goes_on(&m, plan)) {
		double sum = 0;

		for (size_t i = 0; i < ret->blocks; i++)
			sum += weekend_visits(g, blocks[i], philox_below(&random, 7));
		ok = monte_carlo_add(&m, fabs(sum - all * 2 / 7));
	}
	if (ok && all > 0) {
		monte_carlo_p(&m, &p);
		ret->p = p.p;
	} else if (!ok) {
		err_set_memory(reterr);
	}
	monte_carlo_release(&m);
	free(blocks);
	return ok;
}
