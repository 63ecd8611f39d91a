/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * JSON (RFC 8259) written as it is called, without spaces, keys in the order written. Strings
 * may be any bytes: what could steer a terminal or mislead an eye is escaped, so that the output
 * is safe to look at. Numbers do not depend on the locale.
 *
 * Calls that do not make JSON (a value in a map without its key, an end too many) are errors of
 * the program and assert. Loss for lack of memory shows in buf_ok() of the buffer.
 */
#ifndef REPORT_PRINTER_H
#define REPORT_PRINTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/stamp.h"

#define PRINTER_DEPTH_MAX 16

struct printer {
	struct buf *out; /* borrowed */
	unsigned depth;
	bool in_map[PRINTER_DEPTH_MAX + 1];
	bool comma;     /* the next key or value is not the first */
	bool after_key; /* a key waits for its value */
};

void printer_init(struct printer *p, struct buf *out);

void printer_begin_map(struct printer *p);
void printer_begin_list(struct printer *p);
void printer_end(struct printer *p); /* of the innermost map or list */
void printer_map_key(struct printer *p, const char *key);

/* Any bytes; those that are not UTF-8 become U+FFFD. */
void printer_string_len(struct printer *p, const void *bytes, size_t len);
void printer_string(struct printer *p, const char *text); /* NULL prints null */

void printer_uinteger(struct printer *p, uint64_t value);
void printer_integer(struct printer *p, int64_t value);
void printer_number(struct printer *p, double value); /* 6 significant digits; null unless finite */
void printer_boolean(struct printer *p, bool value);
void printer_null(struct printer *p);

/* At the precision of the source: a string in ISO 8601, or a number of seconds since 1970. */
void printer_time(struct printer *p, struct stamp s);
void printer_epoch(struct printer *p, struct stamp s);

/* A value that a printer wrote before: its bytes as they are. */
void printer_raw(struct printer *p, const void *bytes, size_t len);

/* End the line of a whole value: JSON Lines. */
void printer_line(struct printer *p);

#endif
