/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "base/philox.h"
#include "stats/monte_carlo.h"

static const struct monte_carlo_plan plan = { .surrogates_max = 999 };

static void p_is_never_zero(void **state)
{
	struct monte_carlo m = { .values = NULL };
	struct monte_carlo_result r;

	(void)state;
	monte_carlo_begin(&m, 5);
	while (monte_carlo_goes_on(&m, &plan))
		assert_true(monte_carlo_add(&m, 1));
	assert_int_equal(m.count, 999);
	monte_carlo_p(&m, &r);
	assert_float_equal(r.p, 1e-3, 1e-12);
	assert_true(r.floor);
	monte_carlo_release(&m);
}

static void it_stops_at_ten(void **state)
{
	struct monte_carlo m = { .values = NULL };
	struct monte_carlo_result r;
	unsigned i = 0;

	(void)state;
	monte_carlo_begin(&m, 5);
	while (monte_carlo_goes_on(&m, &plan))
		assert_true(monte_carlo_add(&m, i++ % 4 == 3 ? 5 : 1)); /* ties exceed */
	assert_int_equal(m.count, 40);
	monte_carlo_p(&m, &r);
	assert_float_equal(r.p, .25, 1e-12);
	assert_false(r.floor);
	monte_carlo_release(&m);
}

static void the_tail_stays_in_its_bounds(void **state)
{
	const struct monte_carlo_plan long_plan = { .surrogates_max = 9999 };
	struct monte_carlo m = { .values = NULL };
	struct monte_carlo_result r;
	struct philox random;
	unsigned fitted = 0;

	(void)state;
	philox_init(&random, 1, 1, 1);
	for (int turn = 0; turn < 20; turn++) {
		/* true p 2e-5 */
		monte_carlo_begin(&m, log(5e4));
		while (monte_carlo_goes_on(&m, &long_plan))
			assert_true(monte_carlo_add(&m, philox_exponential(&random)));
		monte_carlo_p(&m, &r);
		assert_true(r.p >= 1 / (20 * 9999.0));
		fitted += r.tail && r.p > 1e-5 && r.p < 1e-4;
	}
	assert_true(fitted >= 8);
	monte_carlo_begin(&m, 1e6);
	while (monte_carlo_goes_on(&m, &long_plan))
		assert_true(monte_carlo_add(&m, philox_exponential(&random)));
	monte_carlo_p(&m, &r);
	assert_true(r.p >= 1 / (20 * 9999.0));
	assert_true(r.floor);
	monte_carlo_release(&m);
}

static void ties_have_no_tail(void **state)
{
	const struct monte_carlo_plan long_plan = { .surrogates_max = 9999 };
	struct monte_carlo m = { .values = NULL };
	struct monte_carlo_result r;

	(void)state;
	monte_carlo_begin(&m, 5);
	for (unsigned i = 0; monte_carlo_goes_on(&m, &long_plan); i++)
		assert_true(monte_carlo_add(&m, i % 3));
	monte_carlo_p(&m, &r);
	assert_false(r.tail);
	assert_float_equal(r.p, 1e-4, 1e-9);
	monte_carlo_release(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(p_is_never_zero),
		cmocka_unit_test(it_stops_at_ten),
		cmocka_unit_test(the_tail_stays_in_its_bounds),
		cmocka_unit_test(ties_have_no_tail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
