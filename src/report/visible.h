/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text from evidence in a form that can be looked at: nothing in it acts, nothing hides. */
#ifndef REPORT_VISIBLE_H
#define REPORT_VISIBLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/cursor.h"

#define VISIBLE_MAX 20 /* one step, with the NUL */

/*
 * The next character at the cursor, which must not be at its end: itself in UTF-8, or \u202e for
 * one that is hidden (unicode.h), or \xff for bytes that are not UTF-8. ascii: also for all
 * beyond ASCII. Returns the length of text.
 */
size_t visible_next(struct cursor *c, bool ascii, char text[static VISIBLE_MAX]);

void visible_put(struct buf *out, const void *bytes, size_t len, bool ascii);

/* The same, at most width characters: the middle gives way to "[...]". */
void visible_elide(struct buf *out, const void *bytes, size_t len, bool ascii, size_t width);

/* How many characters visible_put() writes. */
size_t visible_width(const void *bytes, size_t len, bool ascii);

#endif
