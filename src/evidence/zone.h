/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The clock of a place: how many seconds east of UTC it was, and from when on. For logs that
 * write local times, from the time zone database of the system (TZif, RFC 9636).
 */
#ifndef EVIDENCE_ZONE_H
#define EVIDENCE_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/limits.h"

struct zone {
	size_t count;                           /* of changes */
	int64_t at_s[LIMIT_ZONE_CHANGES];       /* each one, in seconds of UTC, ascending */
	int32_t east_s[LIMIT_ZONE_CHANGES + 1]; /* before the first; from each on */
	int64_t until_s; /* from then on only a rule tells, which is not read; INT64_MAX: never */
};

/* Read the content of a TZif file. False: it is none. */
bool zone_read(struct zone *ret, const uint8_t *bytes, size_t len) MUST_USE;

/* The same of a place, such as "Europe/Berlin". False: reterr says that there is none. */
bool zone_load(struct zone *ret, const char *place, struct err *reterr) MUST_USE;

/*
 * The moment, in seconds of UTC, at which the clock of the place showed that time, in seconds as
 * if it were UTC. False: not exactly known. Where the clock showed it twice, as when summer time
 * ends, *ret is the first moment; where it was skipped, that of a clock not yet put forward; and
 * behind until_s that of a clock which is never changed again.
 */
bool zone_utc(const struct zone *z, int64_t local_s, int64_t *ret) MUST_USE;

#endif
