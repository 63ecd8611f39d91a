/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "office.h"
#include "stats/day_rotation.h"
#include "stats/week_test.h"
#include "stats/zone_set.h"

static struct office office; /* large */
static const struct monte_carlo_plan plan = { .surrogates_max = 199 };

static void a_working_week_has_its_zone(void **state)
{
	struct monte_carlo_result p;
	struct week_result week;
	struct zone_set set;
	struct err err;
	bool found = false;

	(void)state;
	/* 5 to 15 UTC: 9 to 19 at +4, 8 to 18 at +3 */
	assert_true(office_make(&office, 5, 15, 5, &err));
	assert_true(day_rotation_p(&office.fit, &office.likelihood, &plan, 1, 1, &p, &err));
	assert_float_equal(p.p, 1 / 200.0, 1e-9);
	assert_true(week_test(&office.grid, &plan, 1, 1, &week, &err));
	assert_true(week.p <= .01 && week.weekend_share == 0 && week.blocks == OFFICE_WEEKS - 1);
	assert_true(zone_set_find(&office.fit, &office.likelihood, 1, 1, &set, &err));
	for (size_t i = 0; i < set.offset_count; i++)
		found = found || set.offsets_min[i] == 210;
	assert_true(found);
	assert_true(set.offset_count <= 8);
	office_release(&office);
}

static void no_hour_is_preferred_around_the_clock(void **state)
{
	struct monte_carlo_result p;
	struct week_result week;
	struct err err;

	(void)state;
	assert_true(office_make(&office, 0, 24, 7, &err));
	assert_true(day_rotation_p(&office.fit, &office.likelihood, &plan, 1, 1, &p, &err));
	assert_true(p.p > .05);
	assert_true(week_test(&office.grid, &plan, 1, 1, &week, &err));
	assert_true(week.p > .05);
	office_release(&office);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_working_week_has_its_zone),
		cmocka_unit_test(no_hour_is_preferred_around_the_clock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
