/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "casefile/mark_wording.h"

/* What is wrong with the wording; NULL: nothing. Borrowed until the next call. */
static const char *fault_of(struct mark_wording w)
{
	static struct err err;
	char target[ENDPOINT_TEXT_MAX];
	struct mark m;

	return mark_wording_read(&w, target, &m, &err) ? NULL : err.text;
}

static void a_wording_becomes_a_mark(void **state)
{
	const struct mark_wording w = { "Mail1.Example.NET.", "mute", "", "our own", "1970-01-03" };
	char target[ENDPOINT_TEXT_MAX];
	struct mark m;

	(void)state;
	assert_true(mark_wording_read(&w, target, &m, NULL));
	assert_string_equal(m.target, "mail1.example.net");
	assert_int_equal(m.kind, MARK_MUTE);
	assert_string_equal(m.text, "our own");
	assert_true(m.has_until);
	assert_int_equal(m.until_day, 2);
}

static void each_kind_has_what_it_needs(void **state)
{
	(void)state;
	assert_null(fault_of((struct mark_wording){ "a.example", "note", "", "x", "" }));
	assert_null(fault_of((struct mark_wording){ "192.0.2.1", "tag", "x", "", "" }));
	assert_null(
	    fault_of((struct mark_wording){ "a.example", "verdict", "cannot tell", "", "" }));
	assert_string_equal(fault_of((struct mark_wording){ "a.example", "note", "x", "", "" }),
	    "a note needs its 'text'");
	assert_string_equal(fault_of((struct mark_wording){ "a.example", "tag", "", "x", "" }),
	    "a tag needs its 'word'");
	assert_string_equal(fault_of((struct mark_wording){ "a.example", "mute", "", "", "" }),
	    "a mute needs its reason, as 'text'");
	assert_string_equal(
	    fault_of((struct mark_wording){ "a.example", "verdict", "evil", "", "" }),
	    "the 'word' of a verdict is unusual, ordinary or cannot tell");
}

static void what_is_off_is_said(void **state)
{
	char longest[MARK_TEXT_MAX + 2];

	(void)state;
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	assert_non_null(strstr(
	    fault_of((struct mark_wording){ "a..example", "note", "", "x", "" }), "'target'"));
	assert_non_null(
	    strstr(fault_of((struct mark_wording){ "a.example", "star", "", "x", "" }), "'kind'"));
	assert_non_null(strstr(
	    fault_of((struct mark_wording){ "a.example", "mute", "", "x", "soon" }), "'until'"));
	assert_non_null(
	    strstr(fault_of((struct mark_wording){ "a.example", "mute", "", "x", "2026-02-30" }),
		"'until'"));
	assert_non_null(strstr(
	    fault_of((struct mark_wording){ "a.example", "note", "", longest, "" }), "longer"));
	assert_non_null(strstr(
	    fault_of((struct mark_wording){ "a.example", "tag", longest, "", "" }), "longer"));
	longest[MARK_TEXT_MAX] = '\0';
	assert_null(fault_of((struct mark_wording){ "a.example", "note", "", longest, "" }));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_wording_becomes_a_mark),
		cmocka_unit_test(each_kind_has_what_it_needs),
		cmocka_unit_test(what_is_off_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
