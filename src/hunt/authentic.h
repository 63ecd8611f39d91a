/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Is the log what it says (METHODS 2.h)? The look-ups of a name by its busiest peer against those
 * of the same resolver's other names, or where these are too few, the same sensor's. Nothing here
 * says who made a row: a small p means that the rows are unlike the others in a way that what they
 * are about does not explain.
 */
#ifndef HUNT_AUTHENTIC_H
#define HUNT_AUTHENTIC_H

#include "base/arena.h"
#include "finding/tests.h"
#include "hunt/company.h"

/* All checks together: a concern. Tests, too, are of concern by themselves from there on. */
#define AUTHENTIC_LEVEL .01

/* The smallest background (METHODS 2.h): either will do. */
#define AUTHENTIC_NAMES_MIN 50
#define AUTHENTIC_ROWS_MIN  5000

struct authentic_input {
	const struct imprint_row *rows; /* of the busiest peer, sorted */
	size_t count;
	uint64_t target; /* company_target(): left out of both */
	const struct company *resolver;
	const struct company *sensor;
	const struct test_cache *cache; /* of the same name */
	const struct cache_gaps *gaps;  /* that it was made of */
	bool keeps_clock;               /* its seconds are a schedule's, not the sensor's */
	const struct exposure *exposure;
	uint64_t seed;
	uint64_t series;
};

/* Make the checks that the haystack alone allows; the others say why not. Judged. */
bool authentic_test(const struct authentic_input *in, struct arena *memory,
    struct test_authenticity *ret, struct err *reterr) MUST_USE;

/* Combine the checks that were made: p, verdict, concerns. Again where one was added. */
bool authentic_judge(struct test_authenticity *t, struct arena *memory) MUST_USE;

#endif
