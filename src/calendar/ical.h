/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A calendar as iCalendar (RFC 5545): DTSTART and SUMMARY of each VEVENT. */
#ifndef CALENDAR_ICAL_H
#define CALENDAR_ICAL_H

#include "calendar/calendar.h"

/* Does the text begin as one? */
bool ical_probe(const struct cursor *text);

bool ical_read(
    struct cursor *text, struct arena *memory, struct calendar *ret, struct err *reterr) MUST_USE;

#endif
