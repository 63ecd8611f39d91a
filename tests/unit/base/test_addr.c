/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/addr.h"

static void text_comes_back_in_rfc_5952_form(void **state)
{
	static const char *const cases[][2] = {
		{ "192.0.2.1", "192.0.2.1" },
		{ "0.0.0.0", "0.0.0.0" },
		{ "255.255.255.255", "255.255.255.255" },
		{ "2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1" },    /* RFC 5952 4.2.3 */
		{ "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1" }, /* 4.2.2: no :: for one group */
		{ "::", "::" },
		{ "2001:0db8::0001", "2001:db8::1" },
	};
	char text[ADDR_TEXT_MAX];
	struct addr a;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_true(addr_parse(cases[i][0], strlen(cases[i][0]), &a));
		assert_int_equal(addr_format(&a, text), strlen(cases[i][1]));
		assert_string_equal(text, cases[i][1]);
	}
}

static void refuses_what_is_no_address(void **state)
{
	static const char *const bad[] = { "", "1", "1.2.3", "1.2.3.4.", "1.2.3.256", "01.2.3.4",
		"1.2.3.4 ", "1..3.4", "g::1", "fe80::1%eth0", "1:2:3:4:5:6:7:8:9", "::1.2.3.4.5",
		"a.b.c.d" };
	struct addr a = { .len = 7 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_false(addr_parse(bad[i], strlen(bad[i]), &a));
	assert_false(addr_parse("::1\0", 4, &a));
	assert_int_equal(a.len, 7);
}

static void v4_comes_before_v6(void **state)
{
	struct addr low, high, six;

	(void)state;
	assert_true(addr_parse("10.0.0.2", 8, &low));
	assert_true(addr_parse("200.0.0.1", 9, &high));
	assert_true(addr_parse("::", 2, &six));
	assert_true(addr_cmp(&low, &high) < 0);
	assert_true(addr_cmp(&high, &six) < 0);
	assert_int_equal(addr_cmp(&low, &low), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_comes_back_in_rfc_5952_form),
		cmocka_unit_test(refuses_what_is_no_address),
		cmocka_unit_test(v4_comes_before_v6),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
