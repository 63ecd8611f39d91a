/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A calendar as a table: see calendar.h. Quotes as in RFC 4180. */
#ifndef CALENDAR_CSV_H
#define CALENDAR_CSV_H

#include "calendar/calendar.h"

bool csv_read(
    struct cursor *text, struct arena *memory, struct calendar *ret, struct err *reterr) MUST_USE;

#endif
