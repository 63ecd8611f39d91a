/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two addresses, one machine? Visits of the one that have a visit of the other near them, against
 * the same with the other's days exchanged. Null: two independent peers with the same hours,
 * weekdays and seasons. More than that: one cause triggers both. Less: one look-up keeps the
 * other back, as a cache does that both share. Innocent mechanism behind the null: two offices,
 * or two people, of like habits.
 */
#ifndef STATS_JOINT_DAYS_H
#define STATS_JOINT_DAYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

/* Near: within so many seconds (and, for less than chance, within .9 of a shared TTL). */
#define JOINT_WINDOWS                                                                              \
	{                                                                                          \
		10, 120, 600                                                                       \
	}

#define JOINT_DAYS_MIN 6 /* on which both are seen; fewer: not tested */

struct joint_input {
	const double *a_s; /* starts of visits, sorted */
	size_t a_count;
	const double *b_s;
	size_t b_count;
	double ttl_s; /* of a cache that they might share; 0: not asked */
	uint64_t seed;
	uint64_t series;
};

struct joint_result {
	bool tested;
	double p;          /* of independence: twice the smaller of the two, at most 1 */
	double p_together; /* over the windows (Bonferroni) */
	double p_apart;    /* 1 where no TTL was given */
	double window_s;   /* where p_together is smallest */
	double near_share; /* of a's visits in that window of one of b's */
	double expected;   /* the same with b's days exchanged */
};

/* False: out of memory. */
bool joint_days_test(
    const struct joint_input *in, struct joint_result *ret, struct err *reterr) MUST_USE;

#endif
