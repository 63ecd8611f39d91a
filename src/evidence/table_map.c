/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/table_map.h"

#include <string.h>

#include "base/cursor.h"

static const char *const field_names[] = {
	[TABLE_TIME] = "time",
	[TABLE_PEER] = "peer",
	[TABLE_TARGET] = "target",
	[TABLE_TYPE] = "type",
	[TABLE_OUTCOME] = "outcome",
	[TABLE_TTL] = "ttl",
};

static bool is_space(uint8_t byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r';
}

/* Without the spaces around it. */
static void trim(const uint8_t **text, size_t *len)
{
	while (*len > 0 && is_space((*text)[*len - 1]))
		(*len)--;
	while (*len > 0 && is_space(**text)) {
		(*text)++;
		(*len)--;
	}
}

static bool find_field(const uint8_t *text, size_t len, size_t *ret)
{
	for (size_t i = 0; i < COUNT_OF(field_names); i++) {
		if (strlen(field_names[i]) == len && memcmp(field_names[i], text, len) == 0) {
			*ret = i;
			return true;
		}
	}
	return false;
}

/* "time=ts" */
static bool take_pair(struct table_map *m, const uint8_t *text, size_t len, struct err *reterr)
{
	struct cursor c = cursor_of(text, len);
	const uint8_t *name;
	const uint8_t *column;
	size_t column_len;
	size_t name_len;
	size_t field;

	name = cursor_until(&c, '=', &name_len);
	column_len = cursor_left(&c);
	column = cursor_take(&c, column_len);
	trim(&name, &name_len);
	if (!find_field(name, name_len, &field)) {
		err_set(reterr, ERR_USAGE,
		    "'%.*s' is nothing that a column can say: there are time, peer, target, type, "
		    "outcome and ttl",
		    (int)(name_len < 40 ? name_len : 40), (const char *)name);
		return false;
	}
	if (column != NULL)
		trim(&column, &column_len);
	if (column == NULL || column_len == 0 || column_len >= TABLE_COLUMN_MAX) {
		err_set(reterr, ERR_USAGE, "'%s' needs the name or number of a column, as in %s=ts",
		    field_names[field], field_names[field]);
		return false;
	}
	memcpy(m->column[field], column, column_len);
	m->column[field][column_len] = '\0';
	return true;
}

static bool take_line(struct table_map *m, const uint8_t *line, size_t len, struct err *reterr)
{
	struct cursor c = cursor_of(line, len);
	const uint8_t *said;
	const uint8_t *pair;
	size_t said_len;
	size_t pair_len;

	said = cursor_until(&c, '#', &said_len);
	c = cursor_of(said, said_len);
	while ((pair = cursor_until(&c, ',', &pair_len)) != NULL) {
		trim(&pair, &pair_len);
		if (pair_len > 0 && !take_pair(m, pair, pair_len, reterr))
			return false;
	}
	return true;
}

bool table_map_read(struct table_map *ret, const char *text, size_t len, struct err *reterr)
{
	struct cursor c = cursor_of(text, len);
	struct table_map m = { 0 };
	const uint8_t *line;
	size_t line_len;

	while ((line = cursor_until(&c, '\n', &line_len)) != NULL)
		if (!take_line(&m, line, line_len, reterr))
			return false;
	if (m.column[TABLE_TIME][0] == '\0' || m.column[TABLE_TARGET][0] == '\0') {
		err_set(reterr, ERR_USAGE,
		    "the columns of time and target must be named, as in "
		    "time=ts,peer=client,target=query");
		return false;
	}
	*ret = m;
	return true;
}

bool table_map_is_numbered(const struct table_map *m)
{
	for (size_t i = 0; i < TABLE_FIELDS; i++)
		if (m->column[i][strspn(m->column[i], "0123456789")] != '\0')
			return false;
	return true;
}
