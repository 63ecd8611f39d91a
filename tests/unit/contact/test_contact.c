/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "contact/contact.h"

static void every_type_is_read_back_from_its_word(void **state)
{
	(void)state;
	for (uint32_t type = 0; type <= UINT16_MAX; type++) {
		char text[CONTACT_WORD_MAX];
		size_t len = contact_type_format(KIND_DNS, (uint16_t)type, text);
		uint16_t back = 0;

		assert_int_equal(strlen(text), len);
		assert_true(contact_type_parse(text, len, &back));
		assert_int_equal(back, type);
	}
}

static void knows_types_by_name_and_number(void **state)
{
	char text[CONTACT_WORD_MAX];
	uint16_t type = 0;

	(void)state;
	contact_type_format(KIND_MDNS, 28, text);
	assert_string_equal(text, "AAAA");
	contact_type_format(KIND_LLMNR, 65280, text);
	assert_string_equal(text, "TYPE65280");
	contact_type_format(KIND_SMTP, 1, text);
	assert_string_equal(text, "-");
	assert_true(contact_type_parse("https", 5, &type));
	assert_int_equal(type, 65);
	assert_true(contact_type_parse("type15", 6, &type));
	assert_int_equal(type, 15);
}

static void refuses_what_is_no_type(void **state)
{
	static const char *const bad[] = { "", "TYPE", "TYPE65536", "TYPE1x", "TYPE-1",
		"TYPE000001", "AA", "AAAAA" };
	uint16_t type = 42;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_false(contact_type_parse(bad[i], strlen(bad[i]), &type));
	assert_int_equal(type, 42);
}

static void writes_outcomes_as_each_protocol_does(void **state)
{
	char text[CONTACT_WORD_MAX];

	(void)state;
	contact_outcome_format(KIND_DNS, 3, text);
	assert_string_equal(text, "NXDOMAIN");
	contact_outcome_format(KIND_DNS, 3841, text);
	assert_string_equal(text, "RCODE3841");
	contact_outcome_format(KIND_SMTP, 550, text);
	assert_string_equal(text, "550");
	contact_outcome_format(KIND_DNS, OUTCOME_NONE, text);
	assert_string_equal(text, "-");
}

static void has_a_word_for_every_number(void **state)
{
	(void)state;
	for (unsigned i = 0; i <= UINT8_MAX; i++) {
		assert_non_null(contact_kind_name((uint8_t)i));
		assert_non_null(contact_seen_name((uint8_t)i));
		assert_non_null(contact_direction_name((uint8_t)i));
	}
	assert_string_equal(contact_kind_name(KIND_LLMNR), "llmnr");
	assert_string_equal(contact_kind_name(KIND_CONN), "conn");
	assert_string_equal(contact_kind_name(200), "-");
	assert_string_equal(contact_seen_name(SEEN_BOTH), "qr");
	assert_string_equal(contact_direction_name(DIRECTION_OUT), "out");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_type_is_read_back_from_its_word),
		cmocka_unit_test(knows_types_by_name_and_number),
		cmocka_unit_test(refuses_what_is_no_type),
		cmocka_unit_test(writes_outcomes_as_each_protocol_does),
		cmocka_unit_test(has_a_word_for_every_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
