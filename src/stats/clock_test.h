/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * p_clock: is a series locked to a clock? A cache, a sleep timer and people all forget the clock,
 * each in one of two ways, and both must be refuted:
 *   exchange  the order of the gaps within a run means nothing (sleep timers, one cache, Poisson
 *             clients): true gaps keep the beat that other days have, the same gaps in another
 *             order do not;
 *   rotation  the phase of a day's visits does not hang on the phase of the days before yesterday
 *             (several caches, office hours, people): each day could be moved as a whole.
 */
#ifndef STATS_CLOCK_TEST_H
#define STATS_CLOCK_TEST_H

#include <stdint.h>

#include "base/philox.h"
#include "stats/monte_carlo.h"
#include "stats/profile.h"

/* A cosine by 1024th (a power of 2) of a turn: phases are not needed more finely. */
#define CLOCK_TURN 1024
struct clock_wheel {
	float cosine[CLOCK_TURN];
};

void clock_test_init(struct clock_wheel *wheel);

#define CLOCK_VISITS_MIN 10
#define CLOCK_DAYS_MIN   4
#define CLOCK_PERIOD_MAX 14400.0 /* s: a longer beat is one that keeps its minute, too */

/* What is tested: sorted visits, at least LIMIT_VISIT_SPAN_S apart (visits_thin()). */
struct clock_input {
	const double *visits_s;
	size_t count;
	double
	    dead_s; /* of the cache in front, for the hours alone: LIMIT_VISIT_SPAN_S or the TTL */
	double ttl_s; /* the largest in any cache before these visits; INFINITY: not known */
	const struct exposure *exposure;
	const struct clock_wheel *wheel;
};

struct clock_result {
	bool tested; /* visits enough, on days enough */
	double p;    /* 1 / (a bet's winnings): never too small where either null holds */
};

/*
 * Bound over 12 customary periods of a minute to 4 h. Some 50 ns a visit; more only where the days
 * agree. False: out of memory.
 */
bool clock_test(
    const struct clock_input *in, struct clock_result *ret, struct err *reterr) MUST_USE;

/* p of the rotation at one period that was looked for in the data, among `tried` others. */
double clock_test_rotation(const struct clock_input *in, double period_s, double tried);

/*
 * p of the exchange by shuffling gaps within runs: the largest power within 2 % of the period (at
 * most CLOCK_BAND frequencies) against the same of shuffled series. False: out of memory.
 */
#define CLOCK_BAND 257
bool clock_test_shuffle(const struct clock_input *in, double period_s,
    const struct monte_carlo_plan *plan, struct philox *random, struct monte_carlo_result *ret,
    struct err *reterr) MUST_USE;

#endif
