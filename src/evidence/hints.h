/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is known of a source besides its bytes, for logs that write times without a year or a
 * zone: what the user said, and the date of the file. Zeros: nothing is known.
 */
#ifndef EVIDENCE_HINTS_H
#define EVIDENCE_HINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

#define HINTS_YEAR_MIN 1970
#define HINTS_YEAR_MAX 2261 /* the last one that nanoseconds in 64 bits hold as a whole */

struct table_map;
struct zone;

struct hints {
	int64_t year;   /* of the first row that has none, as the user says; 0: not said */
	bool zoned;     /* the user named the zone of local times */
	int64_t east_s; /* that zone, in seconds east of UTC */
	const struct zone *place;    /* that zone where it changes, in place of east_s; borrowed */
	bool dated;                  /* the source is a file, which has a date */
	int64_t file_s;              /* when it was last written, in seconds since 1970 UTC */
	const struct table_map *map; /* of tables of no known format; NULL: not said; borrowed */
};

/*
 * Read the zone: "UTC", "Z", "+hh:mm", "+hhmm" or "+hh". False, *h untouched: none of these. Names
 * of places are zone.h's.
 */
bool hints_set_zone(struct hints *h, const char *text) MUST_USE;

#endif
