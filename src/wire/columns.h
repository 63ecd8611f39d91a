/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line of a text log, cut at a separator byte. */
#ifndef WIRE_COLUMNS_H
#define WIRE_COLUMNS_H

#include <stddef.h>
#include <stdint.h>

struct column {
	const uint8_t *bytes; /* borrowed from the line */
	size_t len;
};

/*
 * Cut the line at every separator. The first max columns are written; the number returned is of
 * all, at least 1, for an empty line is one empty column.
 */
size_t columns_split(
    const uint8_t *line, size_t len, uint8_t separator, struct column *columns, size_t max);

#endif
