/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/csv_line.h"

#include "base/cursor.h"

static void skip_spaces(struct cursor *c)
{
	const uint8_t *next;

	while ((next = cursor_peek(c, 1)) != NULL && *next == ' ')
		cursor_skip(c, 1);
}

/* The rest of a field whose opening quote has been read, with its closing one. */
static bool read_quoted(struct cursor *c, struct csv_cell *cell)
{
	const size_t from = c->pos;
	const uint8_t *next;

	cell->bytes = cursor_peek(c, 0);
	for (;;) {
		const uint8_t *byte = cursor_take(c, 1);

		if (byte == NULL)
			return false;
		if (*byte != '"')
			continue;
		next = cursor_peek(c, 1);
		if (next == NULL || *next != '"')
			break;
		cell->is_doubled = true;
		cursor_skip(c, 1);
	}
	cell->len = c->pos - from - 1;
	return true;
}

/* The rest of a field without quotes, up to the separator. */
static void read_bare(struct cursor *c, uint8_t separator, struct csv_cell *cell)
{
	const size_t from = c->pos;
	size_t end = from;
	const uint8_t *next;

	cell->bytes = cursor_peek(c, 0);
	while ((next = cursor_peek(c, 1)) != NULL && *next != separator) {
		if (*next != ' ')
			end = c->pos + 1;
		cursor_skip(c, 1);
	}
	cell->len = end - from;
}

bool csv_line_read(const uint8_t *line, size_t len, uint8_t separator, struct csv_cell *cells,
    size_t max, size_t *ret_count)
{
	struct cursor c = cursor_of(line, len);
	const uint8_t *next;

	for (*ret_count = 0;; cursor_skip(&c, 1)) {
		struct csv_cell cell = { .len = 0 };

		skip_spaces(&c);
		next = cursor_peek(&c, 1);
		if (next != NULL && *next == '"') {
			cursor_skip(&c, 1);
			if (!read_quoted(&c, &cell))
				return false;
			skip_spaces(&c);
		} else {
			read_bare(&c, separator, &cell);
		}
		if (*ret_count < max)
			cells[*ret_count] = cell;
		(*ret_count)++;
		next = cursor_peek(&c, 1);
		if (next == NULL)
			return true;
		if (*next != separator)
			return false;
	}
}
