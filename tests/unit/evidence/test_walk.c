/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "evidence/walk.h"

static int enter_new_folder(void **state)
{
	char *path = strdup("/tmp/lodestone-walk-XXXXXX");

	if (path == NULL || mkdtemp(path) == NULL || chdir(path) != 0)
		return -1;
	*state = path;
	return 0;
}

static int remove_folder(void **state)
{
	char command[128];

	(void)snprintf(command, sizeof(command), "rm -rf '%s'", (char *)*state);
	free(*state);
	return chdir("/") != 0 || system(command) != 0 ? -1 : 0;
}

static void touch(const char *path)
{
	const int fd = open(path, O_CREAT | O_WRONLY, 0600);

	assert_true(fd >= 0);
	assert_int_equal(close(fd), 0);
}

static void lists_files_in_byte_order_of_names(void **state)
{
	static const char *const want[] = { "d/.hidden", "d/B", "d/a/1", "d/a/z", "d/a.log",
		"d/b" };
	struct walk w;

	(void)state;
	assert_int_equal(mkdir("d", 0700), 0);
	assert_int_equal(mkdir("d/a", 0700), 0);
	for (size_t i = COUNT_OF(want); i-- > 0;)
		touch(want[i]);
	walk_init(&w);
	assert_true(walk_add(&w, "d", NULL));
	assert_int_equal(w.count, COUNT_OF(want));
	for (size_t i = 0; i < COUNT_OF(want); i++) {
		assert_string_equal(w.items[i].path, want[i]);
		assert_null(w.items[i].problem);
		assert_false(w.items[i].named);
	}
	walk_release(&w);
}

static void names_what_is_no_file_and_goes_on(void **state)
{
	struct walk w;

	(void)state;
	assert_int_equal(mkdir("d", 0700), 0);
	assert_int_equal(mkfifo("d/fifo", 0600), 0);
	assert_int_equal(symlink("nowhere", "d/dangling"), 0);
	touch("d/file");
	walk_init(&w);
	assert_true(walk_add(&w, "d", NULL));
	assert_true(walk_add(&w, "absent", NULL));
	assert_true(walk_add(&w, "-", NULL));
	assert_true(walk_add(&w, "d/fifo", NULL));
	assert_int_equal(w.count, 6);
	assert_string_equal(w.items[0].path, "d/dangling");
	assert_string_equal(w.items[0].problem, "No such file or directory");
	assert_string_equal(w.items[1].path, "d/fifo");
	assert_string_equal(w.items[1].problem, "not a regular file");
	assert_null(w.items[2].problem);
	assert_true(w.items[3].named);
	assert_string_equal(w.items[3].problem, "No such file or directory");
	assert_string_equal(w.items[4].path, "-");
	assert_null(w.items[4].problem);
	assert_null(w.items[5].problem); /* a pipe that was asked for */
	walk_release(&w);
}

static void enters_each_directory_once(void **state)
{
	struct walk w;

	(void)state;
	assert_int_equal(mkdir("d", 0700), 0);
	assert_int_equal(mkdir("d/e", 0700), 0);
	assert_int_equal(symlink("..", "d/e/up"), 0);
	touch("d/e/file");
	walk_init(&w);
	assert_true(walk_add(&w, "d/", NULL));
	assert_int_equal(w.count, 2);
	assert_string_equal(w.items[0].path, "d/e/file");
	assert_string_equal(w.items[1].path, "d/e/up");
	assert_string_equal(w.items[1].problem, "a directory that was already walked");
	walk_release(&w);
}

static void does_not_take_a_case_for_evidence(void **state)
{
	struct walk w;

	(void)state;
	assert_int_equal(mkdir("d", 0700), 0);
	assert_int_equal(mkdir("d/lodestone.case", 0700), 0);
	touch("d/lodestone.case/catalogue.db");
	walk_init(&w);
	assert_true(walk_add(&w, "d", NULL));
	assert_int_equal(w.count, 1);
	assert_string_equal(w.items[0].problem, "a lodestone case, not evidence");
	walk_release(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    lists_files_in_byte_order_of_names, enter_new_folder, remove_folder),
		cmocka_unit_test_setup_teardown(
		    names_what_is_no_file_and_goes_on, enter_new_folder, remove_folder),
		cmocka_unit_test_setup_teardown(
		    enters_each_directory_once, enter_new_folder, remove_folder),
		cmocka_unit_test_setup_teardown(
		    does_not_take_a_case_for_evidence, enter_new_folder, remove_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
