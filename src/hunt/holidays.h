/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The user's list of days on which people of one place do not work, as plain dates:
 *
 *   # a comment, to the end of the line
 *   2016-05-16
 *   2016-06-03,Midsummer      what stands behind a comma, a blank or a tab is not read
 */
#ifndef HUNT_HOLIDAYS_H
#define HUNT_HOLIDAYS_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

#define HOLIDAYS_MAX 1000 /* days of a file: a century of ten a year */

struct holidays {
	const int64_t *days; /* since 1970-01-01; sorted, each once */
	size_t count;
};

/*
 * Read the list into *memory. A first line that begins with "date" is a heading. Any other line that
 * does not begin with a date of the calendar is an error that gives its number.
 */
bool holidays_read(
    const char *path, struct arena *memory, struct holidays *ret, struct err *reterr) MUST_USE;

/* The date at the head of a line of len bytes, YYYY-MM-DD, years 1678 to 2262. False: none. */
bool holidays_parse(const char *text, size_t len, int64_t *ret_day) MUST_USE;

#endif
