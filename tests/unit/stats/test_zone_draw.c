/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "stats/circle.h"
#include "stats/fortnight.h"
#include "stats/zone_draw.h"

#define WEEKS    10
#define MONDAY_S (17196 * DAY_S) /* 2017-01-30 */
#define DRAWS    200

/* Of a working week at UTC: on each day, at any of ten hours, four visits ten minutes apart. */
static size_t draw_visits(double *ret)
{
	struct philox random;
	size_t count = 0;

	philox_init(&random, 4, 0, 0);
	for (unsigned day = 0; day < 7 * WEEKS; day++)
		for (unsigned i = 0; i < 4 && day % 7 < 5; i++)
			ret[count++] = MONDAY_S + day * DAY_S + i * 600 +
				       (i > 0 ? 0 : (8 + philox_below(&random, 10)) * HOUR_S);
	for (size_t i = 0; i < count; i++)
		if (i % 4 > 0)
			ret[i] = ret[i - i % 4] + (double)(i % 4) * 600;
	return count;
}

/* Adds the week to *ret_c and *ret_s as unit vectors at the time of day; returns the visits. */
static double add_vectors(
    const struct day_grid *g, const struct day_grid_week *week, double *ret_c, double *ret_s)
{
	double sum = 0;

	for (unsigned q = 0; q < WEEK_QUARTERS; q++) {
		double c, s;

		circle_point((q % DAY_QUARTERS + .5) / DAY_QUARTERS, &c, &s);
		for (size_t phase = 0; phase < g->phase_count; phase++) {
			*ret_c += week->rows[phase][q] * c;
			*ret_s += week->rows[phase][q] * s;
			sum += week->rows[phase][q];
		}
	}
	return sum;
}

static void sessions_move_as_blocks_about_their_zone(void **state)
{
	static double starts_s[20 * WEEKS];
	static struct zone_fit fit;
	struct day_grid_stream stream = { .starts_s = starts_s };
	struct zone_likelihood observed, again;
	double c = 0, s = 0, middle_h;
	struct exposure live;
	struct philox random;
	struct day_grid grid;
	struct zone_draw d;
	struct err err;

	(void)state;
	stream.count = draw_visits(starts_s);
	assert_true(exposure_declare(MONDAY_S, MONDAY_S + 7 * WEEKS * DAY_S, NULL, 0, &live, &err));
	assert_true(day_grid_make(&stream, 1, &live, &grid, &err));
	zone_fit_init(&fit, &grid);
	zone_fit_grid(&fit, NULL, NULL, &observed);
	assert_true(zone_draw_init(&d, &fit, &observed));
	assert_int_equal(d.session_count, 5 * WEEKS);
	philox_init(&random, 5, 0, 0);
	for (unsigned i = 0; i < DRAWS; i++) {
		zone_draw_next(&d, &random, &again);
		assert_float_equal(add_vectors(&grid, &fit.week, &c, &s), stream.count, 0);
	}
	/* the template is even about 13:30; were first visits put there, all would be 15 min late */
	middle_h = atan2(s, c) / CIRCLE_TURN * 24 + zone_offset_min(observed.best.offset) / 60.;
	assert_float_equal(remainder(middle_h - 13.5, 24), 0, .1);
	zone_draw_release(&d);
	day_grid_release(&grid);
	exposure_release(&live);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sessions_move_as_blocks_about_their_zone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
