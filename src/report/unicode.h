/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * UTF-8 from evidence, one code point at a time, and which of them must never reach a reader as
 * they are: those that steer a terminal, turn the direction of the text or cannot be seen.
 */
#ifndef REPORT_UNICODE_H
#define REPORT_UNICODE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"

#define UNICODE_REPLACEMENT 0xfffdu
#define UNICODE_UTF8_MAX    4 /* bytes of one code point */

/*
 * The code point at the cursor, which stands behind it afterwards. Bytes that are not UTF-8 are
 * read as UNICODE_REPLACEMENT, one for each longest part that begins a well-formed sequence
 * (Unicode 15, 3.9, "Substitution of Maximal Subparts"). The cursor must not be at its end.
 */
uint32_t unicode_next(struct cursor *c);

/* Write a code point as UTF-8; returns the number of bytes. */
unsigned unicode_put(uint32_t code, uint8_t bytes[static UNICODE_UTF8_MAX]);

/* Controls (C0, DEL, C1), bidi marks, separators, and marks without a shape of their own. */
bool unicode_is_hidden(uint32_t code);

#endif
