/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far a parallel phase has come, told from the thread that started it. */
#ifndef HUNT_PHASE_H
#define HUNT_PHASE_H

#include <pthread.h>
#include <stdatomic.h>

#include "hunt/hunt.h"

struct phase {
	const struct hunt_progress *progress; /* or NULL */
	const char *name;
	pthread_t caller;
	atomic_uint_fast64_t done;
	uint64_t total;
};

void phase_init(
    struct phase *p, const struct hunt_progress *progress, const char *name, uint64_t total);

/* One more unit is done; any thread. */
void phase_step(struct phase *p);

#endif
