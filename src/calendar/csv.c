/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 *   comment  "# made: DATE", "# pool: complete", "# pool: FILE"; any other is left alone
 *   header   time,label
 *   row      DATE or TIME , label; in double quotes, a quote doubled, where it holds a comma
 *
 * A label ends with its line: no line breaks in quotes.
 */
#include "calendar/csv.h"

#include <string.h>

#include "base/limits.h"

struct line {
	const char *at;
	size_t len;
	unsigned number;
};

static void trim(struct line *l)
{
	while (l->len > 0 && strchr(" \t\r", l->at[l->len - 1]) != NULL)
		l->len--;
	while (l->len > 0 && (*l->at == ' ' || *l->at == '\t')) {
		l->at++;
		l->len--;
	}
}

static bool next_line(struct cursor *text, struct line *l)
{
	size_t len;
	const uint8_t *at = cursor_until(text, '\n', &len);

	if (at == NULL)
		return false;
	*l = (struct line){ (const char *)at, len, l->number + 1 };
	trim(l);
	return true;
}

static bool fail(const struct line *l, const char *what, struct err *reterr)
{
	err_set(reterr, ERR_USAGE, "line %u: %s", l->number, what);
	return false;
}

/* Does the line begin with the word? Then it is what comes behind it. */
static bool take_word(struct line *l, const char *word)
{
	size_t len = strlen(word);

	if (l->len < len || memcmp(l->at, word, len) != 0)
		return false;
	l->at += len;
	l->len -= len;
	trim(l);
	return true;
}

static bool read_comment(
    struct line *l, struct arena *memory, struct calendar *c, struct err *reterr)
{
	if (take_word(l, "made:")) {
		if (!calendar_parse_day(l->at, l->len, &c->made_day))
			return fail(l, "'made' takes a date such as 2016-04-30", reterr);
		c->made_known = true;
	} else if (take_word(l, "pool:")) {
		if (l->len == 0 || memchr(l->at, '\0', l->len) != NULL)
			return fail(l, "'pool' takes the word complete or a file", reterr);
		c->pool = l->len == 8 && memcmp(l->at, "complete", 8) == 0 ? CALENDAR_POOL_COMPLETE
									   : CALENDAR_POOL_LISTED;
		c->pool_path = arena_copy(memory, l->at, l->len);
		if (c->pool_path == NULL) {
			err_set_memory(reterr);
			return false;
		}
	}
	return true;
}

/* Take the quotes off in place of a copy. False: they do not match. */
static bool unquote(const struct line *l, char *ret, size_t *ret_len)
{
	size_t n = 0;

	for (size_t i = 1; i < l->len; i++) {
		if (l->at[i] == '"' && (++i == l->len || l->at[i] != '"')) {
			bool closed = i == l->len;

			*ret_len = n; /* which may be l's own */
			return closed;
		}
		if (n < LIMIT_CALENDAR_LABEL_BYTES)
			ret[n++] = l->at[i];
	}
	return false;
}

static bool read_row(struct line *l, struct arena *memory, struct calendar *c, struct err *reterr)
{
	const char *comma = memchr(l->at, ',', l->len);
	struct line label = *l;
	char unquoted[LIMIT_CALENDAR_LABEL_BYTES];
	int64_t day;

	if (comma == NULL)
		return fail(l, "a time, a comma and a label are expected", reterr);
	label.at = comma + 1;
	label.len = l->len - (size_t)(label.at - l->at);
	l->len = (size_t)(comma - l->at);
	trim(l);
	trim(&label);
	if (!calendar_parse_day(l->at, l->len, &day))
		return fail(l, "not a time: write 2016-07-08 or 2016-07-08T09:30:00Z", reterr);
	if (label.len > 0 && label.at[0] == '"') {
		if (!unquote(&label, unquoted, &label.len))
			return fail(l, "the quotes do not match", reterr);
		label.at = unquoted;
	}
	return calendar_add(c, memory, day, label.at, label.len, reterr);
}

bool csv_read(struct cursor *text, struct arena *memory, struct calendar *ret, struct err *reterr)
{
	static const char header[] = "time,label";
	struct line l = { .number = 0 };
	bool headed = false;

	while (next_line(text, &l)) {
		if (l.len == 0)
			continue;
		if (take_word(&l, "#")) {
			if (!read_comment(&l, memory, ret, reterr))
				return false;
		} else if (!headed) {
			if (l.len != strlen(header) || memcmp(l.at, header, l.len) != 0)
				return fail(&l, "the header 'time,label' is expected", reterr);
			headed = true;
		} else if (!read_row(&l, memory, ret, reterr)) {
			return false;
		}
	}
	return true;
}
