/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SQLite's calls with our errors. A damaged database file is ERR_DAMAGED, all else ERR_SYSTEM. */
#ifndef CASEFILE_SQL_H
#define CASEFILE_SQL_H

#include <stdint.h>
#include <sqlite3.h>

#include "base/attr.h"
#include "base/digest.h"
#include "base/err.h"

/* Fill *reterr with what the database said last. */
void sql_failed(sqlite3 *db, struct err *reterr);

/* Run statements that return no rows. */
bool sql_run(sqlite3 *db, const char *text, struct err *reterr) MUST_USE;

/* One statement; the caller finalizes it. */
bool sql_prepare(sqlite3 *db, const char *text, sqlite3_stmt **ret, struct err *reterr) MUST_USE;

/* Go to the next row; *ret_row false at the end. */
bool sql_step(sqlite3_stmt *stmt, bool *ret_row, struct err *reterr) MUST_USE;

/* Step a statement that returns no rows, and make it ready for its next use. */
bool sql_finish(sqlite3_stmt *stmt, struct err *reterr) MUST_USE;

/* The first column of the first row as a number. */
bool sql_number(sqlite3 *db, const char *text, int64_t *ret, struct err *reterr) MUST_USE;

/* What is bound must stay until the statement has been stepped. */
void sql_bind_digest(sqlite3_stmt *stmt, int column, const struct digest *d);
/* Bytes that need not be UTF-8, as paths are. */
void sql_bind_bytes(sqlite3_stmt *stmt, int column, const char *text);
void sql_bind_count(sqlite3_stmt *stmt, int column, uint64_t n);
uint64_t sql_count(sqlite3_stmt *stmt, int column);

/* False: the column does not hold a digest. */
bool sql_digest(sqlite3_stmt *stmt, int column, struct digest *ret) MUST_USE;

#endif
