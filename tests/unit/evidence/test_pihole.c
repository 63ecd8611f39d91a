/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Databases of both layouts, made here as FTL makes them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "reading.h"

#define OLD                                                                                        \
	"CREATE TABLE ftl (id INTEGER PRIMARY KEY NOT NULL, value BLOB NOT NULL);"                 \
	"CREATE TABLE queries (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp INTEGER NOT NULL,"  \
	" type INTEGER NOT NULL, status INTEGER NOT NULL, domain TEXT NOT NULL,"                   \
	" client TEXT NOT NULL, forward TEXT);"
#define LINKED                                                                                     \
	"CREATE TABLE ftl (id INTEGER PRIMARY KEY NOT NULL, value BLOB NOT NULL);"                 \
	"CREATE TABLE query_storage (id INTEGER PRIMARY KEY AUTOINCREMENT,"                        \
	" timestamp INTEGER NOT NULL, type INTEGER NOT NULL, status INTEGER NOT NULL,"             \
	" domain INTEGER NOT NULL, client INTEGER NOT NULL, forward INTEGER,"                      \
	" additional_info INTEGER, reply_type INTEGER, reply_time REAL, dnssec INTEGER,"           \
	" list_id INTEGER);"                                                                       \
	"CREATE TABLE domain_by_id (id INTEGER PRIMARY KEY, domain TEXT NOT NULL);"                \
	"CREATE TABLE client_by_id (id INTEGER PRIMARY KEY, ip TEXT NOT NULL, name TEXT);"         \
	"CREATE VIEW queries AS SELECT id, timestamp, type, status, domain, client"                \
	" FROM query_storage;"                                                                     \
	"INSERT INTO domain_by_id VALUES (1, 'www.example.com'), (2, 'hidden'), (3, '');"          \
	"INSERT INTO client_by_id VALUES (1, '192.0.2.7', NULL), (2, '2001:db8::7', 'pc'),"        \
	" (3, '0.0.0.0', NULL), (4, 'no address', NULL);"

static struct reading reading;
static uint8_t *bytes;
static size_t bytes_len;

static void make(const char *sql, const char *more)
{
	sqlite3_int64 len = 0;
	sqlite3 *db;

	sqlite3_free(bytes);
	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, more, NULL, NULL, NULL), SQLITE_OK);
	bytes = sqlite3_serialize(db, "main", &len, 0);
	bytes_len = (size_t)len;
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void read_database(const char *sql, const char *more)
{
	make(sql, more);
	assert_ptr_equal(reader_detect(bytes, bytes_len), &reader_pihole);
	reading_from(&reading, &reader_pihole, bytes, bytes_len, 0);
	assert_int_equal(reading.consumed, bytes_len);
	assert_int_equal(reading.vantage, VANTAGE_RECURSIVE);
}

static void the_old_tables_hold_texts(void **state)
{
	const struct contact *c = reading.contacts;

	(void)state;
	read_database(OLD, "INSERT INTO queries VALUES"
			   " (4, 1500000000, 1, 2, 'WWW.example.com', '192.0.2.7', '192.0.2.53'),"
			   " (9, 1500000003, 2, 1, 'ads.example.net', '2001:db8::7', NULL)");
	assert_int_equal(reading.contact_count, 2);
	assert_int_equal(c[0].time_ns, 1500000000 * NS_PER_S);
	assert_int_equal(c[0].digits, 0);
	assert_int_equal(c[0].kind, KIND_DNS);
	assert_int_equal(c[0].type, 1);
	assert_int_equal(c[0].seen, SEEN_QUERY);
	assert_int_equal(c[0].outcome, OUTCOME_NONE);
	assert_int_equal(c[0].ttl, TTL_NONE);
	assert_string_equal(reading_text(&c[0].target), "www.example.com");
	assert_string_equal(reading_text(&c[0].peer), "192.0.2.7");
	assert_int_equal(c[1].type, 28);
	assert_string_equal(reading_text(&c[1].peer), "2001:db8::7");
	assert_int_equal(reading.health.count, 0);
}

static void the_new_tables_hold_numbers_of_texts(void **state)
{
	const struct contact *c = reading.contacts;

	(void)state;
	read_database(LINKED,
	    "INSERT INTO query_storage (timestamp, type, status, domain, client, reply_type) VALUES"
	    " (1700000000.125, 16, 2, 1, 1, 4), (1700000001.5, 6, 3, 3, 2, 2),"
	    " (1700000002.25, 12, 3, 'text.example.org', '192.0.2.9', 7),"
	    " (1700000003.25, 165, 2, 1, 1, 12)");
	assert_int_equal(reading.contact_count, 4);
	assert_int_equal(c[0].time_ns, 1700000000125 * (NS_PER_S / 1000));
	assert_int_equal(c[0].digits, 6);
	assert_int_equal(c[0].type, 65);
	assert_int_equal(c[0].outcome, 0);
	assert_int_equal(c[0].seen, SEEN_BOTH);
	assert_string_equal(reading_text(&c[1].target), ".");
	assert_string_equal(reading_text(&c[1].peer), "2001:db8::7");
	assert_int_equal(c[1].type, 12);
	assert_int_equal(c[1].outcome, 3);
	assert_string_equal(reading_text(&c[2].target), "text.example.org");
	assert_int_equal(c[2].type, 48);
	assert_int_equal(c[2].outcome, 2);
	assert_int_equal(c[3].type, 65);
	assert_int_equal(c[3].seen, SEEN_QUERY);
	assert_int_equal(reading.health.count, 0);
}

static void every_kind_of_reply_has_its_outcome(void **state)
{
	/* NULL, 0 to 13, and one that is not known yet */
	static const uint16_t want[] = { OUTCOME_NONE, OUTCOME_NONE, 0, 3, 0, 0, 0, 0, 2, 5, 4,
		OUTCOME_NONE, 0, OUTCOME_NONE, 0, OUTCOME_NONE };

	(void)state;
	read_database(LINKED,
	    "WITH RECURSIVE n(i) AS (SELECT -1 UNION ALL SELECT i + 1 FROM n WHERE i < 14)"
	    " INSERT INTO query_storage (timestamp, type, status, domain, client, reply_type)"
	    " SELECT 1700000000, 1, 2, 1, 1, nullif(i, -1) FROM n");
	assert_int_equal(reading.contact_count, COUNT_OF(want));
	for (size_t i = 0; i < COUNT_OF(want); i++)
		assert_int_equal(reading.contacts[i].outcome, want[i]);
}

static void every_type_of_query_has_its_number(void **state)
{
	static const uint16_t want[] = { 1, 28, 255, 33, 6, 12, 16, 35, 15, 43, 46, 48, 2, 0, 64,
		65 };

	(void)state;
	read_database(LINKED,
	    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 18)"
	    " INSERT INTO query_storage (timestamp, type, status, domain, client)"
	    " SELECT 1700000000, i, 2, 1, 1 FROM n");
	assert_int_equal(reading.contact_count, COUNT_OF(want));
	for (size_t i = 0; i < COUNT_OF(want); i++)
		assert_int_equal(reading.contacts[i].type, want[i]);
	assert_int_equal(reading_skipped(&reading, "bad query type"), 2);
}

static void what_privacy_hides_is_said(void **state)
{
	(void)state;
	read_database(LINKED,
	    "INSERT INTO query_storage (timestamp, type, status, domain, client) VALUES"
	    " (1700000000, 1, 2, 2, 1), (1700000001, 1, 2, 1, 3), (1700000002, 1, 2, 1, 4),"
	    " (1700000003, 1, 2, 99, 1), (-5, 1, 2, 1, 1), (1e300, 1, 2, 1, 1),"
	    " ('now', 1, 2, 1, 1), (1700000004, 70000, 2, 1, 1),"
	    " (1700000005, 1, 2, 'a..b', 1)");
	assert_int_equal(reading.contact_count, 1);
	assert_int_equal(reading.contacts[0].peer.form, ENDPOINT_NONE);
	assert_int_equal(reading_skipped(&reading, "name is not in the log"), 1);
	assert_int_equal(reading_skipped(&reading, "bad address"), 1);
	assert_int_equal(reading_skipped(&reading, "name or client is missing"), 1);
	assert_int_equal(reading_skipped(&reading, "bad time"), 3);
	assert_int_equal(reading_skipped(&reading, "bad query type"), 1);
	assert_int_equal(reading_skipped(&reading, "bad query name"), 1);
	assert_false(reading.health.damaged);
}

static bool opens(const char *sql, struct err *reterr)
{
	struct health health = { .count = 0 };
	struct reader *r = NULL;
	struct stream *s;
	bool ok;

	make(sql, "");
	s = reading_stream(bytes, bytes_len);
	ok = reader_pihole.open(s, &health, &r, reterr);
	assert_int_equal(ok, r != NULL);
	reader_pihole.close(r);
	stream_close(s);
	return ok;
}

static void other_databases_are_not_pihole_s(void **state)
{
	struct err err;

	(void)state;
	make("CREATE TABLE t (a); INSERT INTO t VALUES ('query_storage')", "");
	assert_null(reader_detect(bytes, bytes_len));
	assert_false(opens("CREATE TABLE t (a)", &err));
	assert_int_equal(err.code, ERR_INPUT);
	assert_non_null(strstr(err.text, "none of Pi-hole's"));
	/* views in place of the tables */
	assert_false(
	    opens("CREATE TABLE t (a); CREATE VIEW queries AS SELECT 1 AS id, 1 AS timestamp,"
		  " 1 AS type, 'a' AS domain, 'b' AS client FROM t",
		&err));
	assert_false(opens("CREATE TABLE query_storage (id, domain)", &err));
	assert_true(opens(OLD, &err));
}

static void rows_out_of_order_end_the_reading(void **state)
{
	(void)state;
	/* a column that passes for the number of the row */
	read_database("CREATE TABLE ftl (a); CREATE TABLE queries (rowid, timestamp, type, status,"
		      " domain, client);",
	    "INSERT INTO queries VALUES (1, 1500000000, 1, 2, 'a.example', '192.0.2.1'),"
	    " (1, 1500000001, 1, 2, 'b.example', '192.0.2.1')");
	assert_int_equal(reading.contact_count, 1);
	assert_true(reading.health.damaged);
	assert_int_equal(reading_skipped(&reading, "database is damaged"), 1);
}

static void every_cut_gives_what_is_left(void **state)
{
	size_t before = 0;

	(void)state;
	make("PRAGMA page_size = 512;" LINKED,
	    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 16)"
	    " INSERT INTO query_storage (timestamp, type, status, domain, client)"
	    " SELECT 1700000000 + i, 1, 2, 1, 1 FROM n");
	for (size_t len = 0; len <= bytes_len; len += 32) {
		struct stream *s = reading_stream(bytes, len);
		struct health health = { .count = 0 };
		struct reader *r = NULL;

		(void)reader_pihole.probe(bytes, len);
		if (reader_pihole.open(s, &health, &r, NULL)) {
			reader_pihole.close(r);
			reading_from(&reading, &reader_pihole, bytes, len, 0);
			assert_true(reading.contact_count >= before);
			before = reading.contact_count;
		}
		stream_close(s);
	}
	assert_int_equal(before, 16);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_old_tables_hold_texts),
		cmocka_unit_test(the_new_tables_hold_numbers_of_texts),
		cmocka_unit_test(every_kind_of_reply_has_its_outcome),
		cmocka_unit_test(every_type_of_query_has_its_number),
		cmocka_unit_test(what_privacy_hides_is_said),
		cmocka_unit_test(other_databases_are_not_pihole_s),
		cmocka_unit_test(rows_out_of_order_end_the_reading),
		cmocka_unit_test(every_cut_gives_what_is_left),
	};
	const int failed = cmocka_run_group_tests(tests, NULL, NULL);

	sqlite3_free(bytes);
	return failed;
}
