/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A date without a year is of the first year that puts it no more than a month before the row
 * before it: so lines may be somewhat out of order, a log may be silent for eleven months, and
 * after December comes the January of the next year. The first row is of the year that the user
 * says, or else of the last year that puts it no later than the file's date; then no other row is
 * later than that either.
 */
#include "evidence/log_time.h"

#include <string.h>

#include "evidence/zone.h"

#define BACK_S         (31 * S_PER_DAY) /* rows of one log are out of order by less */
#define SLACK_S        S_PER_DAY        /* the file's date is UTC, the row is not */
#define REPEAT_LEAST_S (50 * 60)        /* a clock put back: the next row stands so much earlier */
#define REPEAT_MOST_S  (61 * 60)
#define YEARS_TRIED    9    /* from one 29 February to the next are at most eight */
#define LEAP_YEAR      2000 /* has every date */

/* "Jan" is 1; 0: no month. */
static unsigned month_of(const uint8_t *text)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (unsigned i = 0; i < 12; i++)
		if (memcmp(text, &names[(size_t)3 * i], 3) == 0)
			return i + 1;
	return 0;
}

/* So many digits or fewer; 0: not that. */
static unsigned number_of(const uint8_t *text, size_t len, size_t max)
{
	unsigned number = 0;

	if (len < 1 || len > max)
		return 0;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return 0;
		number = number * 10 + (unsigned)(text[i] - '0');
	}
	return number;
}

static void take_zone(struct log_date *d, struct stamp_zone zone)
{
	d->zoned = zone.is_named;
	d->east_s = zone.east_s;
}

bool log_date_iso(const char *text, size_t len, struct log_date *ret)
{
	struct stamp_zone zone;

	if (!stamp_parse_iso(text, len, &ret->time, &zone))
		return false;
	take_zone(ret, zone);
	return true;
}

/* The time of day is the next word. */
static bool read_clock(struct cursor *line, int64_t day, struct log_date *ret)
{
	struct stamp_zone zone;
	size_t len;
	const uint8_t *clock = log_word(line, &len);

	if (clock == NULL || len > STAMP_TEXT_MAX ||
	    !stamp_parse_clock((const char *)clock, len, day, &ret->time, &zone))
		return false;
	take_zone(ret, zone);
	return true;
}

/* "[1122214615]" */
static bool read_epoch(const uint8_t *word, size_t len, struct log_date *ret)
{
	ret->zoned = true;
	return word[len - 1] == ']' &&
	       stamp_parse_epoch((const char *)&word[1], len - 2, &ret->time);
}

/* "2005-07-24" or "2005/07/24" */
static bool read_numbers(const uint8_t *word, int64_t *ret_day)
{
	char date[STAMP_DAY_BYTES];

	memcpy(date, word, sizeof(date));
	if (date[4] == '/' && date[7] == '/')
		date[4] = date[7] = '-';
	return stamp_parse_day(date, ret_day);
}

bool log_date_read(struct cursor *line, struct log_date *ret)
{
	size_t len;
	const uint8_t *word = log_word(line, &len);
	int64_t day;

	*ret = (struct log_date){ .zoned = false };
	if (word == NULL)
		return false;
	if (len > 2 && word[0] == '[')
		return read_epoch(word, len, ret);
	if (len == 3) { /* Jul 24 */
		const unsigned month = month_of(word);

		word = log_word(line, &len);
		ret->yearless = true;
		return word != NULL &&
		       stamp_day_of(LEAP_YEAR, month, number_of(word, len, 2), &day) &&
		       read_clock(line, day, ret);
	}
	if (len == 11 && word[2] == '-' && word[6] == '-') /* 24-Jul-2005 */
		return stamp_day_of(number_of(&word[7], 4, 4), month_of(&word[3]),
			   number_of(word, 2, 2), &day) &&
		       read_clock(line, day, ret);
	if (len == STAMP_DAY_BYTES)
		return read_numbers(word, &day) && read_clock(line, day, ret);
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

/*
 * Where the row before of the same day was moved to, if that is no earlier than from_s, and less
 * than a year behind: then no year between would do, and there is nothing to reckon.
 */
static bool move_as_before(const struct log_time *t, struct stamp *s, int64_t from_s)
{
	const struct stamp moved = { s->ns + t->moved_days * NS_PER_DAY, s->digits };

	if (t->moved_days == 0 || stamp_day(s->ns) != t->moved_day || seconds_of(moved) < from_s ||
	    seconds_of(moved) >= from_s + 365 * S_PER_DAY)
		return false;
	*s = moved;
	return true;
}

/* The first year that puts it no earlier than from_s. */
static bool move_behind(struct log_time *t, struct stamp *s, int64_t from_s)
{
	int64_t year;

	if (move_as_before(t, s, from_s))
		return true;
	year = year_of(from_s);
	for (int64_t y = year; y < year + YEARS_TRIED; y++) {
		struct stamp moved = *s;

		if (move_to_year(&moved, y) && seconds_of(moved) >= from_s) {
			t->moved_day = stamp_day(s->ns);
			t->moved_days = stamp_day(moved.ns) - t->moved_day;
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

	if (t->started && !move_behind(t, local, t->last_s - BACK_S))
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
