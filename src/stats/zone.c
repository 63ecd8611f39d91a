/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/zone.h"

#include "base/stamp.h"

/* The nth Sunday of a month, the first being 1; 0: the last of a month of 31 days. */
static int64_t sunday(int64_t year, unsigned month, unsigned nth)
{
	int64_t day = stamp_days_of(year, month, nth == 0 ? 25 : 1 + 7 * (nth - 1));

	return day + 6 - stamp_weekday(day);
}

bool zone_is_summer(enum zone_rule rule, int64_t day)
{
	int64_t year;
	unsigned month, of_month;

	stamp_date_of(day, &year, &month, &of_month);
	switch (rule) {
	case ZONE_EU:
		return day >= sunday(year, 3, 0) && day < sunday(year, 10, 0);
	case ZONE_US:
		return day >= sunday(year, 3, 2) && day < sunday(year, 11, 1);
	case ZONE_AU:
		return day < sunday(year, 4, 1) || day >= sunday(year, 10, 1);
	case ZONE_STEADY:
		break;
	}
	return false;
}
