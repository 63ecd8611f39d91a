/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A row of a Zeek log has two dozen columns of a few bytes, so that a memchr() for each costs
 * more than it saves: one pass over words of eight bytes marks all separators of the line.
 */
#include "wire/columns.h"

#include "wire/swar.h"

/* The line so far: the column under way begins at start. */
struct cut {
	const uint8_t *line;
	size_t start;
	struct column *columns;
	size_t max;
	size_t count;
};

static inline void end_column(struct cut *c, size_t at)
{
	if (c->count < c->max)
		c->columns[c->count] =
		    (struct column){ .bytes = &c->line[c->start], .len = at - c->start };
	c->count++;
	c->start = at + 1;
}

size_t columns_split(
    const uint8_t *line, size_t len, uint8_t separator, struct column *columns, size_t max)
{
	struct cut c = { .line = line, .columns = columns, .max = max };
	uint64_t fill = swar_fill(separator);
	size_t at = 0;

	for (; len - at >= SWAR_BYTES; at += SWAR_BYTES) {
		uint64_t mask = swar_zeros(swar_load(&line[at]) ^ fill);

		for (; mask != 0; mask &= mask - 1)
			end_column(&c, at + swar_first(mask));
	}
	for (; at < len; at++)
		if (line[at] == separator)
			end_column(&c, at);
	end_column(&c, len);
	return c.count;
}
