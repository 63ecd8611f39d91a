/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "casefile/schema.h"

#include <inttypes.h>
#include <stdio.h>

#include "casefile/sql.h"

/* "Lode": tells our catalogue from any other SQLite file. */
#define APPLICATION_ID 0x4c6f6465

/*
 * source: what was read, known by its content. file: the files that held it, as found. skip: what
 * could not be read. run: what was asked. Paths are blobs, as they need not be UTF-8.
 */
static const char first_tables[] =
    "CREATE TABLE source ("
    " content BLOB PRIMARY KEY NOT NULL CHECK (length(content) = 32),"
    " pending INTEGER NOT NULL,"
    " file BLOB NOT NULL CHECK (length(file) = 32),"
    " name BLOB NOT NULL,"
    " format TEXT NOT NULL,"
    " compression TEXT NOT NULL,"
    " vantage TEXT NOT NULL,"
    " file_bytes INTEGER NOT NULL,"
    " content_bytes INTEGER NOT NULL,"
    " head BLOB,"
    " consumed_bytes INTEGER NOT NULL,"
    " consumed BLOB NOT NULL CHECK (length(consumed) = 32),"
    " continued BLOB CHECK (continued IS NULL OR length(continued) = 32),"
    " records INTEGER NOT NULL,"
    " contacts INTEGER NOT NULL,"
    " first_ns INTEGER NOT NULL,"
    " last_ns INTEGER NOT NULL,"
    " digits INTEGER NOT NULL,"
    " state TEXT NOT NULL CHECK (state IN ('complete', 'damaged', 'unknown'))"
    ") WITHOUT ROWID;"
    "CREATE INDEX source_head ON source (head, format, consumed_bytes, consumed);"
    "CREATE INDEX source_pending ON source (content) WHERE pending;"
    "CREATE TABLE file ("
    " file BLOB PRIMARY KEY NOT NULL CHECK (length(file) = 32),"
    " file_bytes INTEGER NOT NULL,"
    " name BLOB NOT NULL,"
    " content BLOB NOT NULL REFERENCES source ON DELETE CASCADE"
    ") WITHOUT ROWID;"
    "CREATE INDEX file_bytes ON file (file_bytes);"
    "CREATE INDEX file_content ON file (content);"
    "CREATE TABLE skip ("
    " content BLOB NOT NULL REFERENCES source ON DELETE CASCADE,"
    " reason TEXT NOT NULL,"
    " count INTEGER NOT NULL,"
    " first_offset INTEGER NOT NULL,"
    " PRIMARY KEY (content, reason)"
    ") WITHOUT ROWID;"
    "CREATE TABLE run ("
    " id INTEGER PRIMARY KEY,"
    " settings TEXT NOT NULL,"
    " version TEXT NOT NULL,"
    " seed TEXT NOT NULL"
    ");";

/*
 * mark: what an analyst says of a target (casefile/mark.h). Those in force have no time of
 * retirement, and at most one mute and one verdict of a target is in force.
 */
static const char marks[] =
    "CREATE TABLE mark ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " target TEXT NOT NULL,"
    " kind TEXT NOT NULL CHECK (kind IN ('note', 'tag', 'mute', 'verdict')),"
    " word TEXT NOT NULL,"
    " text TEXT NOT NULL,"
    " until_day INTEGER,"
    " made INTEGER NOT NULL,"
    " retired INTEGER"
    ");"
    "CREATE INDEX mark_target ON mark (target, id) WHERE retired IS NULL;"
    "CREATE UNIQUE INDEX mark_one ON mark (target, kind)"
    " WHERE retired IS NULL AND kind IN ('mute', 'verdict');"
    "CREATE UNIQUE INDEX mark_tag ON mark (target, word)"
    " WHERE retired IS NULL AND kind = 'tag';";

/* loss: what sensors say of their own losses (contact/capture_loss.h), per source. */
static const char losses[] = "CREATE TABLE loss ("
			     " content BLOB NOT NULL REFERENCES source ON DELETE CASCADE,"
			     " from_ns INTEGER NOT NULL,"
			     " to_ns INTEGER NOT NULL,"
			     " gaps INTEGER NOT NULL,"
			     " acks INTEGER NOT NULL"
			     ");"
			     "CREATE INDEX loss_content ON loss (content);";

const char *const schema_steps[] = { first_tables, marks, losses };
const size_t schema_step_count = COUNT_OF(schema_steps);

/* What stands in for a step where nothing can be written; a temporary view goes before a table. */
static const char *const substitutes[] = {
	NULL, /* without sources there is no case */
	"CREATE TEMP VIEW mark AS SELECT 0 AS id, '' AS target, '' AS kind, '' AS word, '' AS text,"
	" NULL AS until_day, 0 AS made, NULL AS retired WHERE 0",
	"CREATE TEMP VIEW loss AS SELECT x'' AS content, 0 AS from_ns, 0 AS to_ns, 0 AS gaps,"
	" 0 AS acks WHERE 0",
};
_Static_assert(COUNT_OF(substitutes) == COUNT_OF(schema_steps), "each step has one or none");

bool schema_version(sqlite3 *db, int64_t *ret, struct err *reterr)
{
	int64_t version = 0, application = 0, tables = 0;

	if (!sql_number(db, "PRAGMA user_version", &version, reterr) ||
	    !sql_number(db, "PRAGMA application_id", &application, reterr) ||
	    !sql_number(db, "SELECT count(*) FROM sqlite_schema", &tables, reterr))
		return false;
	if (application != APPLICATION_ID && (version != 0 || tables != 0)) {
		err_set(reterr, ERR_INPUT,
		    "'%s' is an SQLite file of another program; name another case with -C",
		    sqlite3_db_filename(db, "main"));
		return false;
	}
	*ret = version;
	return true;
}

static bool take_steps(
    sqlite3 *db, const char *const *steps, size_t from, size_t to, struct err *reterr)
{
	char pragmas[96];

	for (size_t v = from; v < to; v++) {
		if (!sql_run(db, steps[v], reterr)) {
			err_wrap(reterr, "migration to version %zu", v + 1);
			return false;
		}
	}
	(void)snprintf(pragmas, sizeof(pragmas),
	    "PRAGMA application_id = %d; PRAGMA user_version = %zu", APPLICATION_ID, to);
	return sql_run(db, pragmas, reterr);
}

bool schema_migrate(sqlite3 *db, const char *const *steps, size_t count, struct err *reterr)
{
	int64_t version = 0;

	/* immediate, so that of two openers one migrates and the other finds it done */
	if (!sql_run(db, "BEGIN IMMEDIATE", reterr))
		return false;
	if (!schema_version(db, &version, reterr))
		goto undo;
	if (version < 0 || (uint64_t)version > count) {
		err_set(reterr, ERR_INPUT,
		    "catalogue '%s' has version %" PRId64
		    ", this program knows %zu; use the newer lodestone that wrote it",
		    sqlite3_db_filename(db, "main"), version, count);
		goto undo;
	}
	if (take_steps(db, steps, (size_t)version, count, reterr) && sql_run(db, "COMMIT", reterr))
		return true;
undo:
	(void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return false;
}

bool schema_substitute(sqlite3 *db, int64_t version, struct err *reterr)
{
	for (size_t v = version < 0 ? 0 : (size_t)version; v < COUNT_OF(substitutes); v++) {
		if (substitutes[v] == NULL) {
			err_set(reterr, ERR_INPUT, "catalogue '%s' holds nothing",
			    sqlite3_db_filename(db, "main"));
			return false;
		}
		if (!sql_run(db, substitutes[v], reterr))
			return false;
	}
	return true;
}
