/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A set of UTC days: how many different ones a name was seen on. */
#ifndef HUNT_DAYS_H
#define HUNT_DAYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

struct days {
	uint64_t *bits; /* every day that 64-bit nanoseconds can tell */
	size_t from;    /* words that may be set: [from, upto) */
	size_t upto;
	int64_t last; /* added; valid while upto > from */
	uint32_t count;
};

/* An empty one is all zeroes. */
void days_release(struct days *d);
void days_clear(struct days *d);

/* day: as stamp_day() gives it. False: out of memory. */
bool days_add(struct days *d, int64_t day) MUST_USE;

static inline uint32_t days_count(const struct days *d)
{
	return d->count;
}

#endif
