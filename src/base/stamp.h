/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Points in time: nanoseconds since 1970-01-01 00:00 UTC without leap seconds, with the number
 * of fractional digits that the source wrote. Always UTC; no clock is read here.
 */
#ifndef BASE_STAMP_H
#define BASE_STAMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

#define NS_PER_S   INT64_C(1000000000)
#define S_PER_DAY  INT64_C(86400)
#define NS_PER_DAY (S_PER_DAY * NS_PER_S)

/* What nanoseconds in 64 bits can hold, in whole seconds: years 1678 to 2262. */
#define STAMP_MAX_S INT64_C(9223372035)

struct stamp {
	int64_t ns;
	uint8_t digits; /* 0 to 9 after the decimal point */
};

#define STAMP_TEXT_MAX 40 /* either form, with the NUL */

/*
 * Read "1313403271.120525", also with a sign. More than nine digits after the point are cut.
 * False, *ret untouched: anything else, or out of range.
 */
bool stamp_parse_epoch(const char *text, size_t len, struct stamp *ret) MUST_USE;

/* What a text says of the zone that its time is of. */
struct stamp_zone {
	bool is_named;
	int64_t east_s; /* seconds east of UTC; 0 where none is named */
};

/*
 * Read ISO 8601 "2017-04-07T22:24:37.251547Z": 'T' or a space, a fraction after '.' or ',',
 * zone Z, +hh:mm, +hhmm or +hh. A text without a zone is taken as UTC; *ret_zone, which may
 * be NULL, says so. Second 60 becomes 59.999...: leap seconds do not exist here.
 */
bool stamp_parse_iso(
    const char *text, size_t len, struct stamp *ret, struct stamp_zone *ret_zone) MUST_USE;

#define STAMP_DAY_BYTES   10
#define STAMP_CLOCK_BYTES 8

/* The two halves of it: "2017-04-07", in days since 1970-01-01, and the rest, of a day so given. */
bool stamp_parse_day(const char text[static STAMP_DAY_BYTES], int64_t *ret) MUST_USE;
bool stamp_parse_clock(const char *text, size_t len, int64_t day, struct stamp *ret,
    struct stamp_zone *ret_zone) MUST_USE;

/* "1313403271.120525" with s.digits digits. Returns the length; a NUL follows. */
size_t stamp_format_epoch(struct stamp s, char text[static STAMP_TEXT_MAX]);

/* "2017-04-07T22:24:37.251547Z" with s.digits digits. Returns the length; a NUL follows. */
size_t stamp_format_iso(struct stamp s, char text[static STAMP_TEXT_MAX]);

/* Days since 1970-01-01 of a date of the Gregorian calendar, month 1-12, and back. */
int64_t stamp_days_of(int64_t year, unsigned month, unsigned day);
void stamp_date_of(int64_t days, int64_t *ret_year, unsigned *ret_month, unsigned *ret_day);

/* The same for a date that may be none, or beyond what a stamp holds: then false. */
bool stamp_day_of(int64_t year, unsigned month, unsigned day, int64_t *ret) MUST_USE;

/* Whole days since 1970-01-01, rounded down. */
static inline int64_t stamp_day(int64_t ns)
{
	return ns / NS_PER_DAY - (ns % NS_PER_DAY < 0);
}

/* Monday is 0. */
static inline unsigned stamp_weekday(int64_t day)
{
	return (unsigned)(((day + 3) % 7 + 7) % 7);
}

#endif
