/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a time stands in its fortnight: the shortest stretch in which every day of the week is
 * once a day of even and once one of odd number. Every rate and every tally goes through here
 * for each event of each surrogate, so it is inline and costs one division.
 */
#ifndef STATS_FORTNIGHT_H
#define STATS_FORTNIGHT_H

#include <stdint.h>

#define FORTNIGHT_HOURS 336
#define HOUR_S          3600.0
#define DAY_S           86400.0
#define FORTNIGHT_S     (FORTNIGHT_HOURS * HOUR_S)

/* Fortnight 0 begins on Monday 1969-12-29. */
#define FORTNIGHT_ORIGIN_S (-3 * DAY_S)

struct moment {
	int64_t fortnight;
	unsigned hour; /* of the fortnight */
	double into_s; /* the hour */
};

/* The cell of each hour, with its fold (exposure.h). */
extern const uint8_t fortnight_cells[FORTNIGHT_HOURS];

/* floor(), which the plain x86-64 instruction set lacks and a call costs more than all else. */
static inline int64_t round_down(double x)
{
	int64_t whole = (int64_t)x;

	return whole - ((double)whole > x);
}

/* t_s: any time that 64-bit nanoseconds can tell, and more. */
static inline struct moment fortnight_moment(double t_s)
{
	double since_s = t_s - FORTNIGHT_ORIGIN_S;
	int64_t hours = round_down(since_s / HOUR_S);
	int64_t fortnight = hours / FORTNIGHT_HOURS;
	int64_t hour = hours % FORTNIGHT_HOURS;

	if (hour < 0) {
		hour += FORTNIGHT_HOURS;
		fortnight--;
	}
	return (struct moment){ fortnight, (unsigned)hour, since_s - (double)hours * HOUR_S };
}

#endif
