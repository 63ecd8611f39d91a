/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which column of a table says what: by the name that its first line has, or by its number from
 * 1 in a table without names. As a user writes it:
 *
 *	time=ts,peer=src_ip,target=query,type=qtype
 *
 * with a comma or the end of a line between two, so that it can be a small file; # begins a
 * comment.
 */
#ifndef EVIDENCE_TABLE_MAP_H
#define EVIDENCE_TABLE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

enum table_field {
	/* these a user can name */
	TABLE_TIME,
	TABLE_PEER,
	TABLE_TARGET,
	TABLE_TYPE,
	TABLE_OUTCOME,
	TABLE_TTL,
	/* these only formats whose columns are known */
	TABLE_MICROSECONDS,
	TABLE_SOURCE,
	TABLE_DESTINATION,
	TABLE_SOURCE_PORT,
	TABLE_DESTINATION_PORT,
	TABLE_PROTOCOL,
	TABLE_ID,
	TABLE_IS_RESPONSE,
	TABLE_RECURSION,
	TABLE_CLASS,
	TABLE_ANSWER_OWNER,
	TABLE_FIELDS,
};

#define TABLE_COLUMN_MAX 48 /* bytes of a column's name, with the NUL */

struct table_map {
	char column[TABLE_FIELDS][TABLE_COLUMN_MAX]; /* "": the table has none */
};

/* Read what a user wrote. False: reterr says which word is wrong, or what is missing. */
bool table_map_read(
    struct table_map *ret, const char *text, size_t len, struct err *reterr) MUST_USE;

/* Are the columns numbered, so that the first line is a row already? */
bool table_map_is_numbered(const struct table_map *m);

#endif
