/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "finding/explanation.h"

static enum finding_verdict verdict_of(bool weighed, const enum explanation *set, size_t count)
{
	struct finding_weighing w = { .weighed = weighed };

	for (size_t i = 0; i < count; i++)
		w.in_set[set[i]] = true;
	return explanation_verdict(&w);
}

static void the_verdict_follows_the_set(void **state)
{
	static const enum explanation monitor[] = { EXPLAINED_SCHEDULED_MACHINE,
		EXPLAINED_SENDER_CHECKS };
	static const enum explanation people[] = { EXPLAINED_SENDER_CHECKS,
		EXPLAINED_HUMAN_CORRESPONDENCE };
	static const enum explanation beacon[] = { EXPLAINED_BEACON, EXPLAINED_OTHER };

	(void)state;
	assert_int_equal(verdict_of(true, monitor, 2), VERDICT_ORDINARY);
	assert_int_equal(verdict_of(true, people, 2), VERDICT_CANNOT_TELL);
	assert_int_equal(verdict_of(true, beacon, 2), VERDICT_UNUSUAL);
}

static void what_was_not_weighed_cannot_be_told(void **state)
{
	static const enum explanation monitor[] = { EXPLAINED_SCHEDULED_MACHINE };

	(void)state;
	assert_int_equal(verdict_of(false, monitor, 1), VERDICT_CANNOT_TELL);
	assert_int_equal(verdict_of(true, NULL, 0), VERDICT_CANNOT_TELL);
}

static void names_are_those_of_the_schema(void **state)
{
	(void)state;
	assert_string_equal(explanation_name(EXPLAINED_BULK_MAIL), "bulk-mail");
	assert_string_equal(explanation_name(EXPLAINED_OTHER), "other");
	for (size_t i = 0; i < EXPLANATION_COUNT; i++)
		assert_non_null(explanation_name((enum explanation)i));
	assert_false(explanation_is_innocent(EXPLAINED_BEACON));
	assert_true(explanation_is_innocent(EXPLAINED_CACHE_ARTEFACT));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_verdict_follows_the_set),
		cmocka_unit_test(what_was_not_weighed_cannot_be_told),
		cmocka_unit_test(names_are_those_of_the_schema),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
