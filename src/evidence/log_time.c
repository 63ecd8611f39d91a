/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A date without a year is of the first year that puts it no more than a month before the row
 * before it: so lines may be somewhat out of order, a log may be silent for eleven months, and
 * after December comes the January of the next year. The first row is of the year that the user
 * says, or else of the last year that puts it no later than the file's date; then no other row is
 * later than that either.
 */
#include "evidence/log_time.h"

#include <stdio.h>

#include "evidence/zone.h"

#define BACK_S         (31 * S_PER_DAY) /* rows of one log are out of order by less */
#define SLACK_S        S_PER_DAY        /* the file's date is UTC, the row is not */
#define REPEAT_LEAST_S (50 * 60)        /* a clock put back: the next row stands so much earlier */
#define REPEAT_MOST_S  (61 * 60)
#define YEARS_TRIED    9    /* from one 29 February to the next are at most eight */
#define LEAP_YEAR      2000 /* has every date */

const uint8_t *log_word(struct cursor *line, size_t *ret_len)
{
	const uint8_t *word;

	do {
		word = cursor_until(line, ' ', ret_len);
	} while (word != NULL && *ret_len == 0);
	return word;
}

/* "Jan" is 1; 0: no month. */
static unsigned month_of(const uint8_t *text)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (unsigned i = 0; i < 12; i++)
		if (memcmp(text, &names[(size_t)3 * i], 3) == 0)
			return i + 1;
	return 0;
}

/* One or two digits; 0: not that. */
static unsigned day_of(const uint8_t *text, size_t len)
{
	unsigned day = 0;

	if (len < 1 || len > 2)
		return 0;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return 0;
		day = day * 10 + (unsigned)(text[i] - '0');
	}
	return day;
}

/* Of a text that was read as ISO 8601 with a zone: Z, +hh, +hhmm or +hh:mm ends it. */
static int64_t east_of(const char *text, size_t len)
{
	int64_t digits[4] = { 0 };
	size_t at = len, n = 0;

	while (at > 0 && text[at - 1] != '+' && text[at - 1] != '-' && len - at < 6)
		at--;
	if (at == 0 || (text[at - 1] != '+' && text[at - 1] != '-'))
		return 0;
	for (size_t i = at; i < len && n < 4; i++)
		if (text[i] != ':')
			digits[n++] = text[i] - '0';
	return (text[at - 1] == '-' ? -1 : 1) *
	       ((digits[0] * 10 + digits[1]) * 3600 + (digits[2] * 10 + digits[3]) * 60);
}

bool log_date_iso(const char *text, size_t len, struct log_date *ret)
{
	if (!stamp_parse_iso(text, len, &ret->time, &ret->zoned))
		return false;
	ret->east_s = ret->zoned ? east_of(text, len) : 0;
	return true;
}

/* The time of day is the next word. */
static bool read_clock(struct cursor *line, const char *date, struct log_date *ret)
{
	char text[STAMP_TEXT_MAX + 24];
	size_t clock_len;
	const uint8_t *clock = log_word(line, &clock_len);
	int len;

	if (clock == NULL || clock_len > STAMP_TEXT_MAX)
		return false;
	len = snprintf(text, sizeof(text), "%sT%.*s", date, (int)clock_len, (const char *)clock);
	return len > 0 && (size_t)len < sizeof(text) && log_date_iso(text, (size_t)len, ret);
}

/* "[1122214615]" */
static bool read_epoch(const uint8_t *word, size_t len, struct log_date *ret)
{
	ret->zoned = true;
	return word[len - 1] == ']' &&
	       stamp_parse_epoch((const char *)&word[1], len - 2, &ret->time);
}

bool log_date_read(struct cursor *line, struct log_date *ret)
{
	char date[16] = "";
	size_t len;
	const uint8_t *word = log_word(line, &len);

	*ret = (struct log_date){ .zoned = false };
	if (word == NULL)
		return false;
	if (len > 2 && word[0] == '[')
		return read_epoch(word, len, ret);
	if (len == 3) { /* Jul 24 */
		const unsigned month = month_of(word);
		unsigned day;

		word = log_word(line, &len);
		day = word == NULL ? 0 : day_of(word, len);
		if (month == 0 || day == 0)
			return false;
		ret->yearless = true;
		(void)snprintf(
		    date, sizeof(date), "%d-%02u-%02u", LEAP_YEAR, month % 100, day % 100);
		return read_clock(line, date, ret);
	}
	if (len == 11 && word[2] == '-' && word[6] == '-') { /* 24-Jul-2005 */
		(void)snprintf(date, sizeof(date), "%.4s-%02u-%.2s", (const char *)&word[7],
		    month_of(&word[3]) % 100, (const char *)word);
		return read_clock(line, date, ret);
	}
	if (len == 10) { /* 2005-07-24 or 2005/07/24 */
		(void)snprintf(date, sizeof(date), "%.10s", (const char *)word);
		if (date[4] == '/' && date[7] == '/')
			date[4] = date[7] = '-';
		return read_clock(line, date, ret);
	}
	return log_date_iso((const char *)word, len, ret);
}

static int64_t seconds_of(struct stamp s)
{
	return s.ns / NS_PER_S - (s.ns % NS_PER_S < 0);
}

static int64_t year_of(int64_t seconds)
{
	int64_t year;
	unsigned month, day;

	stamp_date_of(stamp_day(seconds * NS_PER_S), &year, &month, &day);
	return year;
}

/* The same date and time of day in another year. False: that year has no 29 February. */
static bool move_to_year(struct stamp *s, int64_t year)
{
	const int64_t day = stamp_day(s->ns);
	unsigned month, of_month, month_then, day_then;
	int64_t old, then;

	stamp_date_of(day, &old, &month, &of_month);
	then = stamp_days_of(year, month, of_month);
	stamp_date_of(then, &old, &month_then, &day_then);
	if (month_then != month || year < HINTS_YEAR_MIN || year > HINTS_YEAR_MAX)
		return false;
	s->ns += (then - day) * NS_PER_DAY;
	return true;
}

/* The first year that puts it no earlier than from_s. */
static bool move_behind(struct stamp *s, int64_t from_s)
{
	const int64_t year = year_of(from_s);

	for (int64_t y = year; y < year + YEARS_TRIED; y++) {
		struct stamp moved = *s;

		if (move_to_year(&moved, y) && seconds_of(moved) >= from_s) {
			*s = moved;
			return true;
		}
	}
	return false;
}

/* The last year that puts it no later than to_s. */
static bool move_before(struct stamp *s, int64_t to_s)
{
	const int64_t year = year_of(to_s);

	for (int64_t y = year; y > year - YEARS_TRIED; y--) {
		struct stamp moved = *s;

		if (move_to_year(&moved, y) && seconds_of(moved) <= to_s) {
			*s = moved;
			return true;
		}
	}
	return false;
}

static bool find_year(struct log_time *t, struct stamp *local)
{
	const struct hints *h = &t->hints;
	const bool dated = h->dated && h->file_s >= 0 && h->file_s < STAMP_MAX_S - SLACK_S;

	if (t->started && !move_behind(local, t->last_s - BACK_S))
		return false;
	/* where years are guessed, one bad date in between must not put what follows into the next */
	if (t->started && (t->told || !dated || seconds_of(*local) <= h->file_s + SLACK_S))
		return true;
	if (!t->started && h->year != 0)
		return move_to_year(local, h->year);
	return dated && move_before(local, h->file_s + SLACK_S);
}

/* Remember the row, in local time, that the next one without a year will be near to. */
static void remember(struct log_time *t, const struct log_date *d, struct stamp local)
{
	if (!t->started)
		t->told = !d->yearless || t->hints.year != 0;
	t->started = true;
	t->last_s = seconds_of(local);
}

/* From the clock that the log was written by to UTC. */
static void take_zone_off(struct log_time *t, struct stamp *local)
{
	const int64_t local_s = seconds_of(*local);
	int64_t utc_s = local_s - t->hints.east_s;

	if (t->hints.place != NULL && !zone_utc(t->hints.place, local_s, &utc_s))
		t->health->assumed[ASSUMED_HOUR]++;
	local->ns += (utc_s - local_s) * NS_PER_S;
}

/* Each row's own zone is taken, so that nothing is lost: but a log with several is worth a look. */
static void compare_zone(struct log_time *t, const struct log_date *d)
{
	if (!t->compared) {
		t->compared = true;
		t->first_zoned = d->zoned;
		t->first_east_s = d->east_s;
	}
	t->health->assumed[ASSUMED_MIXED] +=
	    d->zoned != t->first_zoned || d->east_s != t->first_east_s;
}

/* A clock that was put back without a word: the rows of the second hour lie upon the first's. */
static void watch_clock(struct log_time *t, int64_t local_s)
{
	const int64_t back_s = t->clock_s - local_s;

	if (t->clocked && !t->repeating && back_s >= REPEAT_LEAST_S && back_s <= REPEAT_MOST_S) {
		t->repeating = true;
		t->repeated_until_s = t->clock_s;
	}
	t->repeating = t->repeating && local_s <= t->repeated_until_s;
	t->health->assumed[ASSUMED_REPEAT] += t->repeating;
	t->clocked = true;
	t->clock_s = local_s;
}

bool log_time_of(struct log_time *t, const struct log_date *d, struct stamp *ret)
{
	struct stamp local = d->time;

	if (d->yearless && !find_year(t, &local))
		return false;
	remember(t, d, local);
	compare_zone(t, d);
	/* the clock of a place is known to repeat hours: those rows are counted one by one */
	if (!d->zoned && t->hints.place == NULL)
		watch_clock(t, seconds_of(local));
	if (d->yearless && !t->told)
		t->health->assumed[ASSUMED_YEAR]++;
	if (!d->zoned && !t->hints.zoned)
		t->health->assumed[ASSUMED_ZONE]++;
	if (!d->zoned)
		take_zone_off(t, &local);
	*ret = local;
	return true;
}

void log_time_note(struct log_time *t, const struct log_date *d)
{
	struct stamp local = d->time;

	if (!d->yearless || find_year(t, &local))
		remember(t, d, local);
}
