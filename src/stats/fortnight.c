/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/fortnight.h"

#include "stats/exposure.h"

#define SIX_HOURS(cell) (cell), (cell) + 1, (cell) + 2, (cell) + 3, (cell) + 4, (cell) + 5
#define DAY(cell)                                                                                  \
	SIX_HOURS(cell), SIX_HOURS((cell) + 6), SIX_HOURS((cell) + 12), SIX_HOURS((cell) + 18)
#define EVEN_WEEKDAY DAY(0)
#define EVEN_WEEKEND DAY(24)
#define ODD_WEEKDAY  DAY(CELL_COUNT)
#define ODD_WEEKEND  DAY(CELL_COUNT + 24)

/* Monday 1969-12-29 is day -3: odd. */
const uint8_t fortnight_cells[FORTNIGHT_HOURS] = {
	ODD_WEEKDAY,
	EVEN_WEEKDAY,
	ODD_WEEKDAY,
	EVEN_WEEKDAY,
	ODD_WEEKDAY,
	EVEN_WEEKEND,
	ODD_WEEKEND,
	EVEN_WEEKDAY,
	ODD_WEEKDAY,
	EVEN_WEEKDAY,
	ODD_WEEKDAY,
	EVEN_WEEKDAY,
	ODD_WEEKEND,
	EVEN_WEEKEND,
};
