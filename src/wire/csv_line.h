/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line of a table with quotes around fields that need them (RFC 4180), or without any. */
#ifndef WIRE_CSV_LINE_H
#define WIRE_CSV_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

struct csv_cell {
	const uint8_t *bytes; /* borrowed from the line; without the quotes around it */
	size_t len;
	bool is_doubled; /* quotes inside it are still written twice */
};

/*
 * Cut the line at each separator outside quotes; spaces around a field are no part of it. The
 * first max fields are written; *ret_count is of all, at least 1. False: a quote is left open, as
 * where a field goes on in the next line, or something follows a closing quote.
 */
bool csv_line_read(const uint8_t *line, size_t len, uint8_t separator, struct csv_cell *cells,
    size_t max, size_t *ret_count) MUST_USE;

#endif
