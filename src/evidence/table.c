/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/table.h"

#include <string.h>

#include "evidence/log.h"

static const uint8_t separators[] = { '\t', ',', ';', '|' };

/* The first of those that the line has most of. */
static uint8_t separator_of(const uint8_t *line, size_t len)
{
	size_t counts[COUNT_OF(separators)] = { 0 };
	size_t best = 0;

	for (size_t at = 0; at < len; at++)
		for (size_t i = 0; i < COUNT_OF(separators); i++)
			counts[i] += line[at] == separators[i];
	for (size_t i = 1; i < COUNT_OF(separators); i++)
		best = counts[i] > counts[best] ? i : best;
	return separators[best];
}

static bool is_column(const struct csv_cell *cell, const char *name)
{
	return cell->len == strlen(name) && memcmp(cell->bytes, name, cell->len) == 0;
}

/* The number of the column of that name, or in that place, or SIZE_MAX. */
static size_t number_of(const struct table *t, const char *name, bool is_numbered)
{
	size_t number = 0;

	for (size_t i = 0; is_numbered && name[i] != '\0' && number < LIMIT_LOG_COLUMNS; i++)
		number = number * 10 + (size_t)(name[i] - '0');
	if (is_numbered)
		return number == 0 ? SIZE_MAX : number - 1;
	for (size_t i = 0; i < t->count && i < LIMIT_LOG_COLUMNS; i++)
		if (is_column(&t->cells[i], name))
			return i;
	return SIZE_MAX;
}

static void take_columns(struct table *t, struct cursor c)
{
	const bool is_numbered = table_map_is_numbered(t->map);
	const size_t len = cursor_left(&c);
	const uint8_t *line = cursor_take(&c, len);

	t->is_lacking = line == NULL;
	if (t->is_lacking)
		return;
	t->separator = separator_of(line, len);
	if (!csv_line_read(line, len, t->separator, t->cells, LIMIT_LOG_COLUMNS, &t->count))
		t->count = 0;
	for (size_t i = 0; i < TABLE_FIELDS; i++) {
		const char *name = t->map->column[i];

		t->number[i] = name[0] == '\0' ? SIZE_MAX : number_of(t, name, is_numbered);
		if (name[0] != '\0' &&
		    (t->number[i] >= t->count || t->number[i] >= LIMIT_LOG_COLUMNS))
			t->is_lacking = true;
	}
}

bool table_header(struct table *t, const uint8_t *line, size_t len)
{
	static const uint8_t mark[] = { 0xef, 0xbb, 0xbf }; /* of UTF-8 */
	struct cursor c = cursor_of(line, len);
	const uint8_t *begin = cursor_peek(&c, sizeof(mark));
	const uint8_t *first = cursor_peek(&c, 1);
	const bool is_comment = first != NULL && *first == '#';

	if (t->is_begun || is_comment)
		return is_comment;
	if (begin != NULL && memcmp(begin, mark, sizeof(mark)) == 0)
		cursor_skip(&c, sizeof(mark));
	t->is_begun = true;
	take_columns(t, c);
	return !table_map_is_numbered(t->map);
}

const char *table_row(struct table *t, const uint8_t *line, size_t len)
{
	if (!csv_line_read(line, len, t->separator, t->cells, LIMIT_LOG_COLUMNS, &t->count))
		return "open quote";
	if (t->is_lacking)
		return "column of the map is not in the table";
	for (size_t i = 0; i < TABLE_FIELDS; i++)
		if (t->number[i] != SIZE_MAX && t->number[i] >= t->count)
			return "line is cut";
	return NULL;
}

struct query_word table_word(const struct table *t, enum table_field field)
{
	const struct query_word none = { .bytes = NULL };
	const struct csv_cell *cell;

	if (t->number[field] == SIZE_MAX)
		return none;
	cell = &t->cells[t->number[field]];
	if (cell->len == 0 || cell->is_doubled || is_column(cell, "-"))
		return none;
	return (struct query_word){ cell->bytes, cell->len };
}

bool table_number(const struct table *t, enum table_field field, uint32_t max, uint32_t *ret)
{
	const struct query_word word = table_word(t, field);
	uint64_t value = 0;

	if (word.bytes == NULL)
		return false;
	for (size_t i = 0; i < word.len; i++) {
		if (word.bytes[i] < '0' || word.bytes[i] > '9')
			return false;
		value = value * 10 + (uint64_t)(word.bytes[i] - '0');
		if (value > max)
			return false;
	}
	*ret = (uint32_t)value;
	return true;
}

bool table_fits(const struct table_map *map, const uint8_t *head, size_t len)
{
	struct cursor c = cursor_of(head, len);
	struct table t = { .map = map };
	const uint8_t *line;
	size_t line_len;

	if (table_map_is_numbered(map))
		return false;
	while (!t.is_begun && (line = log_head_line(&c, &line_len)) != NULL)
		(void)table_header(&t, line, line_len);
	return t.is_begun && !t.is_lacking;
}
