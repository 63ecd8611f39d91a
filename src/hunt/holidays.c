/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hunt/holidays.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "base/stamp.h"

#define YEAR_MIN 1678 /* as far as stamps reach */
#define YEAR_MAX 2262

static int day_cmp(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* `digits` digits; an error of the cursor where there are fewer. */
static unsigned number(struct cursor *c, unsigned digits)
{
	unsigned value = 0;

	while (digits-- > 0) {
		uint8_t digit = cursor_u8(c);

		if (c->err == NULL && (digit < '0' || digit > '9'))
			c->err = "no digit";
		value = value * 10 + (unsigned)(digit - '0');
	}
	return value;
}

bool holidays_parse(const char *text, size_t len, int64_t *ret_day)
{
	struct cursor c = cursor_of((const uint8_t *)text, len);
	unsigned year, month, day, month_again, day_again;
	uint8_t first, second, after = ' ';
	int64_t days, year_again;

	year = number(&c, 4);
	first = cursor_u8(&c);
	month = number(&c, 2);
	second = cursor_u8(&c);
	day = number(&c, 2);
	if (c.err == NULL && cursor_left(&c) > 0)
		after = cursor_u8(&c);
	if (c.err != NULL || first != '-' || second != '-' ||
	    (after != ',' && after != '#' && !is_blank(after)))
		return false;
	if (year <= YEAR_MIN || year >= YEAR_MAX || month < 1 || month > 12)
		return false;
	/* a day that its month does not have comes back as another */
	days = stamp_days_of(year, month, day);
	stamp_date_of(days, &year_again, &month_again, &day_again);
	if (day < 1 || month_again != month || day_again != day)
		return false;
	*ret_day = days;
	return true;
}

static bool read_lines(FILE *f, const char *path, int64_t *days, size_t *count, struct err *reterr)
{
	char *line = NULL;
	size_t capacity = 0;
	ssize_t got;
	bool ok = true;

	for (unsigned long at = 1; ok && (got = getline(&line, &capacity, f)) >= 0; at++) {
		size_t len = (size_t)got;
		const char *text = line;

		while (len > 0 && is_blank((uint8_t)*text)) {
			text++;
			len--;
		}
		if (len == 0 || *text == '#' || (at == 1 && strncmp(text, "date", 4) == 0))
			continue;
		if (*count == HOLIDAYS_MAX) {
			err_set(
			    reterr, ERR_LIMIT, "'%s' lists more than %d days", path, HOLIDAYS_MAX);
			ok = false;
		} else if (!holidays_parse(text, len, &days[*count])) {
			err_set(reterr, ERR_USAGE,
			    "'%s' line %lu: no date: write one as 2016-05-16 a line", path, at);
			ok = false;
		} else {
			(*count)++;
		}
	}
	if (ok && ferror(f)) {
		err_set(reterr, ERR_SYSTEM, "cannot read '%s': %s", path, strerror(errno));
		ok = false;
	}
	free(line);
	return ok;
}

static size_t drop_doubles(int64_t *days, size_t count)
{
	size_t kept = 0;

	qsort(days, count, sizeof(*days), day_cmp);
	for (size_t i = 0; i < count; i++)
		if (kept == 0 || days[kept - 1] != days[i])
			days[kept++] = days[i];
	return kept;
}

bool holidays_read(const char *path, struct arena *memory, struct holidays *ret, struct err *reterr)
{
	int64_t *days = arena_alloc(memory, HOLIDAYS_MAX * sizeof(*days));
	size_t count = 0;
	FILE *f;
	bool ok;

	if (days == NULL) {
		err_set_memory(reterr);
		return false;
	}
	f = fopen(path, "re");
	if (f == NULL) {
		err_set(reterr, ERR_SYSTEM, "cannot open '%s': %s", path, strerror(errno));
		return false;
	}
	ok = read_lines(f, path, days, &count, reterr);
	fclose(f);
	if (ok)
		*ret = (struct holidays){ days, drop_doubles(days, count) };
	return ok;
}
