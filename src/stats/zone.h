/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Time zones as a test can see them: an offset from UTC and a rule by which clocks go an hour
 * forward in summer. Rules are named by where they were made; many countries keep each of them,
 * and no country follows from one.
 */
#ifndef STATS_ZONE_H
#define STATS_ZONE_H

#include <stdbool.h>
#include <stdint.h>

#define ZONE_OFFSET_MIN_QUARTERS (-48) /* -12:00 */
#define ZONE_OFFSETS             105   /* to +14:00 by a quarter of an hour */

enum zone_rule {
	ZONE_STEADY, /* no summer time */
	ZONE_EU,     /* last Sunday of March to last Sunday of October */
	ZONE_US,     /* second Sunday of March to first Sunday of November */
	ZONE_AU,     /* first Sunday of October to first Sunday of April */
};
#define ZONE_RULES 4

/*
 * Is UTC day `day` (since 1970-01-01) one of summer time? Whole days, from the Sunday on: the true
 * hour of the change differs by zone, but lies on a local Sunday in all of them, as 00:00 UTC of
 * that Sunday lies on a local Saturday or Sunday; the working week is the same either way. The
 * rules are those of 1996 (EU), 2007 (US) and 2008 (AU) and later.
 */
bool zone_is_summer(enum zone_rule rule, int64_t day);

/* Minutes east of UTC of an index below ZONE_OFFSETS, summer time not regarded. */
static inline int zone_offset_min(unsigned index)
{
	return 15 * ((int)index + ZONE_OFFSET_MIN_QUARTERS);
}

#endif
