/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What kind of rhythm has a name that is shown: the tests of its busiest peer that are too dear,
 * or hold under too few conditions, to be made of every name. They describe; q does not know them.
 */
#ifndef HUNT_CLOCK_H
#define HUNT_CLOCK_H

#include "finding/finding.h"
#include "hunt/screen.h"

struct clock_settings {
	const struct exposure *exposure;
	uint64_t seed;
	uint32_t work; /* contacts times surrogates for one name */
};

#define CLOCK_WORK       400000u /* about half a second */
#define CLOCK_WORK_ALONE 100000u /* somebody waits */

/* Fill *ret for the name e, whose contacts are in t. False: out of memory. */
bool clock_fill(const struct trace *t, const struct eligible *e,
    const struct clock_settings *settings, struct test_periodicity *ret,
    struct err *reterr) MUST_USE;

#endif
