/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>
#include <unistd.h>

#include "hunt/prior.h"

static bool read_text(const char *text, struct prior *ret, struct err *err)
{
	char path[] = "/tmp/lodestone-prior-XXXXXX";
	int fd = mkstemp(path);
	bool ok;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	(void)close(fd);
	ok = prior_read(path, ret, err);
	(void)unlink(path);
	return ok;
}

static void weights_are_relative(void **state)
{
	struct prior p;
	struct err err;

	(void)state;
	prior_init(&p);
	assert_false(p.given);
	assert_float_equal(p.of[0], 1. / 11, 1e-12);
	assert_true(read_text("# mine\n\nsender-checks 10\n  beacon\t0\r\n", &p, &err));
	assert_true(p.given);
	assert_float_equal(p.of[EXPLAINED_SENDER_CHECKS], 10. / 19, 1e-12);
	assert_float_equal(p.of[EXPLAINED_BEACON], 0, 0);
	assert_float_equal(p.of[EXPLAINED_CRAWLER], 1. / 19, 1e-12);
}

static void a_line_that_is_none_is_an_error(void **state)
{
	static const char *const bad[] = { "sender-checks\n", "sender-checks x\n", "martians 1\n",
		"other 1\n", "beacon -1\n", "beacon 1 2\n", "beacon nan\n", "beacon 1e9\n" };
	struct prior p;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(read_text(bad[i], &p, &err));
		assert_int_equal(err.code, ERR_USAGE);
		assert_non_null(strstr(err.text, "line 1"));
	}
	assert_false(prior_read("/nowhere/prior", &p, &err));
	assert_int_equal(err.code, ERR_SYSTEM);
}

static void something_must_be_possible(void **state)
{
	char text[1024] = "";
	struct prior p;
	struct err err;

	(void)state;
	for (int i = 0; i < EXPLAINED_OTHER; i++) {
		strcat(text, explanation_name((enum explanation)i));
		strcat(text, " 0\n");
	}
	assert_false(read_text(text, &p, &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(weights_are_relative),
		cmocka_unit_test(a_line_that_is_none_is_an_error),
		cmocka_unit_test(something_must_be_possible),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
