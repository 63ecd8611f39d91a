/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What to show when no name is eligible: why, and the names that come nearest. */
#ifndef HUNT_UNRANKED_H
#define HUNT_UNRANKED_H

#include "base/arena.h"
#include "finding/finding.h"
#include "hunt/funnel.h"

/* "spans 21 minutes, 3 days needed". In *memory; NULL: out of memory. */
const char *unranked_why(const struct funnel *f, struct arena *memory);

/* At most top names: most visits first, then days, contacts, key order. */
bool unranked_list(struct haystack *h, const struct funnel *f, size_t top, struct arena *memory,
    const struct unranked **ret, size_t *ret_count, struct err *reterr) MUST_USE;

#endif
