/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The catalogue's tables, and the way from each version of them to the next. The version is
 * SQLite's user_version; a step is never changed once it has been released, only followed.
 */
#ifndef CASEFILE_SCHEMA_H
#define CASEFILE_SCHEMA_H

#include <stddef.h>
#include <stdint.h>
#include <sqlite3.h>

#include "base/attr.h"
#include "base/err.h"

/* steps[v] brings version v to v + 1. */
extern const char *const schema_steps[];
extern const size_t schema_step_count;

/* The version that the database has; 0 is an empty one. Not ours: ERR_INPUT. */
bool schema_version(sqlite3 *db, int64_t *ret, struct err *reterr) MUST_USE;

/*
 * Bring the database to version `count`, all steps or none. A database that is newer than that
 * is refused and left as it is.
 */
bool schema_migrate(
    sqlite3 *db, const char *const *steps, size_t count, struct err *reterr) MUST_USE;

/*
 * A database of an older version that cannot be written: let a reader find what the steps behind
 * that version would have made, empty, in memory. False where a version has no such substitute.
 */
bool schema_substitute(sqlite3 *db, int64_t version, struct err *reterr) MUST_USE;

#endif
