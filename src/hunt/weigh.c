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

/*
 * Somebody's contact. Rows that are not what they say they are, the other mechanisms that are not
 * ordinary, are told by the checks of authenticity, and whole crowds are a little like them.
 */
static bool is_contact(enum explanation e)
{
	return e == EXPLAINED_HUMAN_CORRESPONDENCE || e == EXPLAINED_BEACON;
}

/*
 * How far it can be told what made the pattern, from 0 to 1, by how much likelier one mechanism
 * makes it than all others together: nothing below a factor of 10^.5, all from 10^1.5 on, which
 * Jeffreys (1961) calls substantial and very strong.
 */
static double told(double highest)
{
	double factor = highest * (NET_CLASSES - 1) / fmax(1 - highest, 1e-9);

	return fmin(fmax(log10(fmax(factor, 1e-9)) - .5, 0), 1);
}

static void set_explained(
    struct eligible *e, const struct classification *c, const struct prior *prior)
{
	double innocent = 0, contact = 0, all = 0, highest = 0;

	for (size_t i = 0; i < NET_CLASSES; i++) {
		double p = c->probability[i] * prior->of[i];

		all += p;
		highest = fmax(highest, c->probability[i]);
		if (explanation_is_innocent((enum explanation)i))
			innocent += p;
		if (is_contact((enum explanation)i))
			contact += p;
	}
	if (!(all > 0))
		return;
	e->innocent = told(highest) * innocent / all;
	e->doubt = told(highest) * fmin(fmax(log10(contact / innocent), 0), DOUBT_MAX);
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
