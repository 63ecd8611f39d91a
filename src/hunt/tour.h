/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One walk over all series of the haystack for several readers, each of which wants to know what
 * the peers of the findings do with other names: decoding keys costs more than what they do.
 */
#ifndef HUNT_TOUR_H
#define HUNT_TOUR_H

#include "hunt/phase.h"
#include "hunt/walk.h"

#define TOUR_READERS_MAX 4

struct tour_reader {
	void *context;
	/* Room for one of the parts, which one thread reads from its beginning. NULL: out of memory. */
	void *(*open)(void *context, size_t part);
	bool (*read)(void *room, const struct walk_series *s, struct err *reterr);
	void (*close)(void *room); /* NULL is a no-op */
};

/* parts as the funnel cut them, up to jobs at a time; at most TOUR_READERS_MAX readers. */
bool tour_run(struct haystack *h, unsigned parts, const struct tour_reader *readers, size_t count,
    unsigned jobs, const struct hunt_progress *progress, struct err *reterr) MUST_USE;

#endif
