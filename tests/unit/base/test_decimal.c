/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <locale.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"

static void rounds_to_the_digits_asked_for(void **state)
{
	static const struct {
		double in;
		unsigned digits;
		const char *want;
	} cases[] = {
		{ 0.0, 3, "0" },
		{ -0.0, 3, "0" },
		{ 1.0 / 3, 1, "0.3" },
		{ 1.0 / 3, 4, "0.3333" },
		{ 999.6, 3, "1e3" },
		{ 99.96, 3, "100" },
		{ 0.00012345, 3, "0.000123" },
		{ 0.000012345, 3, "1.23e-5" },
		{ -2.5e-300, 2, "-2.5e-300" },
		{ 10, 2, "10" },
		{ 0.1, 17, "0.10000000000000001" },
		{ (double)NAN, 3, "" },
		{ -(double)INFINITY, 3, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[DECIMAL_TEXT_MAX];
		size_t len = decimal_format(cases[i].in, cases[i].digits, text);

		assert_string_equal(text, cases[i].want);
		assert_int_equal(len, strlen(cases[i].want));
	}
}

/* The oracle: the C library's own %.6g, read back. */
static void agrees_with_the_c_library_on_every_magnitude(void **state)
{
	(void)state;
	for (int power = -320; power <= 307; power++) {
		for (int i = 1; i < 40; i++) {
			double value = ldexp(1.0 + i * 0.0241, (int)(power * 3.3219));
			char ours[DECIMAL_TEXT_MAX];
			char theirs[DECIMAL_TEXT_MAX];

			size_t len = decimal_format(value, 6, ours);

			assert_int_equal(len, strlen(ours));
			(void)snprintf(theirs, sizeof(theirs), "%.6g", value);
			if (strtod(ours, NULL) != strtod(theirs, NULL))
				fail_msg("%s is not %s", ours, theirs);
		}
	}
}

static void does_not_follow_the_locale(void **state)
{
	static const char *const comma_locales[] = { "de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8",
		"ps_AF.UTF-8" };
	char text[DECIMAL_TEXT_MAX];
	bool set = false;

	(void)state;
	for (size_t i = 0; i < sizeof(comma_locales) / sizeof(comma_locales[0]) && !set; i++)
		set = setlocale(LC_ALL, comma_locales[i]) != NULL;
	if (!set)
		skip(); /* the machine has none */
	(void)decimal_format(1.5, 6, text);
	(void)setlocale(LC_ALL, "C");
	assert_string_equal(text, "1.5");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rounds_to_the_digits_asked_for),
		cmocka_unit_test(agrees_with_the_c_library_on_every_magnitude),
		cmocka_unit_test(does_not_follow_the_locale),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
