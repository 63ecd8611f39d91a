/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "casefile/sql.h"

#include <string.h>

void sql_failed(sqlite3 *db, struct err *reterr)
{
	int code = sqlite3_errcode(db) & 0xff;
	const char *file = sqlite3_db_filename(db, "main");
	const char *name = file == NULL ? "" : file;

	if (code == SQLITE_NOMEM)
		err_set_memory(reterr);
	else if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB)
		err_set(reterr, ERR_DAMAGED,
		    "catalogue '%s' is damaged (%s); move it away and ingest the same evidence "
		    "again: "
		    "contacts that are in are kept, not doubled",
		    name, sqlite3_errmsg(db));
	else
		err_set(
		    reterr, ERR_SYSTEM, "cannot use catalogue '%s': %s", name, sqlite3_errmsg(db));
}

bool sql_run(sqlite3 *db, const char *text, struct err *reterr)
{
	if (sqlite3_exec(db, text, NULL, NULL, NULL) == SQLITE_OK)
		return true;
	sql_failed(db, reterr);
	return false;
}

bool sql_prepare(sqlite3 *db, const char *text, sqlite3_stmt **ret, struct err *reterr)
{
	if (sqlite3_prepare_v2(db, text, -1, ret, NULL) == SQLITE_OK)
		return true;
	sql_failed(db, reterr);
	return false;
}

bool sql_step(sqlite3_stmt *stmt, bool *ret_row, struct err *reterr)
{
	int code = sqlite3_step(stmt);

	if (code != SQLITE_ROW && code != SQLITE_DONE) {
		sql_failed(sqlite3_db_handle(stmt), reterr);
		return false;
	}
	*ret_row = code == SQLITE_ROW;
	return true;
}

bool sql_finish(sqlite3_stmt *stmt, struct err *reterr)
{
	bool row;
	bool ok = sql_step(stmt, &row, reterr);

	(void)sqlite3_reset(stmt);
	return ok;
}

bool sql_number(sqlite3 *db, const char *text, int64_t *ret, struct err *reterr)
{
	sqlite3_stmt *stmt = NULL;
	bool row = false;
	bool ok = sql_prepare(db, text, &stmt, reterr) && sql_step(stmt, &row, reterr);

	if (ok)
		*ret = row ? sqlite3_column_int64(stmt, 0) : 0;
	(void)sqlite3_finalize(stmt);
	return ok;
}

/*
 * SQLITE_STATIC: what is bound outlives the step that uses it, so no copy is made and a bind needs
 * no memory: it cannot fail.
 */
void sql_bind_digest(sqlite3_stmt *stmt, int column, const struct digest *d)
{
	(void)sqlite3_bind_blob(stmt, column, d->bytes, DIGEST_BYTES, SQLITE_STATIC);
}

void sql_bind_bytes(sqlite3_stmt *stmt, int column, const char *text)
{
	(void)sqlite3_bind_blob64(stmt, column, text, strlen(text), SQLITE_STATIC);
}

void sql_bind_count(sqlite3_stmt *stmt, int column, uint64_t n)
{
	(void)sqlite3_bind_int64(stmt, column, n > INT64_MAX ? INT64_MAX : (int64_t)n);
}

uint64_t sql_count(sqlite3_stmt *stmt, int column)
{
	int64_t n = sqlite3_column_int64(stmt, column);

	return n < 0 ? 0 : (uint64_t)n;
}

bool sql_digest(sqlite3_stmt *stmt, int column, struct digest *ret)
{
	const void *bytes = sqlite3_column_blob(stmt, column);

	if (bytes == NULL || sqlite3_column_bytes(stmt, column) != DIGEST_BYTES)
		return false;
	memcpy(ret->bytes, bytes, DIGEST_BYTES);
	return true;
}
