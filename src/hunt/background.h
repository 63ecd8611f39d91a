/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the busiest peers of the shown names do with their other names, for a walk over all series. */
#ifndef HUNT_BACKGROUND_H
#define HUNT_BACKGROUND_H

#include "hunt/cache.h"
#include "hunt/funnel.h"
#include "hunt/tour.h"

/* Of a peer that asks for more, about so many are read, chosen by their hash. */
#define BACKGROUND_NAMES 2000

struct background;

/* What there is to look for; subjects are borrowed. f has counted the names of every peer. */
bool background_new(const struct funnel *f, const struct cache_settings *settings,
    struct cache_subject *subjects, size_t count, struct background **ret,
    struct err *reterr) MUST_USE;
void background_free(struct background *b);

/* Its part of the walk; afterwards background_settle() fills the background of each subject. */
struct tour_reader background_reader(struct background *b);
void background_settle(const struct background *b);

#endif
