/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Series with and without working hours for the validation of the tests of hours: written from
 * what people and machines do, not from the tests' null. Visit times in seconds, sorted.
 */
#ifndef VALIDATE_WEEKS_H
#define VALIDATE_WEEKS_H

#include <stddef.h>

#include "base/philox.h"
#include "stats/zone.h"

#define WEEKS_VISITS_MAX 20000
#define WEEKS_FIRST_DAY  16924 /* Wednesday 2016-05-04 */

enum week_kind {
	WEEK_BURSTS,        /* 40 bursts of 15 visits at any time */
	WEEK_SESSIONS,      /* 100 sessions of 3 hours at any time, 6 visits each */
	WEEK_CACHED,        /* two requests an hour behind a cache of an hour */
	WEEK_STEADY,        /* every hour, 5 % jitter */
	WEEK_CAMPAIGNS,     /* 8 stretches of two days, 40 visits each */
	WEEK_OFFICE,        /* visits in working hours, a share e at any time */
	WEEK_GROUPS,        /* the same in sessions of 4 visits within an hour */
	WEEK_CACHED_OFFICE, /* five requests an hour behind a cache of an hour; e: at night */
	WEEK_EARLY,         /* as office, each hour an hour early */
	WEEK_SQUARE,        /* 9 to 17 sharp, no lunch */
	WEEK_BOTH,          /* a share of the visits by either of two zones' hours */
	WEEK_OVERLAP,       /* only when it is working time in both zones */
	WEEK_EVENING,       /* 18 to 23 every day, 10 to 23 at weekends */
	WEEK_NIGHTLY,       /* at 03:10 every day, within ten minutes */
	WEEK_MIMIC,         /* a channel that keeps the day cycle of an office network */
};

struct week_model {
	const char *name;
	enum week_kind kind;
	unsigned days;
	double visits;     /* expected */
	double background; /* e */
	int offset_min;    /* of the zone, winter */
	enum zone_rule rule;
	int other_min; /* of the other zone, for two */
};

/* ret_s has room for WEEKS_VISITS_MAX. Returns how many visits there are. */
size_t week_draw(const struct week_model *m, struct philox *random, double *ret_s);

#endif
