/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * p_gap and p_days of a series. What a cache did to it is not known exactly, so both are tested
 * behind each dead time that an ordinary cache may have had (its TTL; the same less BIND's 2 s
 * prefetch trigger; less the last tenth, Unbound's and CoreDNS's; and a sharp edge in the gaps
 * at a customary TTL, left by a resolver that caps or raises TTLs) and the largest p counts:
 * a union of nulls is rejected only with each of its members. Once one of them has explained the
 * series (p >= .05) the others are not tried; no decision at a lower level hangs on it.
 */
#include "stats/rhythm.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/minmax.h"
#include "base/philox.h"
#include "base/size.h"
#include "stats/compensator.h"
#include "stats/day_test.h"
#include "stats/gap_test.h"
#include "stats/surrogate.h"
#include "stats/visits.h"

#define PURPOSE_SURROGATE 2
#define EXPLAINED_P       .05
#define EARLY_S           2.0 /* BIND fetches anew in the last 2 s of a TTL (kb.isc.org aa-01122) */
#define EARLY_SHARE       .1  /* others in its last tenth */
#define EDGE_SLACK        .995 /* of whole seconds lost on the way */
#define EDGE_WIDTH        1.1
#define EDGE_GAPS         8 /* as many stand at the edge, and none below */

/*
 * Several caches behind one address are together a little more even than one. Over 2 to 16 caches
 * of .25 to 30 requests per TTL the shortfall stayed under .046 and the ratio of the days over .73
 * (docs/validation.md); so much is allowed where gaps shorter than the TTL show that there is
 * more than one cache, or none.
 */
#define SEVERAL_SHARE     .01 /* of the gaps are shorter than .9 TTL */
#define SEVERAL_SHORTFALL .05
#define SEVERAL_RATIO     .7

static const double customary_ttls_s[] = { 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600,
	43200, 86400 };

/* The dead times that are tried, as rules for one stream. */
enum rule {
	RULE_TTL,
	RULE_TRIGGER,
	RULE_TENTH,
	RULE_EDGE,
	RULE_COUNT,
};

struct rhythm_work {
	double *kept; /* thinned events of all streams, one after another */
	size_t kept_capacity;
	double edge_s[RHYTHM_STREAMS_MAX];
	bool several; /* caches behind one of the addresses */
	struct profile
	    null[RHYTHM_STREAMS_MAX]; /* of the observed streams: what surrogates come from */
	struct compensator_stream observed[RHYTHM_STREAMS_MAX];
	struct compensator_stream drawn[RHYTHM_STREAMS_MAX];
	struct surrogate surrogates[RHYTHM_STREAMS_MAX];
	struct compensator compensator;
	struct monte_carlo gap_draws;
	struct monte_carlo day_draws;
};

struct measure {
	struct gap_result gap;
	struct day_result day;
	size_t gaps;
	double wait_s; /* mean from one counted visit to the next */
};

bool rhythm_work_new(struct rhythm_work **ret, struct err *reterr)
{
	*ret = calloc(1, sizeof(**ret));
	if (*ret == NULL)
		err_set_memory(reterr);
	return *ret != NULL;
}

void rhythm_work_free(struct rhythm_work *w)
{
	if (w == NULL)
		return;
	for (size_t i = 0; i < RHYTHM_STREAMS_MAX; i++) {
		profile_release(&w->observed[i].profile);
		profile_release(&w->drawn[i].profile);
		profile_release(&w->null[i]);
		surrogate_release(&w->surrogates[i]);
	}
	compensator_release(&w->compensator);
	monte_carlo_release(&w->gap_draws);
	monte_carlo_release(&w->day_draws);
	free(w->kept);
	free(w);
}

/* The customary TTL at which the gaps between visits begin, with many of them: 0 if there is none.
 */
static double find_edge(const double *visits_s, size_t count)
{
	double shortest = INFINITY;

	for (size_t i = 1; i < count; i++)
		shortest = double_min(shortest, visits_s[i] - visits_s[i - 1]);
	for (size_t c = COUNT_OF(customary_ttls_s); c-- > 0;) {
		double ttl_s = customary_ttls_s[c];
		size_t at = 0;

		if (shortest < EDGE_SLACK * ttl_s)
			continue;
		for (size_t i = 1; i < count; i++)
			at += visits_s[i] - visits_s[i - 1] <= EDGE_WIDTH * ttl_s;
		return at >= EDGE_GAPS ? double_min(ttl_s, shortest) : 0;
	}
	return 0;
}

/* Do the gaps between visits show more than one cache of this TTL? */
static bool are_several(const double *visits_s, size_t count, double ttl_s)
{
	size_t shorter = 0;

	for (size_t i = 1; i < count; i++)
		shorter += visits_s[i] - visits_s[i - 1] < (1 - EARLY_SHARE) * ttl_s;
	return (double)shorter > SEVERAL_SHARE * (double)count;
}

/* The dead time of a stream under a rule; visits take LIMIT_VISIT_SPAN_S in any case. */
static double dead_time(
    const struct rhythm_input *in, const struct rhythm_work *w, size_t stream, enum rule rule)
{
	double dead_s = in->streams[stream].ttl_s, edge_s = w->edge_s[stream];

	switch (rule) {
	case RULE_TRIGGER:
		dead_s -= EARLY_S;
		break;
	case RULE_TENTH:
		dead_s -= EARLY_SHARE * dead_s;
		break;
	case RULE_EDGE:
		dead_s = edge_s > 0 ? edge_s : dead_s;
		break;
	case RULE_TTL:
	case RULE_COUNT:
		break;
	}
	return double_max(double_max(dead_s, in->round_s), LIMIT_VISIT_SPAN_S);
}

static bool same_dead_times(
    const struct rhythm_input *in, const struct rhythm_work *w, enum rule a, enum rule b)
{
	for (size_t i = 0; i < in->stream_count; i++)
		if (fabs(dead_time(in, w, i, a) - dead_time(in, w, i, b)) < .5)
			continue;
		else
			return false;
	return true;
}

static bool prepare(const struct rhythm_input *in, struct rhythm_work *w, struct err *reterr)
{
	size_t total = 0;

	if (in->stream_count > RHYTHM_STREAMS_MAX) {
		err_set(reterr, ERR_LIMIT, "%zu streams in one rhythm test, at most %d",
		    in->stream_count, RHYTHM_STREAMS_MAX);
		return false;
	}
	for (size_t i = 0; i < in->stream_count; i++)
		total = size_add(total, in->streams[i].count);
	if (total > w->kept_capacity) {
		double *grown = realloc(w->kept, size_mul(total, sizeof(*grown)));

		if (grown == NULL) {
			err_set_memory(reterr);
			return false;
		}
		w->kept = grown;
		w->kept_capacity = total;
	}
	w->several = false;
	for (size_t i = 0; i < in->stream_count; i++) {
		size_t kept = visits_thin(
		    in->streams[i].times_s, in->streams[i].count, LIMIT_VISIT_SPAN_S, w->kept);

		w->edge_s[i] = find_edge(w->kept, kept);
		w->several = w->several || are_several(w->kept, kept, in->streams[i].ttl_s);
	}
	return true;
}

/* Thin and fit each stream under a rule; those with fewer than two visits fall out. */
static bool fit_observed(const struct rhythm_input *in, enum rule rule, struct rhythm_work *w,
    size_t *ret_count, struct err *reterr)
{
	double *to = w->kept;

	*ret_count = 0;
	for (size_t i = 0; i < in->stream_count; i++) {
		struct compensator_stream *s = &w->observed[*ret_count];

		s->dead_s = dead_time(in, w, i, rule);
		s->count = visits_thin(in->streams[i].times_s, in->streams[i].count, s->dead_s, to);
		s->events_s = to;
		to += in->streams[i].count;
		if (s->count < 2)
			continue;
		if (!profile_fit(&s->profile, in->exposure, s->events_s, s->count, s->dead_s,
			PROFILE_TO_TEST, reterr))
			return false;
		(*ret_count)++;
	}
	return true;
}

/* Days are cut at the quietest hour, so that an evening that runs past midnight is one day. */
static double quietest_cut(const struct compensator_stream *streams, size_t count)
{
	unsigned best = 0;
	double least = INFINITY;

	for (unsigned hour = 0; hour < 24; hour++) {
		unsigned before = (hour + 23) % 24;
		double rate = 0;

		for (size_t i = 0; i < count; i++) {
			const double *r = streams[i].profile.rate;

			for (unsigned fold = 0; fold < FOLDED_CELLS; fold += CELL_COUNT)
				rate += 5 * (r[fold + before] + r[fold + hour]) +
					2 * (r[fold + 24 + before] + r[fold + 24 + hour]);
		}
		if (rate < least) {
			least = rate;
			best = hour;
		}
	}
	return best * 3600.0;
}

static bool run(const struct compensator_stream *streams, size_t count, struct compensator *c,
    struct err *reterr)
{
	return compensator_run(
	    c, streams, count, LIMIT_VISIT_SPAN_S, quietest_cut(streams, count), reterr);
}

static double span_of(const struct compensator_stream *streams, size_t count)
{
	double first_s = INFINITY, last_s = -INFINITY;

	for (size_t i = 0; i < count; i++) {
		first_s = double_min(first_s, streams[i].events_s[0]);
		last_s = double_max(last_s, streams[i].events_s[streams[i].count - 1]);
	}
	return last_s - first_s;
}

/*
 * Habits have their hour, and within it a minute that no profile of hours knows: rounds then wait
 * whole days, and no step is shorter than one day's part. So much is within the null.
 */
static double day_shortfall(double wait_s)
{
	return 1 - exp(-DAY_S / wait_s);
}

/* What was observed: with the bounds. */
static bool measure(const struct rhythm_input *in, struct rhythm_work *w, size_t count,
    struct measure *ret, struct err *reterr)
{
	struct compensator *c = &w->compensator;
	double tolerance = w->several ? SEVERAL_SHORTFALL : 0;

	*ret = (struct measure){ .gap.p = 1, .day.p = 1 };
	if (count == 0)
		return true;
	if (!run(w->observed, count, c, reterr))
		return false;
	ret->gaps = c->step_count;
	if (c->step_count > 0) {
		ret->wait_s = span_of(w->observed, count) / (double)c->step_count;
		if (in->round_s > 0)
			tolerance = double_max(tolerance, day_shortfall(ret->wait_s));
		gap_test(c->steps, c->step_count, tolerance, &ret->gap);
	}
	day_test(
	    c->day_seen, c->day_expected, c->day_count, w->several ? SEVERAL_RATIO : 1, &ret->day);
	return true;
}

/* One surrogate of the union, fitted again and measured. */
static bool measure_surrogate(const struct rhythm_input *in, size_t count, struct philox *random,
    struct rhythm_work *w, struct measure *ret, struct err *reterr)
{
	struct compensator *c = &w->compensator;
	size_t usable = 0;

	for (size_t i = 0; i < count; i++) {
		const struct compensator_stream *o = &w->observed[i];
		struct compensator_stream *d = &w->drawn[usable];
		struct surrogate *s = &w->surrogates[usable];

		if (!surrogate_draw(s, &w->null[i], o->events_s[0], o->events_s[o->count - 1],
			o->dead_s, random, reterr))
			return false;
		if (s->count < 2)
			continue;
		d->events_s = s->events_s;
		d->count = s->count;
		d->dead_s = o->dead_s;
		if (!profile_fit(&d->profile, in->exposure, d->events_s, d->count, d->dead_s,
			PROFILE_TO_TEST, reterr))
			return false;
		usable++;
	}
	*ret = (struct measure){ .gap.p = 1, .day.p = 1 };
	if (usable == 0)
		return true;
	if (!run(w->drawn, usable, c, reterr))
		return false;
	if (c->step_count > 0)
		gap_test(c->steps, c->step_count, 0, &ret->gap);
	day_measure(c->day_seen, c->day_expected, c->day_count, 1, &ret->day);
	return true;
}

/* Monte Carlo p of what was observed under the dead times that w->observed holds. */
static bool draw(const struct rhythm_input *in, const struct monte_carlo_plan *plan, size_t count,
    const struct measure *observed, struct rhythm_work *w, struct err *reterr)
{
	struct philox random;

	for (size_t i = 0; i < count; i++) {
		const struct compensator_stream *o = &w->observed[i];

		if (!profile_fit(&w->null[i], in->exposure, o->events_s, o->count, o->dead_s,
			PROFILE_TO_DRAW, reterr))
			return false;
	}
	philox_init(&random, in->seed, in->series, PURPOSE_SURROGATE);
	monte_carlo_begin(&w->gap_draws, observed->gap.statistic);
	monte_carlo_begin(&w->day_draws, observed->day.statistic);
	while (
	    monte_carlo_goes_on(&w->gap_draws, plan) || monte_carlo_goes_on(&w->day_draws, plan)) {
		struct measure m;

		if (!measure_surrogate(in, count, &random, w, &m, reterr))
			return false;
		if ((monte_carlo_goes_on(&w->gap_draws, plan) &&
			!monte_carlo_add(&w->gap_draws, m.gap.statistic)) ||
		    (monte_carlo_goes_on(&w->day_draws, plan) &&
			!monte_carlo_add(&w->day_draws, m.day.days > 0 ? m.day.statistic : -1))) {
			err_set_memory(reterr);
			return false;
		}
	}
	return true;
}

/* One dead time's answer to both tests. */
struct answer {
	struct monte_carlo_result gap;
	struct monte_carlo_result day;
	size_t gap_surrogates;
	size_t day_surrogates;
};

/* Take over the p's of one dead time where they are the largest so far. */
static void keep_largest(const struct rhythm_input *in, const struct measure *m,
    const struct rhythm_work *w, const struct answer *a, struct rhythm_result *ret)
{
	bool rare = in->round_s <= 0 || m->wait_s >= RHYTHM_ROUND_DAYS * DAY_S;

	if (a->gap.p > ret->p_gap) {
		ret->p_gap = a->gap.p;
		ret->gap_limited_by_b = a->gap.floor;
		ret->gap_surrogates = (uint32_t)a->gap_surrogates;
		ret->gap_excess = m->gap.shortfall;
		ret->gap_cv = m->gap.cv;
		ret->gaps = m->gaps;
		ret->dead_s = w->observed[0].dead_s;
	}
	if (a->day.p > ret->p_days) {
		ret->p_days = a->day.p;
		ret->days_limited_by_b = a->day.floor;
		ret->days_surrogates = (uint32_t)a->day_surrogates;
		ret->days_ratio = m->day.ratio;
		ret->days = m->day.days;
	}
	/* a dead time under which nothing can be told may explain anything */
	ret->gap_tested = ret->gap_tested && m->gaps >= RHYTHM_GAPS_MIN && rare;
	ret->days_tested =
	    ret->days_tested && m->gaps >= RHYTHM_GAPS_MIN && m->day.days >= RHYTHM_DAYS_MIN;
}

/* p of both tests by surrogates, or the analytic ones without a plan. */
static bool p_under(const struct rhythm_input *in, const struct monte_carlo_plan *plan,
    size_t count, const struct measure *m, struct rhythm_work *w, struct rhythm_result *ret,
    struct err *reterr)
{
	struct answer a = { .gap = { .p = m->gap.p }, .day = { .p = m->day.p } };

	if (plan != NULL && m->gaps >= RHYTHM_GAPS_MIN) {
		if (!draw(in, plan, count, m, w, reterr))
			return false;
		a.gap_surrogates = w->gap_draws.count;
		a.day_surrogates = w->day_draws.count;
		monte_carlo_p(&w->gap_draws, &a.gap);
		monte_carlo_p(&w->day_draws, &a.day);
	}
	keep_largest(in, m, w, &a, ret);
	return true;
}

static bool test(const struct rhythm_input *in, const struct monte_carlo_plan *plan,
    struct rhythm_work *w, struct rhythm_result *ret, struct err *reterr)
{
	*ret = (struct rhythm_result){
		.gap_tested = true, .days_tested = true, .gap_cv = NAN, .days_ratio = NAN
	};
	if (!prepare(in, w, reterr))
		return false;
	for (enum rule rule = 0; rule < RULE_COUNT; rule++) {
		struct measure m;
		size_t count;

		if (rule != RULE_TTL && same_dead_times(in, w, RULE_TTL, rule))
			continue;
		if (!fit_observed(in, rule, w, &count, reterr) ||
		    !measure(in, w, count, &m, reterr) ||
		    !p_under(in, plan, count, &m, w, ret, reterr))
			return false;
		if (ret->p_gap >= EXPLAINED_P && ret->p_days >= EXPLAINED_P)
			break;
	}
	if (!ret->gap_tested)
		ret->p_gap = 1;
	if (!ret->days_tested)
		ret->p_days = 1;
	return true;
}

bool rhythm_screen(const struct rhythm_input *in, struct rhythm_work *w, struct rhythm_result *ret,
    struct err *reterr)
{
	return test(in, NULL, w, ret, reterr);
}

bool rhythm_verdict(const struct rhythm_input *in, const struct monte_carlo_plan *plan,
    struct rhythm_work *w, struct rhythm_result *ret, struct err *reterr)
{
	return test(in, plan, w, ret, reterr);
}
