/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Do contacts come near the dates of the user's list of outside events? Whether that may be
 * tested is decided here (METHODS 2.e): a list that was made after the record ended, or does not
 * say what it was picked from, fits any record that it was chosen for.
 */
#ifndef HUNT_EVENTS_H
#define HUNT_EVENTS_H

#include "base/arena.h"
#include "calendar/calendar.h"
#include "finding/finding.h"
#include "hunt/trace.h"
#include "stats/exposure.h"

/*
 * Fill ret; changes is the same finding's, already filled. list may be NULL: none was given. The
 * record is the exposure's span. Memory is the arena's; labels are borrowed from the list.
 */
bool events_fill(const struct trace *t, const struct exposure *e, const struct calendar *list,
    const struct test_changes *changes, struct arena *memory, struct test_events *ret,
    struct err *reterr) MUST_USE;

/* The same test alone, for the ranking. */
struct events_answer {
	double
	    p; /* NAN: it may not be tested, or the list does not say when it was made and of what */
	double met; /* share of the dates with contacts on the day or the next */
};

/* False: out of memory. */
bool events_ask(const struct trace *t, const struct exposure *e, const struct calendar *list,
    struct events_answer *ret, struct err *reterr) MUST_USE;

#endif
