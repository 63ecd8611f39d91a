/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/stamp.h"

#include <stdio.h>

#include "base/cursor.h"
#include "base/swar.h"

static const int64_t ns_per_digit[] = { 1000000000, 100000000, 10000000, 1000000, 100000, 10000,
	1000, 100, 10, 1 };

/* Between min and max digits as a number; fails the cursor on fewer. Stops before a non-digit. */
static int64_t read_digits(struct cursor *c, unsigned min, unsigned max)
{
	int64_t value = 0;
	unsigned count = 0;

	while (count < max && cursor_left(c) > 0) {
		uint8_t byte = c->base[c->pos];

		if (byte < '0' || byte > '9')
			break;
		value = value * 10 + (byte - '0');
		cursor_skip(c, 1);
		count++;
	}
	if (count < min)
		cursor_fail(c, "digits expected");
	return value;
}

static bool accept(struct cursor *c, char want)
{
	if (cursor_left(c) == 0 || c->base[c->pos] != (uint8_t)want)
		return false;
	cursor_skip(c, 1);
	return true;
}

/* The digits after a decimal point, as nanoseconds. At least one; those after the ninth are cut. */
static int64_t read_fraction(struct cursor *c, uint8_t *ret_digits)
{
	const uint8_t *ahead = cursor_peek(c, SWAR_BYTES);
	const uint64_t word = ahead == NULL ? 0 : swar_load(ahead);
	const uint64_t others = swar_nondigits(word);
	const size_t start = c->pos;
	int64_t value;
	uint8_t digits;

	/* one to seven of them, with something behind: nearly always */
	if (others != 0 && (others & 0x80) == 0) {
		digits = (uint8_t)swar_first(others);
		value = swar_decimal(word, digits);
		cursor_skip(c, digits);
	} else {
		value = read_digits(c, 1, 9);
		digits = (uint8_t)(c->pos - start);
	}
	while (cursor_left(c) > 0 && c->base[c->pos] >= '0' && c->base[c->pos] <= '9')
		cursor_skip(c, 1);
	*ret_digits = digits;
	return value * ns_per_digit[digits];
}

/*
 * Ten digits of seconds, as from 2001 to 2286, a point, and one to eight more: what logs write,
 * read by the word. False: another form, good or bad.
 */
static bool parse_plain_epoch(const uint8_t *text, size_t len, struct stamp *ret)
{
	unsigned digits = (unsigned)len - 11;
	uint64_t head, tail;
	int64_t seconds;

	if (len < 12 || len > 19 || text[10] != '.')
		return false;
	head = swar_load(text);
	tail = swar_load(text + len - SWAR_BYTES);
	/* the fraction is the last of the eight */
	if (swar_nondigits(head) != 0 || swar_nondigits(tail) >> 8 * (SWAR_BYTES - digits) != 0 ||
	    text[8] < '0' || text[8] > '9' || text[9] < '0' || text[9] > '9')
		return false;
	seconds =
	    (int64_t)swar_decimal(head, SWAR_BYTES) * 100 + (text[8] - '0') * 10 + (text[9] - '0');
	if (seconds > STAMP_MAX_S)
		return false;
	ret->ns =
	    seconds * NS_PER_S +
	    (int64_t)swar_decimal(tail >> 8 * (SWAR_BYTES - digits), digits) * ns_per_digit[digits];
	ret->digits = (uint8_t)digits;
	return true;
}

static bool parse_any_epoch(const char *text, size_t len, struct stamp *ret)
{
	struct cursor c = cursor_of(text, len);
	bool negative = accept(&c, '-');
	int64_t seconds = read_digits(&c, 1, 12);
	struct stamp s = { .digits = 0 };

	if (accept(&c, '.'))
		s.ns = read_fraction(&c, &s.digits);
	if (c.err != NULL || cursor_left(&c) > 0 || seconds > STAMP_MAX_S)
		return false;
	s.ns += seconds * NS_PER_S;
	if (negative)
		s.ns = -s.ns;
	*ret = s;
	return true;
}

bool stamp_parse_epoch(const char *text, size_t len, struct stamp *ret)
{
	return parse_plain_epoch((const uint8_t *)text, len, ret) ||
	       parse_any_epoch(text, len, ret);
}

static unsigned days_in_month(int64_t year, unsigned month)
{
	static const unsigned days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : days[month - 1];
}

/* Z, +hh, +hhmm or +hh:mm, or nothing. */
static struct stamp_zone read_zone(struct cursor *c)
{
	struct stamp_zone zone = { .is_named = cursor_left(c) > 0 };
	bool east;
	int64_t hours;
	int64_t minutes = 0;

	if (!zone.is_named || accept(c, 'Z') || accept(c, 'z'))
		return zone;
	east = accept(c, '+');
	if (!east && !accept(c, '-'))
		cursor_fail(c, "zone expected");
	hours = read_digits(c, 2, 2);
	if (accept(c, ':') || cursor_left(c) > 0)
		minutes = read_digits(c, 2, 2);
	if (hours > 18 || minutes > 59)
		cursor_fail(c, "zone out of range");
	zone.east_s = (east ? 1 : -1) * (hours * 3600 + minutes * 60);
	return zone;
}

bool stamp_day_of(int64_t year, unsigned month, unsigned day, int64_t *ret)
{
	if (year < 1678 || year > 2261 || month < 1 || month > 12 || day < 1 ||
	    day > days_in_month(year, month))
		return false;
	*ret = stamp_days_of(year, month, day);
	return true;
}

/* Two digits; what is none is marked in *bad. */
static inline unsigned read_pair(const char *text, bool *bad)
{
	const unsigned tens = (unsigned)text[0] - '0';
	const unsigned ones = (unsigned)text[1] - '0';

	*bad |= tens > 9 || ones > 9;
	return tens * 10 + ones;
}

bool stamp_parse_day(const char text[static STAMP_DAY_BYTES], int64_t *ret)
{
	bool bad = text[4] != '-' || text[7] != '-';
	const unsigned century = read_pair(&text[0], &bad);
	const unsigned year = read_pair(&text[2], &bad);
	const unsigned month = read_pair(&text[5], &bad);
	const unsigned day = read_pair(&text[8], &bad);

	return !bad && stamp_day_of(century * 100 + year, month, day, ret);
}

bool stamp_parse_clock(
    const char *text, size_t len, int64_t day, struct stamp *ret, struct stamp_zone *ret_zone)
{
	struct cursor c = cursor_of(text, len);
	struct stamp s = { .digits = 0 };
	unsigned hour, minute, second;
	struct stamp_zone zone;
	bool bad;

	if (len < STAMP_CLOCK_BYTES)
		return false;
	bad = text[2] != ':' || text[5] != ':';
	hour = read_pair(&text[0], &bad);
	minute = read_pair(&text[3], &bad);
	second = read_pair(&text[6], &bad);
	cursor_skip(&c, STAMP_CLOCK_BYTES);
	if (accept(&c, '.') || accept(&c, ','))
		s.ns = read_fraction(&c, &s.digits);
	zone = read_zone(&c);
	if (bad || c.err != NULL || cursor_left(&c) > 0 || hour > 23 || minute > 59 || second > 60)
		return false;
	if (second == 60) {
		second = 59;
		s.ns = s.digits == 0 ? 0 : NS_PER_S - ns_per_digit[s.digits];
	}
	s.ns += (day * S_PER_DAY + hour * 3600 + minute * 60 + second - zone.east_s) * NS_PER_S;
	*ret = s;
	if (ret_zone != NULL)
		*ret_zone = zone;
	return true;
}

bool stamp_parse_iso(const char *text, size_t len, struct stamp *ret, struct stamp_zone *ret_zone)
{
	const size_t clock_at = STAMP_DAY_BYTES + 1;
	int64_t day;

	return len > clock_at &&
	       (text[STAMP_DAY_BYTES] == 'T' || text[STAMP_DAY_BYTES] == ' ' ||
		   text[STAMP_DAY_BYTES] == 't') &&
	       stamp_parse_day(text, &day) &&
	       stamp_parse_clock(&text[clock_at], len - clock_at, day, ret, ret_zone);
}

/* Whole seconds (rounded down) and the digits behind them. */
static int64_t split(struct stamp s, int64_t *ret_fraction)
{
	int64_t seconds = s.ns / NS_PER_S - (s.ns % NS_PER_S < 0);

	*ret_fraction = (s.ns - seconds * NS_PER_S) / ns_per_digit[s.digits > 9 ? 9 : s.digits];
	return seconds;
}

size_t stamp_format_epoch(struct stamp s, char text[static STAMP_TEXT_MAX])
{
	struct stamp positive = { .ns = s.ns < 0 ? -s.ns : s.ns, .digits = s.digits };
	int64_t fraction;
	int64_t seconds = split(positive, &fraction);
	const char *sign = s.ns < 0 ? "-" : "";
	int len;

	if (s.digits == 0)
		len = snprintf(text, STAMP_TEXT_MAX, "%s%lld", sign, (long long)seconds);
	else
		len = snprintf(text, STAMP_TEXT_MAX, "%s%lld.%0*lld", sign, (long long)seconds,
		    s.digits, (long long)fraction);
	return len < 0 ? 0 : (size_t)len;
}

size_t stamp_format_iso(struct stamp s, char text[static STAMP_TEXT_MAX])
{
	int64_t fraction;
	int64_t seconds = split(s, &fraction);
	int64_t days = seconds / S_PER_DAY - (seconds % S_PER_DAY < 0);
	int64_t in_day = seconds - days * S_PER_DAY;
	int64_t year;
	unsigned month, day;
	int len;

	stamp_date_of(days, &year, &month, &day);
	len = snprintf(text, STAMP_TEXT_MAX, "%04lld-%02u-%02uT%02d:%02d:%02d", (long long)year,
	    month, day, (int)(in_day / 3600), (int)(in_day / 60 % 60), (int)(in_day % 60));
	if (len > 0 && s.digits > 0)
		len += snprintf(text + len, STAMP_TEXT_MAX - (size_t)len, ".%0*lld", s.digits,
		    (long long)fraction);
	if (len > 0)
		len += snprintf(text + len, STAMP_TEXT_MAX - (size_t)len, "Z");
	return len < 0 ? 0 : (size_t)len;
}

/*
 * Both from H. Hinnant, "chrono-compatible low-level date algorithms": years begin in March,
 * so that the leap day is the last of its year; an era is 400 years, 146097 days.
 */
int64_t stamp_days_of(int64_t year, unsigned month, unsigned day)
{
	int64_t y = year - (month <= 2);
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t year_of_era = y - era * 400;
	int64_t day_of_year = (153 * ((int64_t)month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return era * 146097 + day_of_era - 719468;
}

void stamp_date_of(int64_t days, int64_t *ret_year, unsigned *ret_month, unsigned *ret_day)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;

	*ret_day = (unsigned)(doy - (153 * mp + 2) / 5 + 1);
	*ret_month = (unsigned)(mp + (mp < 10 ? 3 : -9));
	*ret_year = yoe + era * 400 + (*ret_month <= 2);
}
