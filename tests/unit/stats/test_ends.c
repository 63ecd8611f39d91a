/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "office.h"
#include "stats/ends.h"

static struct office office; /* large */
static const struct monte_carlo_plan plan = { .surrogates_max = 19 };

static void find(unsigned from, unsigned to, struct ends_result *ret)
{
	struct ends_input *in = calloc(1, sizeof(*in));
	struct err err;

	assert_non_null(in);
	assert_true(office_make(&office, from, to, 5, &err));
	assert_true(ends_fold(&office.fit, ZONE_STEADY, in));
	assert_int_equal(in->folds, ENDS_FOLDS);
	in->dispersion = 1;
	assert_true(ends_find(in, &plan, ret, &err));
	free(in);
	office_release(&office);
}

/* 5 to 22 UTC is the day of +4 or +3 and that of -3 or -4. */
static void a_day_of_seventeen_hours_is_that_of_either_of_two_zones(void **state)
{
	struct ends_result r;

	(void)state;
	find(5, 22, &r);
	assert_true(r.told);
	assert_int_equal(r.shape, ENDS_EITHER);
	assert_in_range(zone_offset_min(r.zones[1]), 150, 270);
	assert_in_range(-zone_offset_min(r.zones[0]), 150, 270);
}

/* Sharp edges and no lunch are no second zone. */
static void eight_sharp_hours_are_not_two_zones(void **state)
{
	struct ends_result r;

	(void)state;
	find(7, 15, &r);
	assert_true(!r.told || r.shape == ENDS_ONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_day_of_seventeen_hours_is_that_of_either_of_two_zones),
		cmocka_unit_test(eight_sharp_hours_are_not_two_zones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
