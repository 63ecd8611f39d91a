/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Aligned columns for a terminal. Cells are gathered first, then written in one go, each column
 * as wide as its widest cell; one column, the elastic one, takes what the line has left. Cells
 * that are longer are elided in the middle, or stand whole on a line above their row.
 */
#ifndef REPORT_TABLE_H
#define REPORT_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

#define TABLE_COLUMNS_MAX 12

struct table_column {
	const char *head;
	bool right; /* numbers */
};

struct table_cell {
	size_t start, len; /* in text */
};

struct table {
	const struct table_column *columns; /* borrowed */
	size_t column_count;
	size_t elastic; /* index of the column that gives way */
	bool above;     /* its longer cells: above their row, not elided */
	struct buf text;
	struct buf cells; /* struct table_cell, row by row */
};

void table_init(
    struct table *t, const struct table_column *columns, size_t column_count, size_t elastic);

/* Give the memory back; out fails where a cell was lost for lack of it. */
void table_close(struct table *t, struct buf *out);

/* Start the next cell: what is written to the buffer returned, visible ASCII only, is in it. */
struct buf *table_cell(struct table *t);

size_t table_rows(const struct table *t);

/* Work out widths for lines of at most columns characters; call once all cells are there. */
struct table_layout {
	size_t width[TABLE_COLUMNS_MAX];
};
void table_lay_out(struct table *t, unsigned columns, struct table_layout *ret);

void table_write_head(const struct table *t, const struct table_layout *l, struct buf *out);
void table_write_row(
    const struct table *t, const struct table_layout *l, size_t row, struct buf *out);

#endif
