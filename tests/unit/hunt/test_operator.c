/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "contact/key.h"
#include "hunt/operator.h"

static uint64_t number_of(const char *peer, uint64_t name)
{
	const struct enrich none = { .networks = NULL };
	struct err err = { .code = ERR_NONE };
	struct endpoint e;
	struct key k;
	uint64_t number;

	assert_true(endpoint_parse(&e, peer, strlen(peer)));
	key_of_endpoint(&k, &e);
	assert_true(operator_find(&none, k.bytes, k.len, name, &number, &err));
	/* every shorter one is none */
	for (size_t len = 0; len < k.len; len++) {
		uint64_t other;

		assert_false(operator_find(&none, k.bytes, len, name, &other, &err));
		assert_int_equal(err.code, ERR_DAMAGED);
	}
	return number;
}

static void without_a_file_a_prefix_stands_for_an_operator(void **state)
{
	(void)state;
	assert_true(number_of("192.0.2.1", 0) == number_of("192.0.2.200", 1));
	assert_true(number_of("192.0.2.1", 0) != number_of("192.0.3.1", 0));
	assert_true(number_of("2001:db8:5::1", 0) == number_of("2001:db8:5:77::2", 1));
	assert_true(number_of("2001:db8:5::1", 0) != number_of("2001:db8:6::1", 0));
	/* the same bits, of another family */
	assert_true(number_of("0.0.1.9", 0) != number_of("0:0:1::", 0));
	assert_true(number_of("mail1.example.net", 7) == 7);
	assert_true(number_of("0.0.7.1", 0) != number_of("mail1.example.net", 7));
}

static void shares_add_up_by_operator(void **state)
{
	struct operator_shares s = { 0 };
	uint64_t operators = 9;
	double effective = 9;

	(void)state;
	operator_shares_count(&s, &operators, &effective);
	assert_true(operators == 0 && effective == 0);
	for (unsigned i = 0; i < 300; i++) /* 200 of one, 100 of another, in turns */
		assert_true(operator_shares_add(&s, i % 3 == 0, 2));
	operator_shares_count(&s, &operators, &effective);
	assert_true(operators == 2);
	assert_float_equal(effective, 1 / (4.0 / 9 + 1.0 / 9), 1e-12);
	assert_int_equal(s.count, 2);
	assert_int_equal(s.items[1].contacts, 200);
	operator_shares_release(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_file_a_prefix_stands_for_an_operator),
		cmocka_unit_test(shares_add_up_by_operator),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
