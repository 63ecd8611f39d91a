/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which values a report has otherwise than one that was made anew from the evidence. */
#ifndef REPORT_DIFFER_H
#define REPORT_DIFFER_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/buf.h"

/* So many are named; the others are counted. */
#define DIFFER_NAMED_MAX 20

/*
 * Append a line for each value of *file, which may be any bytes, that *made, which this program
 * wrote, has otherwise: where it stands, what the file has, what the evidence gives. Values are
 * compared as long as both have the same around them; where they no longer do, that is said and
 * ends it. True, and nothing appended: they are the same bytes.
 */
bool differ_say(struct buf *out, const struct buf *file, const struct buf *made) MUST_USE;

#endif
