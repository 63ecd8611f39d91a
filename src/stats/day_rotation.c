/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Turns by whole quarters of an hour are a group under which the null is invariant, and the likelihood,
 * with its weights, is the same function of a turned week as of the true one: the p is exact,
 * up to visits that belong together across midnight.
 */
#include "stats/day_rotation.h"

#include <stdlib.h>

#include "base/philox.h"

#define PURPOSE_ROTATION 5

bool day_rotation_p(struct zone_fit *f, const struct zone_likelihood *observed,
    const struct monte_carlo_plan *plan, uint64_t seed, uint64_t series,
    struct monte_carlo_result *ret, struct err *reterr)
{
	const struct day_grid *g = f->grid;
	struct monte_carlo m = { .values = NULL };
	struct zone_likelihood turned;
	struct philox random;
	uint8_t *turn = calloc(g->day_count + 1, sizeof(*turn));
	bool ok = turn != NULL;

	philox_init(&random, seed, series, PURPOSE_ROTATION);
	monte_carlo_begin(&m, observed->max);
	while (ok && monte_carlo_goes_on(&m, plan)) {
		for (size_t i = 0; i < g->day_count; i++)
			if (g->days[i].live_count > 0)
				turn[i] = (uint8_t)philox_below(&random, g->days[i].live_count);
		zone_fit_grid(f, turn, NULL, &turned);
		ok = monte_carlo_add(&m, turned.max);
	}
	if (ok)
		monte_carlo_p(&m, ret);
	else
		err_set_memory(reterr);
	monte_carlo_release(&m);
	free(turn);
	return ok;
}
