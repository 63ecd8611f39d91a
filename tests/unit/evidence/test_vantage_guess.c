/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/attr.h"
#include "evidence/vantage_guess.h"

/* count messages, of them recursive with RD, from so many clients to so many servers in turn. */
static enum vantage guess(unsigned count, unsigned recursive, unsigned clients, unsigned servers)
{
	struct vantage_guess g = { .messages = 0 };

	for (unsigned i = 0; i < count; i++) {
		const struct addr client = { 4, { 192, 0, 2, (uint8_t)(i % clients) } };
		const struct addr server = { 4, { 198, 51, 100, (uint8_t)(i % servers) } };

		vantage_guess_message(&g, &client, &server, i < recursive);
	}
	return vantage_guess_of(&g);
}

static void tells_by_recursion_and_ends(void **state)
{
	static const struct {
		unsigned count, recursive, clients, servers;
		enum vantage want;
	} cases[] = {
		{ 29, 29, 5, 1, VANTAGE_UNKNOWN },
		{ 30, 30, 5, 1, VANTAGE_RECURSIVE },
		{ 30, 30, 1, 2, VANTAGE_STUB },
		{ 100, 90, 5, 1, VANTAGE_RECURSIVE },
		{ 100, 89, 5, 1, VANTAGE_UNKNOWN },
		{ 100, 50, 5, 1, VANTAGE_UNKNOWN },
		{ 100, 11, 50, 2, VANTAGE_UNKNOWN },
		{ 100, 10, 50, 2, VANTAGE_AUTHORITATIVE },
		{ 100, 0, 2, 50, VANTAGE_RESOLVER_SIDE },
		{ 100, 0, 3, 3, VANTAGE_UNKNOWN },
		/* more than are told apart, on both sides */
		{ 100, 0, 50, 40, VANTAGE_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_int_equal(
		    guess(cases[i].count, cases[i].recursive, cases[i].clients, cases[i].servers),
		    cases[i].want);
}

static void knows_nothing_of_ends_that_are_not_told(void **state)
{
	struct vantage_guess g = { .messages = 0 };
	const struct addr none = { .len = 0 };

	(void)state;
	for (unsigned i = 0; i < 100; i++)
		vantage_guess_message(&g, &none, &none, true);
	assert_int_equal(vantage_guess_of(&g), VANTAGE_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_by_recursion_and_ends),
		cmocka_unit_test(knows_nothing_of_ends_that_are_not_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
