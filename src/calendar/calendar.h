/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A list of dated outside events, by which the user asks whether contacts come near them: a table
 * in CSV, or an iCalendar file (RFC 5545). What makes such a question honest is said in two
 * comments of the table, and a list without them is marked so (lodestone-hunt(1)):
 *
 *   # made: 2016-04-30        before the record ended, so that it could not be read off it
 *   # pool: complete          or the file of all events that it was picked from
 *   time,label
 *   2016-07-08,"council meets, first day"
 *
 * The file is the user's own, so what cannot be read is an error that names its line: a test of
 * a list of which a part was skipped would answer another question.
 */
#ifndef CALENDAR_CALENDAR_H
#define CALENDAR_CALENDAR_H

#include "base/arena.h"
#include "base/cursor.h"
#include "base/digest.h"
#include "base/err.h"

struct calendar_event {
	int64_t day; /* since 1970-01-01 */
	const char *label;
};

enum calendar_pool {
	CALENDAR_POOL_UNSTATED,
	CALENDAR_POOL_COMPLETE, /* the list is all there is */
	CALENDAR_POOL_LISTED,   /* in another file */
};

/* All memory is in the arena that it was read into. */
struct calendar {
	struct calendar_event *events; /* as they stand in the file */
	size_t count;
	size_t capacity;
	bool made_known;
	int64_t made_day;
	enum calendar_pool pool;
	const char *pool_path; /* as written, with CALENDAR_POOL_LISTED */
	const struct calendar_event *pool_events;
	size_t pool_count;
	struct digest digest; /* of the file */
};

/*
 * Read the list and, where it names one, its pool, whose path starts from the folder of the list.
 * False: a file cannot be read, a line cannot be understood, there are no events, or the pool
 * has fewer events than the list.
 */
bool calendar_read(
    const char *path, struct arena *memory, struct calendar *ret, struct err *reterr) MUST_USE;

/* The same for bytes in memory, without the pool's file; reterr->text does not name the file. */
bool calendar_parse(const void *bytes, size_t len, struct arena *memory, struct calendar *ret,
    struct err *reterr) MUST_USE;

/* Add an event; the label is copied, at most LIMIT_CALENDAR_LABEL_BYTES of it. */
bool calendar_add(struct calendar *c, struct arena *memory, int64_t day, const char *label,
    size_t len, struct err *reterr) MUST_USE;

/* "2016-07-08", or a whole time in ISO 8601: its day in UTC. */
bool calendar_parse_day(const char *text, size_t len, int64_t *ret) MUST_USE;

#endif
