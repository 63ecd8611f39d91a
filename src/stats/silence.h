/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Is a pause longer than the weeks before it make likely? On operational time, so outages, caches
 * and the hours of the week are out of it. Null: Poisson clients at the level of those weeks,
 * their counts as uneven from day to day as there. Innocent mechanism: chance.
 */
#ifndef STATS_SILENCE_H
#define STATS_SILENCE_H

#include "stats/optime.h"

/* What a pause is compared with: so much before it, as far as the record goes back. */
#define SILENCE_DAYS   28
#define SILENCE_EVENTS 30 /* at least */

/* With fewer days before it, a pause is judged by the dispersion of the whole record. */
#define SILENCE_OWN_DAYS 14

struct silence_result {
	double p;  /* of the most telling pause, all of them taken into account; 1: too few steps */
	size_t at; /* it */
	double times; /* effect: its length in mean steps of the weeks before it */
};

/* overall: the dispersion of the whole record. */
void silence_test(const struct optime *o, double overall, struct silence_result *ret);

#endif
