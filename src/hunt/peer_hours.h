/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When do the busiest peers of the findings ask for other names? Only that shows which hours are the
 * peer's own. A part of the walk over all series, which decodes those of these peers alone.
 */
#ifndef HUNT_PEER_HOURS_H
#define HUNT_PEER_HOURS_H

#include "hunt/screen.h"
#include "hunt/tour.h"

struct peer_hours;

/*
 * For each of the count names (the findings), whose keys are borrowed: the quarters of an hour of
 * [first_ns, last_ns], the latest PEER_HOURS_DAYS_MAX days of it, in which its busiest peer asked for
 * any other name. The result does not depend on the order of the list.
 */
bool peer_hours_new(struct haystack *h, const struct eligible *names, size_t count,
    int64_t first_ns, int64_t last_ns, struct peer_hours **ret, struct err *reterr) MUST_USE;
void peer_hours_free(struct peer_hours *p);

/* What fills it: nothing is known before the walk. */
struct tour_reader peer_hours_reader(struct peer_hours *p);

#define PEER_HOURS_DAYS_MAX  1096
#define PEER_HOURS_NAMES_MIN 5 /* other names: one or two may be the same owner's */

/*
 * One time, in seconds since 1970-01-01, for each quarter of an hour in which the busiest peer of the
 * name with this group key was active otherwise; *ret, sorted, is the caller's to free. None where the
 * name was not among those given, or its peer asked for fewer than PEER_HOURS_NAMES_MIN other names.
 * False: out of memory.
 */
bool peer_hours_starts(const struct peer_hours *p, const uint8_t *key, size_t key_len, double **ret,
    size_t *ret_count, struct err *reterr) MUST_USE;

#endif
