/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "casefile/schema.h"
#include "casefile/sql.h"

static sqlite3 *fresh(void)
{
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	return db;
}

static int64_t number(sqlite3 *db, const char *text)
{
	int64_t n = -1;

	assert_true(sql_number(db, text, &n, NULL));
	return n;
}

static const char *const three_steps[] = {
	"CREATE TABLE a (x); INSERT INTO a VALUES (1)",
	"ALTER TABLE a ADD COLUMN y; UPDATE a SET y = x + 1",
	"CREATE TABLE b AS SELECT y FROM a",
};

static void brings_an_empty_database_to_the_last_version(void **state)
{
	sqlite3 *db = fresh();
	int64_t version = -1;

	(void)state;
	assert_true(schema_migrate(db, schema_steps, schema_step_count, NULL));
	assert_true(schema_version(db, &version, NULL));
	assert_int_equal(version, schema_step_count);
	assert_int_equal(number(db, "SELECT count(*) FROM source"), 0);
	(void)sqlite3_close(db);
}

static void takes_only_the_steps_that_are_missing(void **state)
{
	sqlite3 *db = fresh();

	(void)state;
	assert_true(schema_migrate(db, three_steps, 1, NULL));
	assert_true(sql_run(db, "INSERT INTO a VALUES (10)", NULL));
	assert_true(schema_migrate(db, three_steps, 3, NULL));
	assert_int_equal(number(db, "SELECT sum(y) FROM b"), 13);
	assert_true(schema_migrate(db, three_steps, 3, NULL));
	assert_int_equal(number(db, "PRAGMA user_version"), 3);
	(void)sqlite3_close(db);
}

static void a_step_that_fails_leaves_the_version_before_the_first(void **state)
{
	static const char *const broken[] = { "CREATE TABLE a (x)",
		"CREATE TABLE c (x); SELECT nothing FROM nowhere" };
	sqlite3 *db = fresh();
	struct err err = { 0 };

	(void)state;
	assert_false(schema_migrate(db, broken, 2, &err));
	assert_non_null(strstr(err.text, "migration to version 2"));
	assert_int_equal(number(db, "PRAGMA user_version"), 0);
	assert_int_equal(number(db, "SELECT count(*) FROM sqlite_schema"), 0);
	(void)sqlite3_close(db);
}

static void refuses_what_is_newer_and_changes_nothing(void **state)
{
	sqlite3 *db = fresh();
	struct err err = { 0 };

	(void)state;
	assert_true(schema_migrate(db, three_steps, 3, NULL));
	assert_false(schema_migrate(db, three_steps, 2, &err));
	assert_int_equal(err.code, ERR_INPUT);
	assert_non_null(strstr(err.text, "newer lodestone"));
	assert_int_equal(number(db, "PRAGMA user_version"), 3);
	(void)sqlite3_close(db);
}

static void refuses_the_database_of_another_program(void **state)
{
	sqlite3 *db = fresh();
	struct err err = { 0 };

	(void)state;
	assert_true(sql_run(db, "CREATE TABLE bookmarks (url)", NULL));
	assert_false(schema_migrate(db, three_steps, 3, &err));
	assert_non_null(strstr(err.text, "another program"));
	assert_int_equal(number(db, "SELECT count(*) FROM sqlite_schema"), 1);
	(void)sqlite3_close(db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(brings_an_empty_database_to_the_last_version),
		cmocka_unit_test(takes_only_the_steps_that_are_missing),
		cmocka_unit_test(a_step_that_fails_leaves_the_version_before_the_first),
		cmocka_unit_test(refuses_what_is_newer_and_changes_nothing),
		cmocka_unit_test(refuses_the_database_of_another_program),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
