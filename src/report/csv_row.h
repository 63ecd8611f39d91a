/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A row of comma-separated values (RFC 4180). Text is quoted, what is hidden in it made visible,
 * and a text that a spreadsheet would take for a formula gets an apostrophe before it.
 */
#ifndef REPORT_CSV_ROW_H
#define REPORT_CSV_ROW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/stamp.h"
#include "contact/endpoint.h"

/* A zeroed row but for out is at its beginning. */
struct csv_row {
	struct buf *out; /* borrowed */
	bool begun;
};

void csv_row_text(struct csv_row *r, const char *text); /* NULL: an empty cell */
void csv_row_bytes(struct csv_row *r, const void *bytes, size_t len);
void csv_row_endpoint(struct csv_row *r, const struct endpoint *e);
void csv_row_number(struct csv_row *r, double value); /* empty unless finite */
void csv_row_count(struct csv_row *r, uint64_t value);
void csv_row_time(struct csv_row *r, struct stamp s); /* ISO 8601 */
void csv_row_end(struct csv_row *r);

#endif
