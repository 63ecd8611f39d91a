/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the program says to its user, on standard error: "lodestone: cannot open 'x'". Lower
 * case, no full stop; the text names the file, where, why, and what to do. Bytes of foreign
 * origin that could steer a terminal are escaped here.
 */
#ifndef CLI_DIAG_H
#define CLI_DIAG_H

#include <stddef.h>

#include "base/attr.h"
#include "base/err.h"

void diag_say(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* The text of an error, with its offset. */
void diag_err(const struct err *e);

/*
 * text with what is hidden or no UTF-8 as \xHH, cut to fit, NUL-terminated; a newline too, so
 * that one message is one line. Returns its length.
 */
size_t diag_escape(const char *text, char *ret, size_t size);

#endif
