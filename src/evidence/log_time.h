/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The date that begins a line of a text log, in the forms that daemons and syslog write:
 *
 *	Jul 24 14:16:55                     syslog (RFC 3164): no year, no zone
 *	24-Jul-2005 14:16:55.123            BIND: no zone
 *	2005-07-24T14:16:55.123+02:00       ISO 8601, with or without zone; a space for the T
 *	2005/07/24 14:16:55.123456          Go's log package: no zone
 *	[1122214615]                        Unbound: seconds of UTC
 *
 * What is missing comes from around it: the zone from the user, or else it is UTC; the year from
 * the rows before, from the user, or from the file's date. What was assumed is counted in health:
 * also rows of another zone than the first row's, and an hour that a log without zones has twice.
 */
#ifndef EVIDENCE_LOG_TIME_H
#define EVIDENCE_LOG_TIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/cursor.h"
#include "base/stamp.h"
#include "evidence/health.h"
#include "evidence/hints.h"

/* A date as it stands on the line. */
struct log_date {
	struct stamp time; /* taken as UTC where it has no zone; without a year as one of 2000 */
	bool zoned;
	bool yearless;
	int64_t east_s; /* the zone that it names; 0 for none */
};

/* What one log's dates have said so far. Begins as zeros, but for hints and health (not NULL). */
struct log_time {
	struct hints hints;
	struct health *health;
	bool started;       /* a row has been read */
	bool told;          /* the year was found in the log or said by the user */
	int64_t last_s;     /* of that row, as written */
	int64_t moved_day;  /* of the last row that was moved to its year, before that */
	int64_t moved_days; /* that it was moved by; 0: none was */

	/* how the clock of the log behaves */
	bool first_zoned; /* of the first row, valid once compared */
	int64_t first_east_s;
	bool compared;
	bool clocked;    /* a row without a zone has been read */
	int64_t clock_s; /* its time, as written */
	bool repeating;  /* the hour under way has been there before */
	int64_t repeated_until_s;
};

/* The next word of a line, between spaces; NULL at the end. */
static inline const uint8_t *log_word(struct cursor *line, size_t *ret_len)
{
	while (cursor_left(line) > 0 && line->base[line->pos] == ' ')
		line->pos++;
	return cursor_until(line, ' ', ret_len);
}

/* A date of ISO 8601, whole, into an initialized *ret, whose year stays in doubt if it was. */
bool log_date_iso(const char *text, size_t len, struct log_date *ret) MUST_USE;

/* Read the date and step behind it. False: the line begins with none. */
bool log_date_read(struct cursor *line, struct log_date *ret) MUST_USE;

/*
 * The point in time of a date. False, *ret untouched: it has no year, and there is nothing to
 * find it by.
 */
bool log_time_of(struct log_time *t, const struct log_date *d, struct stamp *ret) MUST_USE;

/*
 * For the kind's header(), whose lines come once more when a log has grown: remember when the
 * line is of, whether or not it turns out to be a row. Nothing is counted.
 */
void log_time_note(struct log_time *t, const struct log_date *d);

#endif
