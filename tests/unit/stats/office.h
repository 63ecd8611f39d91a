/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Twenty weeks of visits for the tests of hours: one each half hour that `works` says. */
#ifndef UNIT_STATS_OFFICE_H
#define UNIT_STATS_OFFICE_H

#include "base/philox.h"
#include "stats/fortnight.h"
#include "stats/zone_fit.h"

#define OFFICE_WEEKS   20
#define OFFICE_FIRST_S (17196 * DAY_S) /* Monday 2017-01-30 */
#define OFFICE_MAX     8000

struct office {
	double starts_s[OFFICE_MAX];
	struct exposure exposure;
	struct day_grid grid;
	struct zone_fit fit;
	struct zone_likelihood likelihood;
};

/* A third of the half hours from `from` to `to` UTC of the first `days` days of each week. */
static inline bool office_make(
    struct office *o, unsigned from, unsigned to, unsigned days, struct err *err)
{
	struct day_grid_stream stream = { .starts_s = o->starts_s };
	struct philox random;

	philox_init(&random, 1, 2, 3);
	for (unsigned half = 0; half < OFFICE_WEEKS * 336; half++)
		if (half / 48 % 7 < days && half % 48 >= 2 * from && half % 48 < 2 * to &&
		    philox_uniform(&random) < 1 / 3.0)
			o->starts_s[stream.count++] =
			    OFFICE_FIRST_S + (half + philox_uniform(&random)) * 1800;
	if (!exposure_declare(OFFICE_FIRST_S, OFFICE_FIRST_S + OFFICE_WEEKS * 7 * DAY_S, NULL, 0,
		&o->exposure, err) ||
	    !day_grid_make(&stream, 1, &o->exposure, &o->grid, err))
		return false;
	zone_fit_init(&o->fit, &o->grid);
	zone_fit_grid(&o->fit, NULL, NULL, &o->likelihood);
	return true;
}

static inline void office_release(struct office *o)
{
	day_grid_release(&o->grid);
	exposure_release(&o->exposure);
}

#endif
