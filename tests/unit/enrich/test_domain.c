/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "enrich/domain.h"

static void a_name_has_the_domain_that_was_registered(void **state)
{
	static const char *const cases[][2] = {
		{ "mail1.example.net", "example.net" },
		{ "example.net", "example.net" },
		{ "a.b.example.co.uk", "example.co.uk" },
		{ "_dmarc.example.org", "example.org" },
	};
	char text[ENDPOINT_TEXT_MAX];
	struct endpoint name, got;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(endpoint_parse(&name, cases[i][0], strlen(cases[i][0])));
		assert_true(domain_registered(&name, &got));
		(void)endpoint_format(&got, text);
		assert_string_equal(text, cases[i][1]);
	}
}

static void what_nobody_registered_has_none(void **state)
{
	static const char *const cases[] = { ".", "net", "co.uk", "192.0.2.1", "2001:db8::1",
		"a\\.b.example.net", "\\255.example.net" };
	struct endpoint name, got;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(endpoint_parse(&name, cases[i], strlen(cases[i])));
		assert_false(domain_registered(&name, &got));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_has_the_domain_that_was_registered),
		cmocka_unit_test(what_nobody_registered_has_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
