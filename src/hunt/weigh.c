/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hunt/weigh.h"

#include <math.h>

#include "base/parallel.h"
#include "hunt/phase.h"

#define DOUBT_MAX 2.0 /* decades: one in a hundred is as sure as the nets are right */

struct scales {
	struct haystack *haystack;
	const struct explain_settings *settings;
	struct eligible *list;
	struct phase phase;
};

/* Of what was told apart: a pattern that several mechanisms make about as well explains nothing. */
static void set_explained(
    struct eligible *e, const struct classification *c, const struct prior *prior)
{
	double sum = 0, all = 0, highest = 0;

	for (size_t i = 0; i < NET_CLASSES; i++) {
		double p = c->probability[i] * prior->of[i];

		all += p;
		highest = fmax(highest, c->probability[i]);
		if (explanation_is_innocent((enum explanation)i))
			sum += p;
	}
	if (highest * (NET_CLASSES - 1) < EXPLAIN_FACTOR_MIN * (1 - highest) || !(all > 0))
		return;
	e->innocent = sum / all;
	e->doubt = fmin(fmax(log10((all - sum) / sum), 0), DOUBT_MAX);
}

static bool weigh_one(size_t i, void *context, struct err *reterr)
{
	struct scales *s = context;
	struct eligible *e = &s->list[i];
	struct classification c;
	struct traits traits;
	struct trace trace;
	bool ok;

	if (!trace_init(&trace, 0, reterr))
		return false;
	ok = trace_read(&trace, s->haystack, e->key, e->key_len, reterr) &&
	     explain_measure(&trace, s->haystack, e->key, e->key_len, s->settings, &traits, reterr);
	if (!ok)
		goto out;
	classifier_weigh(s->settings->classifier, &traits, &c);
	if (trace.contacts >= EXPLAIN_CONTACTS_MIN)
		set_explained(e, &c, s->settings->prior);
	phase_step(&s->phase);
out:
	trace_release(&trace);
	return ok;
}

bool weigh_run(struct haystack *h, const struct explain_settings *settings, unsigned jobs,
    const struct hunt_progress *progress, struct eligible *list, size_t count, struct err *reterr)
{
	struct scales s = { .haystack = h, .settings = settings, .list = list };

	phase_init(&s.phase, progress, "explanations", count);
	return parallel_for(jobs, count, weigh_one, &s, reterr);
}
