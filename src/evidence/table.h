/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A table, one line a row, whose columns a map names: what the kinds of log made of such tables
 * share. The separator is the one that the first line has most of: a tab, comma, semicolon or bar.
 */
#ifndef EVIDENCE_TABLE_H
#define EVIDENCE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/limits.h"
#include "evidence/query_log.h"
#include "evidence/table_map.h"
#include "wire/csv_line.h"

/* Begins as zeros, but for map. Big: part of a reader, not of a stack frame. */
struct table {
	const struct table_map *map; /* borrowed */
	bool is_begun;               /* the first line has been seen */
	uint8_t separator;
	bool is_lacking;             /* a column of the map is not there */
	size_t number[TABLE_FIELDS]; /* of the column, from 0; SIZE_MAX: none */
	size_t count;                /* columns of the row */
	struct csv_cell cells[LIMIT_LOG_COLUMNS];
};

/* As of struct log_kind. */
bool table_header(struct table *t, const uint8_t *line, size_t len);

/* Cut a row. NULL, or why it cannot be. */
const char *table_row(struct table *t, const uint8_t *line, size_t len) MUST_USE;

/* What the row says of that; bytes is NULL where it says nothing: no column, or empty, or "-". */
struct query_word table_word(const struct table *t, enum table_field field);

/* A whole number of the row; false where there is none, or one above max. */
bool table_number(
    const struct table *t, enum table_field field, uint32_t max, uint32_t *ret) MUST_USE;

/* Does the first line of the head name all columns of the map? Not of numbered ones. */
bool table_fits(const struct table_map *map, const uint8_t *head, size_t len);

#endif
