/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whole haystacks of known origin: names that people, programs and caches make, resolvers that
 * stick to names, a sensor that fails for days; and needles put among them. For the validation
 * of the hunt from end to end.
 */
#ifndef VALIDATE_WORLDS_H
#define VALIDATE_WORLDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/philox.h"

#define WORLD_DAYS      142
#define WORLD_FIRST_S   1462320000.0 /* Wednesday 2016-05-04 00:00 UTC */
#define WORLD_RESOLVERS 2000

enum needle_kind {
	NEEDLE_HOURLY,     /* jitter 5 %, 20 % missing */
	NEEDLE_TIMER,      /* sleeps 5000 s +-20 % */
	NEEDLE_LOOSE,      /* sleeps 3 h +-50 % */
	NEEDLE_WORKDAY,    /* once a workday at a random minute of office hours */
	NEEDLE_MINUTE,     /* daily within a minute of one time, 30 % missing */
	NEEDLE_DAILY,      /* daily at a random minute */
	NEEDLE_WEEKLY,     /* weekly within a minute of one time */
	NEEDLE_BEHIND_TTL, /* hourly, jitter 5 %, behind a cache of an hour */
	NEEDLE_TURNS,      /* hourly, two addresses take turns */
	NEEDLE_CYCLE,      /* copies the day of people at their desks: no rhythm of its own */
	NEEDLE_KINDS,
};

struct world_row {
	int64_t time_ns;
	uint32_t name;
	uint32_t peer;
};

struct world_name {
	uint32_t ttl;
	bool planted;
	enum needle_kind kind; /* of a planted one */
};

struct world {
	struct world_name *names;
	size_t name_count;
	struct world_row *rows;
	size_t row_count;
	size_t row_capacity;
	double outages_s[2][2]; /* from, to: the sensor was down */
};

const char *world_needle_name(enum needle_kind kind);

/* names of the crowd, then needles of each kind in turn. False: out of memory. */
bool world_new(struct world *w, size_t names, size_t needles, uint64_t seed) MUST_USE;
void world_free(struct world *w);

/* Deal the names of each resolver's rows out again by chance; times stay. */
void world_permute(struct world *w, uint64_t seed);

#endif
