/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The first design correlated the week with the template by FFT, once for each share of
 * background. But the template takes seven values only: with sums over the five workdays made
 * first, and running sums of those, each level at each shift costs two differences, and all
 * shares of background are then had from the same seven numbers.
 */
#include "stats/workday.h"

#define LUNCH 5
#define FULL  6

const double workday_value[WORKDAY_LEVELS] = { 0, .125, .375, .625, .875, .7, 1 };

#define FOUR(x)  (x), (x), (x), (x)
#define EIGHT(x) FOUR(x), FOUR(x)
#define NIGHT    EIGHT(0), EIGHT(0), EIGHT(0), EIGHT(0)
#define WORKDAY                                                                                    \
	NIGHT, 1, 2, 3, 4, EIGHT(FULL), EIGHT(FULL), FOUR(LUNCH), EIGHT(FULL), EIGHT(FULL), 4, 3,  \
	    2, 1, EIGHT(0), EIGHT(0), FOUR(0)
#define DAY_OFF NIGHT, NIGHT, NIGHT

const uint8_t workday_level[WEEK_QUARTERS] = {
	WORKDAY,
	WORKDAY,
	WORKDAY,
	WORKDAY,
	WORKDAY,
	DAY_OFF,
	DAY_OFF,
};

static unsigned in_week(int quarter)
{
	quarter %= WEEK_QUARTERS;
	return (unsigned)(quarter < 0 ? quarter + WEEK_QUARTERS : quarter);
}

void workday_sums(const double weight[static WEEK_QUARTERS], int first, unsigned shifts,
    double (*ret)[WORKDAY_LEVELS])
{
	double five[WEEK_QUARTERS]; /* a quarter and the same of the next four days */
	double upto[WEEK_QUARTERS + DAY_QUARTERS]; /* running sums of five, a day beyond the week */
	double sum = 0;

	for (unsigned q = 0; q < WEEK_QUARTERS; q++) {
		five[q] = 0;
		for (unsigned day = 0; day < 5; day++)
			five[q] += weight[(q + day * DAY_QUARTERS) % WEEK_QUARTERS];
	}
	for (unsigned q = 0; q < WEEK_QUARTERS + DAY_QUARTERS; q++) {
		upto[q] = sum;
		sum += five[q % WEEK_QUARTERS];
	}
	for (unsigned s = 0; s < shifts; s++) {
		/* where Monday 08:00 of local time stands in the week of the weights */
		unsigned at = in_week(32 - first - (int)s);

		ret[s][0] = 0;
		for (unsigned step = 0; step < 4; step++)
			ret[s][step + 1] = five[(at + step) % WEEK_QUARTERS] +
					   five[(at + 43 - step) % WEEK_QUARTERS];
		ret[s][LUNCH] = upto[at + 24] - upto[at + 20];
		ret[s][FULL] = upto[at + 40] - upto[at + 4] - ret[s][LUNCH];
	}
}
