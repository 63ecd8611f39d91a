/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "stats/lambda_gc.h"

static void uniform_ps_give_one(void **state)
{
	double p[1001];

	(void)state;
	for (int i = 0; i < 1001; i++)
		p[i] = (1001 - i) / 1002.0;
	assert_float_equal(lambda_gc(p, 1001), 1, 1e-6);
	assert_true(isnan(lambda_gc(p, 0)));
}

/* chi2_1 of .05 is 3.841459; half of it has p = .165776. */
static void deflation_divides_chi_squared(void **state)
{
	(void)state;
	assert_float_equal(lambda_gc_deflate(.05, 2), .1657763, 1e-6);
	assert_true(lambda_gc_deflate(.05, 1.1) == .05);
	assert_true(lambda_gc_deflate(.05, (double)NAN) == .05);
	assert_true(lambda_gc_deflate(1e-200, 2) < 1e-90);
	assert_true(lambda_gc_deflate(1e-200, 2) > 1e-105);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(uniform_ps_give_one),
		cmocka_unit_test(deflation_divides_chi_squared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
