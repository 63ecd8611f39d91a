/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hunt/follow.h"

#include <math.h>

#include "base/parallel.h"
#include "hunt/events.h"
#include "hunt/order.h"

/* A list fits one name in ten by chance; the smallest p that a record of half a year has is .01. */
#define NOTHING_P .1
#define FULL_P    .01

struct followers {
	struct haystack *haystack;
	const struct follow_settings *settings;
	struct eligible *list;
	struct phase phase;
};

static double surety(double p)
{
	return fmin(fmax(log(p / NOTHING_P) / log(FULL_P / NOTHING_P), 0), 1);
}

static bool ask_one(size_t i, void *context, struct err *reterr)
{
	struct followers *f = context;
	struct eligible *e = &f->list[i];
	struct trace trace;
	struct events_answer a;
	bool ok;

	phase_step(&f->phase);
	if (order_narrow_why_not(e) != NULL || !(e->rank.p_narrow <= FOLLOW_NARROW_P))
		return true;
	if (!trace_init(&trace, 0, reterr))
		return false;
	ok = trace_read(&trace, f->haystack, e->key, e->key_len, reterr) &&
	     events_ask(&trace, f->settings->exposure, f->settings->events, &a, reterr);
	if (ok && !isnan(a.p))
		e->follows = a.met * surety(a.p);
	trace_release(&trace);
	return ok;
}

bool follow_run(struct haystack *h, const struct follow_settings *settings,
    const struct hunt_progress *progress, struct eligible *list, size_t count, struct err *reterr)
{
	struct followers f = { .haystack = h, .settings = settings, .list = list };

	phase_init(&f.phase, progress, "outside events", count);
	return parallel_for(settings->jobs, count, ask_one, &f, reterr);
}
