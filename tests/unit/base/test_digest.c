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

#include "base/digest.h"

/* FIPS 180-4 examples: "abc" and the empty message. */
#define ABC   "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define EMPTY "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static void gives_the_published_answers_at_every_stage(void **state)
{
	char text[DIGEST_TEXT_MAX];
	struct digester *d = NULL;
	struct digest value, parsed;
	struct err err;

	(void)state;
	assert_true(digester_new(&d, &err));
	assert_true(digester_peek(d, &value, &err));
	digest_format(&value, text);
	assert_string_equal(text, EMPTY);
	digester_add(d, "a", 1);
	digester_add(d, "bc", 2);
	assert_true(digester_peek(d, &value, &err));
	digest_format(&value, text);
	assert_string_equal(text, ABC);
	assert_true(digest_parse(text, strlen(text), &parsed));
	assert_int_equal(digest_cmp(&value, &parsed), 0);
	digester_free(d);
	digester_free(NULL);
}

static void refuses_what_is_no_digest(void **state)
{
	struct digest d;

	(void)state;
	assert_false(digest_parse(ABC, 63, &d));
	assert_false(digest_parse(
	    "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD", 64, &d));
	assert_false(digest_parse("", 0, &d));
}

static void reads_a_file_and_names_one_that_is_not_there(void **state)
{
	char path[] = "/tmp/lodestone-digest-XXXXXX";
	char text[DIGEST_TEXT_MAX];
	struct digest d;
	uint64_t bytes;
	struct err err;
	int fd = mkstemp(path);

	(void)state;
	assert_int_equal(write(fd, "abc", 3), 3);
	(void)close(fd);
	assert_true(digest_file(path, &d, &bytes, &err));
	digest_format(&d, text);
	assert_string_equal(text, ABC);
	assert_int_equal(bytes, 3);
	(void)remove(path);
	assert_false(digest_file(path, &d, &bytes, &err));
	assert_int_equal(err.code, ERR_SYSTEM);
	assert_non_null(strstr(err.text, path));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_the_published_answers_at_every_stage),
		cmocka_unit_test(refuses_what_is_no_digest),
		cmocka_unit_test(reads_a_file_and_names_one_that_is_not_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
