/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 *	[Wed,] 18 Nov 2009 11:59[:34] -0500 [(EST)]
 *	Wed Nov 18 11:59:34 2009                       asctime(), which some programs write
 *
 * The name of the day is passed over: where it is wrong, the date is right.
 */
#include "wire/mail_date.h"

#include <string.h>

#include "base/cursor.h"

static int peek(const struct cursor *c)
{
	return cursor_left(c) == 0 ? -1 : c->base[c->pos];
}

/* White space, also that of folding, and comments, which may lie inside each other. */
static void skip_blank(struct cursor *c)
{
	unsigned depth = 0;
	int byte;

	while ((byte = peek(c)) >= 0) {
		if (byte == '(')
			depth++;
		else if (byte == ')' && depth > 0)
			depth--;
		else if (byte == '\\' && depth > 0)
			cursor_skip(c, cursor_left(c) > 1);
		else if (depth == 0 && byte != ' ' && byte != '\t' && byte != '\r' && byte != '\n')
			return;
		cursor_skip(c, 1);
	}
}

static bool is_letter(int byte)
{
	return byte >= 0 && (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
}

/* The letters that come next, borrowed; their number is 0 where there is none. */
static const uint8_t *read_letters(struct cursor *c, size_t *ret_len)
{
	const size_t start = c->pos;

	while (is_letter(peek(c)))
		cursor_skip(c, 1);
	*ret_len = c->pos - start;
	return c->base + start;
}

/* A number of min to max digits. */
static unsigned read_number(struct cursor *c, size_t min, size_t max, size_t *ret_len)
{
	unsigned value = 0;
	size_t len = 0;

	for (; len < max && peek(c) >= '0' && peek(c) <= '9'; len++)
		value = value * 10 + (unsigned)(cursor_u8(c) - '0');
	if (len < min || (peek(c) >= '0' && peek(c) <= '9'))
		cursor_fail(c, "bad number");
	*ret_len = len;
	return value;
}

static unsigned read_two(struct cursor *c)
{
	size_t len;

	return read_number(c, 1, 2, &len);
}

static bool is_word(const uint8_t *text, size_t len, const char *word)
{
	size_t i = 0;

	for (; i < len && word[i] != '\0'; i++)
		if ((text[i] | 0x20) != word[i])
			return false;
	return i == len && word[i] == '\0';
}

static unsigned read_month(struct cursor *c)
{
	static const char *const names[] = { "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug",
		"sep", "oct", "nov", "dec" };
	size_t len;
	const uint8_t *text = read_letters(c, &len);

	for (unsigned i = 0; i < COUNT_OF(names); i++)
		if (is_word(text, len, names[i]))
			return i + 1;
	cursor_fail(c, "bad month");
	return 1;
}

/* RFC 5322 4.3: two digits below 50 are of this century, all else short of the last. */
static int64_t read_year(struct cursor *c)
{
	size_t len;
	const unsigned year = read_number(c, 2, 4, &len);

	if (len == 4)
		return year;
	return len == 2 && year < 50 ? 2000 + (int64_t)year : 1900 + (int64_t)year;
}

struct zone_name {
	const char *name;
	int16_t east_min;
};

static const struct zone_name zone_names[] = {
	{ "ut", 0 },
	{ "utc", 0 },
	{ "gmt", 0 },
	{ "z", 0 },
	{ "est", -300 },
	{ "edt", -240 },
	{ "cst", -360 },
	{ "cdt", -300 },
	{ "mst", -420 },
	{ "mdt", -360 },
	{ "pst", -480 },
	{ "pdt", -420 },
};

/* A word; NULL: it is the name of no zone that is known. */
static const struct zone_name *read_zone_name(struct cursor *c)
{
	size_t len;
	const uint8_t *text = read_letters(c, &len);

	for (size_t i = 0; i < COUNT_OF(zone_names); i++)
		if (is_word(text, len, zone_names[i].name))
			return &zone_names[i];
	return NULL;
}

/* Where there is none, or none that is known, *d stays without a zone. */
static void read_zone(struct cursor *c, struct mail_date *d)
{
	const int sign = peek(c);
	const struct zone_name *name;
	size_t len;

	if (sign == '+' || sign == '-') {
		unsigned digits;

		cursor_skip(c, 1);
		digits = read_number(c, 4, 4, &len);
		if (digits / 100 > 18 || digits % 100 > 59)
			cursor_fail(c, "bad zone");
		d->zoned = sign == '+' || digits != 0; /* -0000: RFC 5322 3.3 */
		d->east_min = (int16_t)(digits / 100 * 60 + digits % 100);
		if (sign == '-')
			d->east_min = (int16_t)-d->east_min;
		skip_blank(c);
		/* "+0000 GMT": a name that should be a comment */
		if (is_letter(peek(c)) && read_zone_name(c) == NULL)
			cursor_fail(c, "bad zone");
		return;
	}
	name = read_zone_name(c);
	if (name != NULL) {
		d->zoned = true;
		d->east_min = name->east_min;
	}
}

static void skip_weekday(struct cursor *c)
{
	size_t len;

	skip_blank(c);
	(void)read_letters(c, &len);
	skip_blank(c);
	if (len > 0 && peek(c) == ',')
		cursor_skip(c, 1);
	skip_blank(c);
}

/* Seconds since midnight. */
static int64_t read_clock(struct cursor *c)
{
	const unsigned hour = read_two(c);
	unsigned minute, second = 0;

	skip_blank(c);
	if (cursor_u8(c) != ':')
		cursor_fail(c, "no time of day");
	skip_blank(c);
	minute = read_two(c);
	skip_blank(c);
	if (peek(c) == ':') {
		cursor_skip(c, 1);
		skip_blank(c);
		second = read_two(c);
	}
	if (hour > 23 || minute > 59 || second > 60)
		cursor_fail(c, "bad time of day");
	/* a leap second does not exist here */
	return hour * INT64_C(3600) + minute * INT64_C(60) + (second == 60 ? 59 : second);
}

/* A date as it stands there, before its zone. */
struct parts {
	unsigned day;
	unsigned month;
	int64_t year;
	int64_t seconds; /* since midnight */
};

static void read_parts(struct cursor *c, struct parts *p)
{
	const bool is_asctime = is_letter(peek(c));

	if (!is_asctime) {
		p->day = read_two(c);
		skip_blank(c);
	}
	p->month = read_month(c);
	skip_blank(c);
	if (is_asctime)
		p->day = read_two(c);
	else
		p->year = read_year(c);
	skip_blank(c);
	p->seconds = read_clock(c);
	skip_blank(c);
	if (is_asctime)
		p->year = read_year(c);
	skip_blank(c);
}

bool mail_date_parse(const uint8_t *text, size_t len, struct mail_date *ret)
{
	struct cursor c = cursor_of(text, len);
	struct mail_date d = { .zoned = false };
	struct parts p = { .day = 0 };
	unsigned month_then, day_then;
	int64_t days, year_then;

	skip_weekday(&c);
	read_parts(&c, &p);
	read_zone(&c, &d);
	skip_blank(&c);
	if (c.err != NULL || cursor_left(&c) > 0 || p.year < 1900 || p.year > 2261)
		return false;
	days = stamp_days_of(p.year, p.month, p.day);
	stamp_date_of(days, &year_then, &month_then, &day_then);
	if (month_then != p.month || day_then != p.day)
		return false;
	d.time.ns = (days * S_PER_DAY + p.seconds - d.east_min * INT64_C(60)) * NS_PER_S;
	*ret = d;
	return true;
}
