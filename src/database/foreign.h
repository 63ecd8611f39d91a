/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An SQLite database that came from outside, read and never believed. Its bytes are mapped as a
 * private copy, so that nothing is written and no other file is opened. Views, triggers, virtual
 * tables and functions of its schema are out of force: only ordinary tables are read, by the
 * caller's own statements, and each step has a bound on its work.
 */
#ifndef DATABASE_FOREIGN_H
#define DATABASE_FOREIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

struct foreign;
struct foreign_query;

/*
 * Open the database that the file fd holds; fd stays the caller's, and may be closed at once. The
 * file may be cut or damaged: what can be read of it is read. ERR_INPUT: no table of it can be.
 */
bool foreign_open(int fd, struct foreign **ret, struct err *reterr) MUST_USE;
void foreign_close(struct foreign *f); /* after its queries */

/* Is there a table, no view, of that name with that column? */
bool foreign_has_column(struct foreign *f, const char *table, const char *column);

/*
 * A statement SELECT over such tables, with at most one parameter. ERR_INPUT: the tables do not
 * allow it, or it is more than a SELECT of columns.
 */
bool foreign_prepare(
    struct foreign *f, const char *select, struct foreign_query **ret, struct err *reterr) MUST_USE;
void foreign_finish(struct foreign_query *q);

/* Begin anew with that value of the parameter. */
void foreign_bind(struct foreign_query *q, int64_t value);

enum foreign_step {
	FOREIGN_ROW,
	FOREIGN_END,
	FOREIGN_DAMAGED, /* the file cannot be read on from here, or wants too much work */
	FOREIGN_NO_MEMORY,
};

enum foreign_step foreign_next(struct foreign_query *q);

/* What a column of the row holds. */
enum foreign_kind {
	FOREIGN_NULL, /* or a blob: nothing that is read here */
	FOREIGN_INTEGER,
	FOREIGN_REAL,
	FOREIGN_TEXT,
};

struct foreign_value {
	enum foreign_kind kind;
	int64_t integer;
	double real; /* finite */
	const char
	    *text; /* UTF-8 as far as the file keeps its word; borrowed until the next step */
	size_t len;
};

/* Columns count from 0. A text that there is no memory for is FOREIGN_NULL. */
struct foreign_value foreign_column(struct foreign_query *q, int column);

#endif
