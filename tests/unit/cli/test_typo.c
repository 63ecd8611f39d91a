/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cli/typo.h"

static unsigned distance(const char *a, const char *b)
{
	return typo_distance(a, strlen(a), b, strlen(b));
}

static void counts_the_steps_between_words(void **state)
{
	(void)state;
	assert_int_equal(distance("", ""), 0);
	assert_int_equal(distance("hunt", "hunt"), 0);
	assert_int_equal(distance("", "hunt"), 4);
	assert_int_equal(distance("hnt", "hunt"), 1);
	assert_int_equal(distance("huntt", "hunt"), 1);
	assert_int_equal(distance("hust", "hunt"), 1);
	assert_int_equal(distance("hutn", "hunt"), 1);
	assert_int_equal(distance("kitten", "sitting"), 3);
	/* the restricted distance does not edit between swapped letters */
	assert_int_equal(distance("ca", "abc"), 3);
}

static void is_the_same_both_ways(void **state)
{
	static const char *const words[] = { "", "a", "ingest", "nigest", "contacts", "facts",
		"fcats" };

	(void)state;
	for (size_t i = 0; i < 7; i++) {
		for (size_t j = 0; j < 7; j++)
			assert_int_equal(
			    distance(words[i], words[j]), distance(words[j], words[i]));
	}
}

static void words_of_any_length_are_safe(void **state)
{
	char longest[TYPO_WORD_MAX + 1];

	(void)state;
	memset(longest, 'x', sizeof(longest));
	assert_int_equal(typo_distance(longest, TYPO_WORD_MAX, "x", 1), TYPO_WORD_MAX - 1);
	assert_int_equal(typo_distance(longest, TYPO_WORD_MAX + 1, "x", 1), UINT_MAX);
}

static const char *meant(const char *word)
{
	static const char *const known[] = { "hunt", "ingest", "contacts", "facts", "report",
		NULL };
	struct typo t;

	typo_init(&t, word, strlen(word));
	for (size_t i = 0; known[i] != NULL; i++)
		typo_try(&t, known[i]);
	typo_try(&t, NULL);
	return t.best;
}

static void proposes_only_what_is_near(void **state)
{
	(void)state;
	assert_string_equal(meant("hutn"), "hunt");
	assert_string_equal(meant("contact"), "contacts");
	assert_string_equal(meant("repor"), "report");
	assert_string_equal(meant("inject"), "ingest");
	assert_string_equal(meant("cont"), "contacts");
	assert_null(meant("zzzz"));
	assert_null(meant("x"));
	assert_null(meant(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_the_steps_between_words),
		cmocka_unit_test(is_the_same_both_ways),
		cmocka_unit_test(words_of_any_length_are_safe),
		cmocka_unit_test(proposes_only_what_is_near),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
