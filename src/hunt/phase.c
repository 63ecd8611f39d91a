/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hunt/phase.h"

void phase_init(
    struct phase *p, const struct hunt_progress *progress, const char *name, uint64_t total)
{
	p->progress = progress;
	p->name = name;
	p->caller = pthread_self();
	atomic_init(&p->done, 0);
	p->total = total;
	if (progress != NULL)
		progress->report(progress->context, name, 0, total);
}

void phase_step(struct phase *p)
{
	uint64_t done = atomic_fetch_add(&p->done, 1) + 1;

	/* the callback may write to a terminal: never two at once, never from a thread of ours */
	if (p->progress != NULL && pthread_equal(p->caller, pthread_self()))
		p->progress->report(p->progress->context, p->name, done, p->total);
}
