/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "database/foreign.h"

struct bytes {
	uint8_t *at;
	size_t len;
};

/* The file that these statements make, in pages of 512 bytes; at is freed by sqlite3_free(). */
static struct bytes make(const char *sql)
{
	struct bytes b;
	sqlite3 *db;
	sqlite3_int64 len = 0;

	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "PRAGMA page_size = 512", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	b.at = sqlite3_serialize(db, "main", &len, 0);
	b.len = (size_t)len;
	assert_non_null(b.at);
	(void)sqlite3_close(db);
	return b;
}

static struct foreign *open_bytes(const uint8_t *at, size_t len, struct err *reterr)
{
	const int fd = memfd_create("database", 0);
	struct foreign *f = NULL;
	bool ok;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, at, len), len);
	ok = foreign_open(fd, &f, reterr);
	assert_int_equal(ok, f != NULL);
	assert_int_equal(close(fd), 0);
	return f;
}

static struct foreign *open_sql(const char *sql)
{
	struct bytes b = make(sql);
	struct foreign *f = open_bytes(b.at, b.len, NULL);

	sqlite3_free(b.at);
	assert_non_null(f);
	return f;
}

static void values_come_as_they_are(void **state)
{
	struct foreign *f =
	    open_sql("CREATE TABLE t (a, b);"
		     "INSERT INTO t VALUES (-7, 1.5), ('two', x'00'), (NULL, 9e999)");
	struct foreign_query *q = NULL;
	struct foreign_value v;

	(void)state;
	assert_true(foreign_has_column(f, "t", "b"));
	assert_false(foreign_has_column(f, "t", "c"));
	assert_false(foreign_has_column(f, "u", "a"));
	assert_true(foreign_prepare(f, "SELECT a, b FROM t", &q, NULL));
	assert_int_equal(foreign_next(q), FOREIGN_ROW);
	v = foreign_column(q, 0);
	assert_int_equal(v.kind, FOREIGN_INTEGER);
	assert_int_equal(v.integer, -7);
	v = foreign_column(q, 1);
	assert_int_equal(v.kind, FOREIGN_REAL);
	assert_float_equal(v.real, 1.5, 0);
	assert_int_equal(foreign_next(q), FOREIGN_ROW);
	v = foreign_column(q, 0);
	assert_int_equal(v.kind, FOREIGN_TEXT);
	assert_int_equal(v.len, 3);
	assert_memory_equal(v.text, "two", 3);
	assert_int_equal(foreign_column(q, 1).kind, FOREIGN_NULL);
	assert_int_equal(foreign_next(q), FOREIGN_ROW);
	assert_int_equal(foreign_column(q, 0).kind, FOREIGN_NULL);
	assert_int_equal(foreign_column(q, 1).kind, FOREIGN_NULL); /* an infinity */
	assert_int_equal(foreign_next(q), FOREIGN_END);
	foreign_finish(q);
	foreign_close(f);
}

static void a_row_is_found_by_its_number(void **state)
{
	struct foreign *f = open_sql("CREATE TABLE t (id INTEGER PRIMARY KEY, a);"
				     "INSERT INTO t VALUES (3, 30), (5, 50)");
	struct foreign_query *q = NULL;

	(void)state;
	assert_true(foreign_prepare(f, "SELECT a FROM t WHERE rowid = ?1", &q, NULL));
	for (int i = 0; i < 2; i++) {
		foreign_bind(q, 5);
		assert_int_equal(foreign_next(q), FOREIGN_ROW);
		assert_int_equal(foreign_column(q, 0).integer, 50);
		foreign_bind(q, 4);
		assert_int_equal(foreign_next(q), FOREIGN_END);
	}
	foreign_finish(q);
	foreign_close(f);
}

static void only_tables_are_read(void **state)
{
	static const char *const refused[] = {
		"SELECT a FROM v", /* a view */
		"SELECT a FROM w", /* a virtual table */
		"SELECT upper(a) FROM t",
		"INSERT INTO t VALUES (1)",
		"DELETE FROM t",
		"ATTACH 'x' AS y",
		"PRAGMA page_size",
		"CREATE TABLE u (a)",
		"SELECT a FROM t WHERE load_extension('x')",
		"no SQL",
	};
	struct foreign *f = open_sql("CREATE TABLE t (a); CREATE VIEW v AS SELECT a FROM t;"
				     "CREATE VIRTUAL TABLE w USING fts4(a)");
	struct foreign_query *q = NULL;
	struct err err;

	(void)state;
	assert_false(foreign_has_column(f, "v", "a"));
	for (size_t i = 0; i < COUNT_OF(refused); i++) {
		assert_false(foreign_prepare(f, refused[i], &q, &err));
		assert_int_equal(err.code, ERR_INPUT);
		assert_null(q);
	}
	foreign_close(f);
}

static void too_much_work_for_a_row_is_damage(void **state)
{
	/* a column that hides the number of the row: each look-up is a walk over all of them */
	struct foreign *f =
	    open_sql("CREATE TABLE t (rowid, a); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL"
		     " SELECT i + 1 FROM n WHERE i < 9000) INSERT INTO t SELECT 0, i FROM n");
	struct foreign_query *q = NULL;

	(void)state;
	assert_true(foreign_prepare(f, "SELECT a FROM t WHERE rowid = ?1", &q, NULL));
	foreign_bind(q, 1);
	assert_int_equal(foreign_next(q), FOREIGN_DAMAGED);
	foreign_finish(q);
	foreign_close(f);
}

static void a_row_that_is_too_long_is_damage(void **state)
{
	struct foreign *f = open_sql("CREATE TABLE t (a); INSERT INTO t VALUES (1),"
				     "(hex(zeroblob(40000)))");
	struct foreign_query *q = NULL;

	(void)state;
	assert_true(foreign_prepare(f, "SELECT a FROM t", &q, NULL));
	assert_int_equal(foreign_next(q), FOREIGN_ROW);
	assert_int_equal(foreign_next(q), FOREIGN_DAMAGED);
	foreign_finish(q);
	foreign_close(f);
}

/* Rows until the end or damage, whatever the bytes are. */
static unsigned count_rows(const uint8_t *at, size_t len)
{
	struct foreign *f = open_bytes(at, len, NULL);
	struct foreign_query *q = NULL;
	unsigned rows = 0;

	if (f != NULL && foreign_prepare(f, "SELECT a FROM t", &q, NULL))
		while (rows < 10000 && foreign_next(q) == FOREIGN_ROW)
			rows += foreign_column(q, 0).kind == FOREIGN_INTEGER;
	foreign_finish(q);
	foreign_close(f);
	return rows;
}

static void a_cut_file_is_read_as_far_as_it_goes(void **state)
{
	struct bytes b = make("CREATE TABLE t (a); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL"
			      " SELECT i + 1 FROM n WHERE i < 300) INSERT INTO t SELECT i FROM n;"
			      "CREATE INDEX i ON t (a)");
	unsigned before = 0;

	(void)state;
	for (size_t len = 0; len <= b.len; len += 64) {
		const unsigned rows = count_rows(b.at, len);

		assert_true(rows >= before);
		before = rows;
	}
	assert_int_equal(count_rows(b.at, b.len), 300);
	/* the pages of the index are the last ones: all rows are there without them */
	assert_int_equal(count_rows(b.at, b.len / 2 + 1024), 300);
	sqlite3_free(b.at);
}

static void a_log_beside_it_is_not_wanted(void **state)
{
	struct bytes b = make("CREATE TABLE t (a); INSERT INTO t VALUES (1)");

	(void)state;
	b.at[18] = 2;
	b.at[19] = 2;
	assert_int_equal(count_rows(b.at, b.len), 1);
	sqlite3_free(b.at);
}

static void odd_bytes_do_no_harm(void **state)
{
	struct bytes b = make("CREATE TABLE t (a); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL"
			      " SELECT i + 1 FROM n WHERE i < 200) INSERT INTO t SELECT i FROM n");

	(void)state;
	for (size_t i = 0; i < b.len; i++) {
		const uint8_t was = b.at[i];

		b.at[i] = (uint8_t)(was ^ (i % 2 == 0 ? 0xff : 0x01));
		(void)count_rows(b.at, b.len);
		b.at[i] = was;
	}
	assert_int_equal(count_rows(b.at, b.len), 200);
	sqlite3_free(b.at);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_come_as_they_are),
		cmocka_unit_test(a_row_is_found_by_its_number),
		cmocka_unit_test(only_tables_are_read),
		cmocka_unit_test(too_much_work_for_a_row_is_damage),
		cmocka_unit_test(a_row_that_is_too_long_is_damage),
		cmocka_unit_test(a_cut_file_is_read_as_far_as_it_goes),
		cmocka_unit_test(a_log_beside_it_is_not_wanted),
		cmocka_unit_test(odd_bytes_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
