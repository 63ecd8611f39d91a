/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "stats/exposure.h"
#include "stats/sensor_loss.h"

#define FIRST 2000 /* number of the first window */
#define W     EXPOSURE_WINDOW_S

static double at(double windows)
{
	return (FIRST + windows) * W;
}

static void reports_are_spread_over_their_windows(void **state)
{
	/* one and a half windows each; the second loses 40 % */
	const struct loss_report reports[] = { { at(0), at(1.5), 0, 3000 },
		{ at(1.5), at(3), 1200, 3000 } };
	double kept[4];

	(void)state;
	assert_true(sensor_loss_kept(reports, 2, FIRST, kept, 4, NULL));
	/* shares .6, .8, 1; the median of the three is .8 */
	assert_float_equal(kept[0], 1 / .8, 1e-12);
	assert_float_equal(kept[1], 1, 1e-12);
	assert_float_equal(kept[2], .6 / .8, 1e-12);
	assert_float_equal(kept[3], 1, 1e-12); /* nothing is said of it */
}

static void workers_count_by_their_acknowledgments(void **state)
{
	const struct loss_report reports[] = { { at(0), at(1), 0, 9000 },
		{ at(0), at(1), 900, 1000 }, { at(1), at(2), 0, 9000 }, { at(2), at(3), 0, 9000 } };
	double kept[3];

	(void)state;
	assert_true(sensor_loss_kept(reports, 4, FIRST, kept, 3, NULL));
	assert_float_equal(kept[0], .91, 1e-12);
	assert_float_equal(kept[1], 1, 1e-12);
}

static void what_is_always_lost_is_usual(void **state)
{
	struct loss_report reports[6];
	double kept[6];

	(void)state;
	for (int i = 0; i < 6; i++)
		reports[i] = (struct loss_report){ at(i), at(i + 1), 700, 1000 };
	reports[3].gaps = 900;
	assert_true(sensor_loss_kept(reports, 6, FIRST, kept, 6, NULL));
	assert_float_equal(kept[0], 1, 1e-12);
	assert_float_equal(kept[3], 1. / 3, 1e-12);
	/* acknowledgments alone, as of a sensor on one direction: nothing to compare with */
	for (int i = 0; i < 6; i++)
		reports[i].gaps = 1000 + i;
	assert_true(sensor_loss_kept(reports, 6, FIRST, kept, 6, NULL));
	for (int i = 0; i < 6; i++)
		assert_float_equal(kept[i], 1, 0);
}

static void few_acknowledgments_and_far_reports_say_nothing(void **state)
{
	const struct loss_report reports[] = { { at(0), at(1), 99, 99 }, { at(1), at(2), 0, 1000 },
		{ at(-5), at(-1), 1000, 1000 }, { at(3), at(9), 500, 1000 },
		{ -1e12, -1e12 + 86400, 1, 1000 } };
	double kept[3];

	(void)state;
	assert_true(sensor_loss_kept(reports, 5, FIRST, kept, 3, NULL));
	for (int i = 0; i < 3; i++)
		assert_float_equal(kept[i], 1, 0);
	assert_true(sensor_loss_kept(NULL, 0, FIRST, kept, 3, NULL));
	assert_float_equal(kept[0], 1, 0);
	assert_true(sensor_loss_kept(reports, 5, FIRST, kept, 0, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reports_are_spread_over_their_windows),
		cmocka_unit_test(workers_count_by_their_acknowledgments),
		cmocka_unit_test(what_is_always_lost_is_usual),
		cmocka_unit_test(few_acknowledgments_and_far_reports_say_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
