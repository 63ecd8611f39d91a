/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Made-up contacts for measurements of the store: names of a few labels over popular zones, in
 * order of time, some (target, peer) pairs met far more often than others. Each is a pure
 * function of its number.
 */
#ifndef BENCH_WORLD_H
#define BENCH_WORLD_H

#include <stdint.h>

#include "base/buf.h"
#include "base/cursor.h"
#include "contact/contact.h"

struct world {
	uint8_t digits;
	uint64_t event_count;
	struct buf stream; /* what the contacts are made of, one behind the other */
	struct cursor next;
};

/* skew 1: pairs are equally likely; the greater, the more some are preferred. Exits on failure. */
void world_make(struct world *w, uint64_t events, uint32_t pairs, double skew, uint8_t digits);
void world_free(struct world *w);

/* Back to the first contact. */
void world_rewind(struct world *w);

/* The next contact: read in order, so that making it costs as little as can be. */
void world_next(struct world *w, struct contact *ret);

#endif
