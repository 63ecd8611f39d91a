/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/table.h"

#include <assert.h>
#include <string.h>

#include "report/visible.h"

#define BYTES_MAX     (64u << 20)
#define ELASTIC_MIN   12
#define COLUMN_SPACES 2

void table_init(
    struct table *t, const struct table_column *columns, size_t column_count, size_t elastic)
{
	assert(column_count <= TABLE_COLUMNS_MAX && elastic < column_count);
	*t = (struct table){ .columns = columns, .column_count = column_count, .elastic = elastic };
	buf_init(&t->text, BYTES_MAX);
	buf_init(&t->cells, BYTES_MAX);
}

void table_close(struct table *t, struct buf *out)
{
	if (!buf_ok(&t->text) || !buf_ok(&t->cells))
		out->failed = true;
	buf_release(&t->text);
	buf_release(&t->cells);
}

static size_t cell_count(const struct table *t)
{
	return t->cells.len / sizeof(struct table_cell);
}

struct buf *table_cell(struct table *t)
{
	struct table_cell cell = { .start = t->text.len };

	buf_put(&t->cells, &cell, sizeof(cell));
	return &t->text;
}

size_t table_rows(const struct table *t)
{
	return cell_count(t) / t->column_count;
}

/* A cell ends where the next one starts. */
static struct table_cell get(const struct table *t, size_t row, size_t column)
{
	size_t i = row * t->column_count + column;
	struct table_cell cell, next;

	memcpy(&cell, t->cells.bytes + i * sizeof(cell), sizeof(cell));
	if (i + 1 < cell_count(t))
		memcpy(&next, t->cells.bytes + (i + 1) * sizeof(next), sizeof(next));
	else
		next.start = t->text.len;
	cell.len = next.start - cell.start;
	return cell;
}

static const char *bytes_of(const struct table *t, struct table_cell cell)
{
	return cell.len == 0 ? "" : (const char *)t->text.bytes + cell.start;
}

/* The widest cell of the elastic column that fits; longer ones do not widen it. */
static size_t widest_within(const struct table *t, size_t width)
{
	size_t widest = strlen(t->columns[t->elastic].head);

	for (size_t row = 0; row < table_rows(t); row++) {
		struct table_cell cell = get(t, row, t->elastic);
		size_t n = visible_width(bytes_of(t, cell), cell.len, false);

		if (n <= width && n > widest)
			widest = n;
	}
	return widest;
}

void table_lay_out(struct table *t, unsigned columns, struct table_layout *ret)
{
	size_t used = (t->column_count - 1) * COLUMN_SPACES;
	size_t *elastic = &ret->width[t->elastic];
	size_t left;

	for (size_t i = 0; i < t->column_count; i++) {
		ret->width[i] = strlen(t->columns[i].head);
		for (size_t row = 0; row < table_rows(t); row++) {
			struct table_cell cell = get(t, row, i);
			size_t width = visible_width(bytes_of(t, cell), cell.len, false);

			if (width > ret->width[i])
				ret->width[i] = width;
		}
		if (i != t->elastic)
			used += ret->width[i];
	}
	left = columns > used + ELASTIC_MIN ? columns - used : ELASTIC_MIN;
	if (*elastic > left)
		*elastic = t->above ? widest_within(t, left) : left;
}

static void put_spaces(struct buf *out, size_t n)
{
	while (n-- > 0)
		buf_u8(out, ' ');
}

/* The last column, when it stands left, has nothing behind it. */
static void put_cell(const struct table *t, const struct table_layout *l, size_t column,
    const char *text, size_t len, struct buf *out)
{
	size_t width = visible_width(text, len, false);
	size_t pad = width < l->width[column] ? l->width[column] - width : 0;
	bool last = column + 1 == t->column_count;

	if (column > 0)
		put_spaces(out, COLUMN_SPACES);
	if (t->columns[column].right)
		put_spaces(out, pad);
	visible_elide(out, text, len, false, l->width[column]);
	if (!t->columns[column].right && !last)
		put_spaces(out, pad);
}

void table_write_head(const struct table *t, const struct table_layout *l, struct buf *out)
{
	for (size_t i = 0; i < t->column_count; i++)
		put_cell(t, l, i, t->columns[i].head, strlen(t->columns[i].head), out);
}

void table_write_row(
    const struct table *t, const struct table_layout *l, size_t row, struct buf *out)
{
	struct table_cell elastic = get(t, row, t->elastic);
	bool above = t->above &&
		     visible_width(bytes_of(t, elastic), elastic.len, false) > l->width[t->elastic];

	if (above) {
		visible_put(out, bytes_of(t, elastic), elastic.len, false);
		buf_u8(out, '\n');
	}
	for (size_t i = 0; i < t->column_count; i++) {
		struct table_cell cell = get(t, row, i);

		if (above && i == t->elastic && i + 1 == t->column_count)
			break; /* no spaces before nothing */
		if (above && i == t->elastic)
			cell.len = 0;
		put_cell(t, l, i, bytes_of(t, cell), cell.len, out);
	}
}
