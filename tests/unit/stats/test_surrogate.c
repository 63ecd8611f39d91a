/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "stats/surrogate.h"

#define MONDAY_S 1462147200.0
#define DAY_S    86400.0

static void surrogates_keep_dead_time_rate_and_outages(void **state)
{
	const struct interval down = { MONDAY_S + 10 * DAY_S, MONDAY_S + 30 * DAY_S };
	struct surrogate s = { .events_s = NULL };
	struct profile p = { .exposure = NULL };
	double rate[FOLDED_CELLS];
	struct philox random;
	struct exposure e;

	(void)state;
	for (int c = 0; c < FOLDED_CELLS; c++)
		rate[c] = 1.0 / 1800;
	assert_true(exposure_declare(MONDAY_S, MONDAY_S + 100 * DAY_S, &down, 1, &e, NULL));
	assert_true(profile_set(&p, &e, rate, NULL));
	philox_init(&random, 1, 2, 3);
	assert_true(surrogate_draw(&s, &p, MONDAY_S, MONDAY_S + 100 * DAY_S, 3600, &random, NULL));
	/* 80 live days, one event each 5400 s: 1280, sd 12 */
	assert_true(fabs((double)s.count - 1280) < 60);
	assert_true(s.events_s[0] == MONDAY_S);
	for (size_t i = 1; i < s.count; i++) {
		assert_true(s.events_s[i] >= s.events_s[i - 1] + 3600);
		assert_false(s.events_s[i] > down.from_s && s.events_s[i] < down.to_s);
	}
	surrogate_release(&s);
	profile_release(&p);
	exposure_release(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(surrogates_keep_dead_time_rate_and_outages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
