/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "contact/vantage.h"

static void has_a_word_for_each_and_finds_it(void **state)
{
	(void)state;
	for (int v = 0; v < VANTAGES; v++)
		assert_int_equal(vantage_find(vantage_name((enum vantage)v)), v);
	assert_int_equal(vantage_find("elsewhere"), VANTAGE_UNKNOWN);
}

static void takes_nine_in_ten_for_all(void **state)
{
	static const struct {
		uint64_t unknown, recursive, authoritative;
		enum vantage want;
	} cases[] = {
		{ 0, 0, 0, VANTAGE_UNKNOWN },
		{ 0, 1, 0, VANTAGE_RECURSIVE },
		{ 0, 9, 1, VANTAGE_RECURSIVE },
		{ 0, 8, 1, VANTAGE_MIXED },
		{ 0, 17, 2, VANTAGE_MIXED },
		{ 1, 9, 0, VANTAGE_RECURSIVE },
		{ 2, 9, 0, VANTAGE_UNKNOWN },
		{ 1, 5, 5, VANTAGE_MIXED },
		{ 5, 5, 5, VANTAGE_UNKNOWN },
		{ 9, 1, 0, VANTAGE_UNKNOWN },
		{ 0, UINT64_MAX / 2, 1, VANTAGE_RECURSIVE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct vantage_votes votes = { .of = {
							 [VANTAGE_UNKNOWN] = cases[i].unknown,
							 [VANTAGE_RECURSIVE] = cases[i].recursive,
							 [VANTAGE_AUTHORITATIVE] =
							     cases[i].authoritative,
						     } };

		assert_int_equal(vantage_of_votes(&votes), cases[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_a_word_for_each_and_finds_it),
		cmocka_unit_test(takes_nine_in_ten_for_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
