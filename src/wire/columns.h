/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line of a text log, cut at a separator byte. */
#ifndef WIRE_COLUMNS_H
#define WIRE_COLUMNS_H

#include <stddef.h>
#include <stdint.h>

#include "base/swar.h"

/*
 * Cut the line, of less than 4 GiB, at every separator. The offsets at which the first max
 * columns end are written; the number returned is of all, at least 1, for an empty line is one
 * empty column.
 */
size_t columns_split(
    const uint8_t *line, size_t len, uint8_t separator, uint32_t *ends, size_t max);

struct column {
	const uint8_t *bytes; /* borrowed from the line */
	size_t len;
};

/* A column that was written, by its number from 0. */
static inline struct column column_of(const uint8_t *line, const uint32_t *ends, size_t number)
{
	size_t start = number == 0 ? 0 : ends[number - 1] + (size_t)1;

	return (struct column){ .bytes = &line[start], .len = ends[number] - start };
}

/* Where the column that begins at ends: at the next separator, or at len. */
static inline size_t column_end(const uint8_t *line, size_t at, size_t len, uint8_t separator)
{
	const uint64_t fill = swar_fill(separator);
	uint64_t marks;

	for (; len - at >= SWAR_BYTES; at += SWAR_BYTES) {
		marks = swar_zeros(swar_load(&line[at]) ^ fill);
		if (marks != 0)
			return at + swar_first(marks);
	}
	while (at < len && line[at] != separator)
		at++;
	return at;
}

#endif
