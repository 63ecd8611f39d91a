/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "enrich/popularity.h"

static bool read_text(const char *text, size_t len, struct popularity **ret, struct err *err)
{
	char path[] = "/tmp/lodestone-popularity-XXXXXX";
	int fd = mkstemp(path);
	bool ok;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), (ssize_t)len);
	(void)close(fd);
	ok = popularity_read(path, ret, err);
	(void)unlink(path);
	return ok;
}

static uint32_t place_of(const struct popularity *p, const char *name, char *ret_listed)
{
	struct endpoint e, listed = { .form = ENDPOINT_NONE };
	uint32_t place;

	assert_true(endpoint_parse(&e, name, strlen(name)));
	place = popularity_find(p, &e, &listed);
	(void)endpoint_format(&listed, ret_listed);
	return place;
}

static void the_nearest_name_above_counts(void **state)
{
	static const char text[] = "1,example.com\r\n2,example.net\r\n\n30,News.example.net\n"
				   "40,example.com";
	char listed[ENDPOINT_TEXT_MAX];
	struct popularity *p = NULL;
	struct err err;

	(void)state;
	assert_true(read_text(text, strlen(text), &p, &err));
	assert_int_equal(place_of(p, "example.com", listed), 1);
	assert_int_equal(place_of(p, "a.b.example.net", listed), 2);
	assert_string_equal(listed, "example.net");
	assert_int_equal(place_of(p, "x.news.example.net", listed), 30);
	assert_string_equal(listed, "news.example.net");
	assert_int_equal(place_of(p, "notexample.com", listed), 0);
	assert_int_equal(place_of(p, "com", listed), 0);
	assert_int_equal(place_of(p, ".", listed), 0);
	assert_int_equal(place_of(p, "192.0.2.1", listed), 0);
	popularity_free(p);
}

static void a_line_that_is_none_is_an_error_with_its_number(void **state)
{
	static const char *const bad[] = { "1,example.com\nexample.net\n", "1,example.com\n0,a.b\n",
		"1,example.com\n4294967296,a.b\n", "1,example.com\n2,a..b\n", "1,example.com\n2,\n",
		"1,example.com\n2\n", "1,example.com\n-2,a.b\n" };
	struct popularity *p = NULL;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(read_text(bad[i], strlen(bad[i]), &p, &err));
		assert_int_equal(err.code, ERR_USAGE);
		assert_non_null(strstr(err.text, "line 2"));
	}
	/* a NUL ends no line */
	assert_false(read_text("1,example.com\n\0\n", 16, &p, &err));
	assert_non_null(strstr(err.text, "line 2"));
	assert_false(popularity_read("/nowhere/list", &p, &err));
	assert_int_equal(err.code, ERR_SYSTEM);
	assert_null(p);
}

static void a_line_of_any_length_takes_no_memory(void **state)
{
	size_t len = 1 << 20;
	char *text = malloc(len);
	struct popularity *p = NULL;
	struct err err;

	(void)state;
	memset(text, '1', len);
	assert_false(read_text(text, len, &p, &err));
	assert_non_null(strstr(err.text, "line 1"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_nearest_name_above_counts),
		cmocka_unit_test(a_line_that_is_none_is_an_error_with_its_number),
		cmocka_unit_test(a_line_of_any_length_takes_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
