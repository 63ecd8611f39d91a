/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "evidence/health.h"

static void counts_by_reason_and_keeps_the_first_offset(void **state)
{
	struct health h = { 0 };

	(void)state;
	health_skip(&h, "truncated record", 100);
	health_skip(&h, "not DNS", 50);
	health_skip(&h, "truncated record", 7);
	assert_int_equal(h.count, 2);
	assert_string_equal(h.reasons[0].reason, "truncated record");
	assert_int_equal(h.reasons[0].count, 2);
	assert_int_equal(h.reasons[0].first_offset, 100);
	assert_int_equal(h.reasons[1].count, 1);
	assert_int_equal(health_total(&h), 3);
}

static void gathers_what_does_not_fit_as_other(void **state)
{
	struct health h = { 0 };
	char reason[HEALTH_REASON_TEXT];

	(void)state;
	for (unsigned i = 0; i < 2 * HEALTH_REASONS_MAX; i++) {
		(void)snprintf(reason, sizeof(reason), "reason %u", i);
		health_skip(&h, reason, i);
	}
	assert_int_equal(h.count, HEALTH_REASONS_MAX);
	assert_string_equal(h.reasons[HEALTH_REASONS_MAX - 1].reason, "other");
	assert_int_equal(h.reasons[HEALTH_REASONS_MAX - 1].count, HEALTH_REASONS_MAX + 1);
	assert_int_equal(health_total(&h), 2 * HEALTH_REASONS_MAX);
}

static void knows_a_reason_again_that_was_too_long_to_keep(void **state)
{
	struct health h = { 0 };
	char reason[2 * HEALTH_REASON_TEXT];

	(void)state;
	memset(reason, 'x', sizeof(reason));
	reason[sizeof(reason) - 1] = '\0';
	health_skip(&h, reason, 1);
	health_skip(&h, reason, 2);
	assert_int_equal(h.count, 1);
	assert_int_equal(strlen(h.reasons[0].reason), HEALTH_REASON_TEXT - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_by_reason_and_keeps_the_first_offset),
		cmocka_unit_test(gathers_what_does_not_fit_as_other),
		cmocka_unit_test(knows_a_reason_again_that_was_too_long_to_keep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
