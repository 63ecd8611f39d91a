/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/uuid.h"

/* RFC 9562, appendix A.4. */
static void names_have_the_uuid_of_the_rfc(void **state)
{
	static const struct uuid dns = { { 0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1, 0x80,
	    0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8 } };
	static const char name[] = "www.example.com";
	struct uuid u = uuid_of_name(&dns, name, strlen(name));
	char text[UUID_TEXT_MAX];

	(void)state;
	uuid_format(&u, text);
	assert_string_equal(text, "2ed6657d-e927-568b-95e1-2665a8aea6a2");
	uuid_format(&dns, text);
	assert_string_equal(text, "6ba7b810-9dad-11d1-80b4-00c04fd430c8");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_have_the_uuid_of_the_rfc),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
