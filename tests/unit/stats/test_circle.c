/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/philox.h"
#include "stats/circle.h"

static void quarters_are_exact(void **state)
{
	static const double points[4][2] = { { 1, 0 }, { 0, 1 }, { -1, 0 }, { 0, -1 } };

	(void)state;
	for (int i = 0; i < 4; i++) {
		double c, s;

		circle_point(i / 4., &c, &s);
		assert_true(c == points[i][0] && s == points[i][1]);
	}
}

static void every_point_is_the_library_s(void **state)
{
	struct philox random;
	double worst = 0;

	(void)state;
	philox_init(&random, 1, 2, 3);
	for (int i = 0; i < 1000000; i++) {
		double turn = philox_uniform(&random), c, s;

		circle_point(turn, &c, &s);
		/* the angle itself is rounded before cos() sees it: half a unit of 6.28 is 4.4e-16 */
		worst = fmax(worst, fabs(c - (double)cosl(6.283185307179586476925L * turn)));
		worst = fmax(worst, fabs(s - (double)sinl(6.283185307179586476925L * turn)));
	}
	assert_true(worst <= 3e-16);
}

static void the_last_point_is_before_the_first(void **state)
{
	double c, s;

	(void)state;
	circle_point(nextafter(1, 0), &c, &s);
	assert_true(c == 1 && s < 0 && s > -1e-15);
}

static void a_whole_turn_is_none(void **state)
{
	double c, s;

	(void)state;
	circle_point(1, &c, &s);
	assert_true(c == 1 && s == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quarters_are_exact),
		cmocka_unit_test(every_point_is_the_library_s),
		cmocka_unit_test(the_last_point_is_before_the_first),
		cmocka_unit_test(a_whole_turn_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
