/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <unistd.h>

#include "hunt/allow.h"

/* A list in a file of its own. */
static bool read_text(
    const char *text, struct arena *memory, const struct allow **ret, struct err *reterr)
{
	char path[] = "/tmp/lodestone-allow-XXXXXX";
	int fd = mkstemp(path);
	bool ok;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(close(fd), 0);
	ok = allow_read(path, memory, ret, reterr);
	assert_int_equal(unlink(path), 0);
	return ok;
}

static const char *find(const struct allow *list, const char *text)
{
	struct endpoint e;

	assert_true(endpoint_parse(&e, text, strlen(text)));
	return allow_find(list, &e);
}

static void a_plain_line_covers_exactly_its_name(void **state)
{
	struct arena memory;
	const struct allow *list = NULL;
	struct err err;

	(void)state;
	arena_init(&memory, SIZE_MAX);
	assert_true(
	    read_text("# known\n\n  Mail.Example.net. # ours\n192.0.2.7\n", &memory, &list, &err));
	assert_string_equal(find(list, "mail.example.net"), "Mail.Example.net.");
	assert_string_equal(find(list, "192.0.2.7"), "192.0.2.7");
	assert_null(find(list, "a.mail.example.net"));
	assert_null(find(list, "example.net"));
	assert_null(find(list, "192.0.2.8"));
	arena_release(&memory);
}

static void a_pattern_covers_what_is_below_and_not_its_apex(void **state)
{
	struct arena memory;
	const struct allow *list = NULL;
	struct err err;

	(void)state;
	arena_init(&memory, SIZE_MAX);
	assert_true(
	    read_text("*.example.org\r\n*.b.example.org\nx.b.example.org", &memory, &list, &err));
	assert_null(find(list, "example.org"));
	assert_null(find(list, "badexample.org"));
	assert_string_equal(find(list, "a.example.org"), "*.example.org");
	assert_string_equal(find(list, "b.example.org"), "*.example.org");
	assert_string_equal(find(list, "q.w.b.example.org"), "*.b.example.org");
	assert_string_equal(find(list, "x.b.example.org"), "x.b.example.org");
	arena_release(&memory);
}

static void an_empty_list_covers_nothing(void **state)
{
	struct arena memory;
	const struct allow *list = NULL;
	struct err err;

	(void)state;
	arena_init(&memory, SIZE_MAX);
	assert_true(read_text("# nothing\n", &memory, &list, &err));
	assert_null(find(list, "example.org"));
	assert_null(find(NULL, "example.org"));
	arena_release(&memory);
}

static void a_bad_line_is_told_by_its_number(void **state)
{
	static const char *const bad[] = { "a\nb..c\n", "a\n*.\n", "a\nmail*.example\n", "a\n*\n" };
	struct arena memory;
	const struct allow *list = NULL;
	struct err err = { .code = ERR_NONE };

	(void)state;
	arena_init(&memory, SIZE_MAX);
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		assert_false(read_text(bad[i], &memory, &list, &err));
		assert_int_equal(err.code, ERR_USAGE);
		assert_non_null(strstr(err.text, "line 2"));
	}
	assert_false(allow_read("/nowhere/at/all", &memory, &list, &err));
	assert_int_equal(err.code, ERR_USAGE);
	assert_null(list);
	arena_release(&memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plain_line_covers_exactly_its_name),
		cmocka_unit_test(a_pattern_covers_what_is_below_and_not_its_apex),
		cmocka_unit_test(an_empty_list_covers_nothing),
		cmocka_unit_test(a_bad_line_is_told_by_its_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
