/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/parallel.h"

static bool mark(size_t i, void *context, struct err *reterr)
{
	unsigned char *done = context;

	(void)reterr;
	done[i]++;
	return true;
}

static void every_turn_is_taken_once(void **state)
{
	unsigned char done[1000];
	struct err err;

	(void)state;
	for (unsigned jobs = 0; jobs <= 8; jobs++) {
		memset(done, 0, sizeof(done));
		assert_true(parallel_for(jobs, sizeof(done), mark, done, &err));
		for (size_t i = 0; i < sizeof(done); i++)
			assert_int_equal(done[i], 1);
	}
	assert_true(parallel_for(4, 0, mark, done, &err));
}

static bool fail_from_100(size_t i, void *context, struct err *reterr)
{
	(void)context;
	if (i < 100)
		return true;
	err_set(reterr, ERR_INPUT, "turn %zu", i);
	return false;
}

static void a_failure_is_told_with_its_reason(void **state)
{
	struct err err = { .code = ERR_NONE };

	(void)state;
	assert_false(parallel_for(1, 1000, fail_from_100, NULL, &err));
	assert_string_equal(err.text, "turn 100");
	assert_false(parallel_for(4, 1000, fail_from_100, NULL, &err));
	assert_int_equal(err.code, ERR_INPUT);
	assert_false(parallel_for(4, 1000, fail_from_100, NULL, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_turn_is_taken_once),
		cmocka_unit_test(a_failure_is_told_with_its_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
