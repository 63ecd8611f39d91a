/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the busiest peers of the shown names do with their other names: one more scan. */
#ifndef HUNT_BACKGROUND_H
#define HUNT_BACKGROUND_H

#include "hunt/cache.h"
#include "hunt/funnel.h"

/* Of a peer that asks for more, about so many are read, chosen by their hash. */
#define BACKGROUND_NAMES 2000

/* Fill background of each of the subjects. f has counted the names of every peer. */
bool background_gather(struct haystack *h, const struct funnel *f,
    const struct cache_settings *settings, const struct hunt_progress *progress,
    struct cache_subject *subjects, size_t count, struct err *reterr) MUST_USE;

#endif
