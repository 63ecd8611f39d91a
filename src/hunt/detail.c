/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hunt/detail.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "base/size.h"
#include "finding/why.h"
#include "hunt/authentic.h"
#include "hunt/change.h"
#include "hunt/clock.h"
#include "hunt/events.h"
#include "hunt/gaps.h"
#include "hunt/hours.h"
#include "hunt/join.h"
#include "hunt/known.h"
#include "hunt/lives.h"
#include "hunt/raster.h"
#include "hunt/reciprocal.h"
#include "hunt/timing.h"
#include "stats/lambda_gc.h"

static const char alone_why[] = "the name was looked at alone; hunt compares it with the others";

/* Peers, first and last of the name; *ret_busiest is the largest number of contacts of a peer. */
static bool fill_peers(struct finding *f, const struct trace *t, struct err *reterr)
{
	size_t top[FINDING_PEERS_MAX];
	struct contact c;

	f->peers_total = t->peer_count;
	f->peer_count = timing_top_peers(t, FINDING_PEERS_MAX, top);
	for (size_t i = 0; i < f->peer_count; i++) {
		const struct trace_peer *p = &t->peers[top[i]];

		if (!key_read_series(p->series_key, p->series_key_len, &c)) {
			err_set(
			    reterr, ERR_DAMAGED, "the haystack holds a key that cannot be read");
			return false;
		}
		f->target = c.target;
		f->kind = c.kind;
		f->peers[i] = (struct finding_peer){
			.peer = c.peer,
			.contacts = p->count,
			.share = (double)p->count / (double)t->contacts,
			.first = { p->times_ns[0], p->digits_max },
			.last = { p->times_ns[p->count - 1], p->digits_max },
		};
	}
	f->first = f->peers[0].first;
	f->last = f->peers[0].last;
	for (size_t i = 0; i < t->peer_count; i++) {
		const struct trace_peer *p = &t->peers[i];

		if (p->times_ns[0] < f->first.ns)
			f->first = (struct stamp){ p->times_ns[0], p->digits_max };
		if (p->times_ns[p->count - 1] > f->last.ns)
			f->last = (struct stamp){ p->times_ns[p->count - 1], p->digits_max };
	}
	for (size_t i = 0; i < f->peer_count; i++) {
		const struct trace_peer *p = &t->peers[top[i]];

		raster_parts(
		    p->times_ns, (size_t)p->count, f->first.ns, f->last.ns, f->peers[i].parts);
	}
	return true;
}

static bool fill_evidence(
    struct finding *f, const struct trace *t, struct haystack *h, struct arena *memory)
{
	struct finding_evidence *list;
	size_t count = 0;

	for (size_t i = 0; i < t->source_count; i++)
		count += t->sources[i] > 0;
	list = arena_alloc(memory, size_mul(count, sizeof(*list)));
	if (list == NULL)
		return false;
	f->evidence = list;
	for (size_t i = 0; i < t->source_count; i++)
		if (t->sources[i] > 0)
			list[f->evidence_count++] =
			    (struct finding_evidence){ .source = *haystack_source(h, i),
				    .contacts = t->sources[i] };
	return true;
}

static void fill_narrowness(struct finding *f, const struct eligible *e, const struct name *n,
    const struct detail_settings *settings)
{
	struct test_narrowness *t = &f->tests.narrowness;
	struct test_persistence *p = &f->tests.persistence;

	*t = (struct test_narrowness){ .status = { order_narrow_why_not(e) },
		.p = e->rank.p_narrow,
		.peers = n->d2,
		.expected = e->rank.peers_expected,
		.band_names = e->rank.neighbors,
		.p_operators = NAN,
		.operators = NAN,
		.operators_expected = NAN };
	*p = (struct test_persistence){ .p = e->rank.p_persistent,
		.active_days = n->days,
		.span_days = funnel_days(settings->funnel) };
	if (settings->alone)
		t->status.why = p->status.why = alone_why;
	else if (!e->rank.tested)
		p->status.why = "too few names of like popularity to compare with";
	if (settings->units != NULL && e->rank.tested) {
		struct rank_result rank;

		narrow_units_rank(settings->units, e->name, &t->operators, &rank);
		t->p_operators = rank.p_narrow;
		t->operators_expected = rank.peers_expected;
	}
}

/* The tests of one name, which need nothing of each other: for a dossier they run side by side. */
struct testing {
	struct finding *f;
	const struct detail_settings *settings;
	const struct eligible *e;
	const struct cache_subject *cached;
	const struct trace *t;
	struct haystack *h;
};

static bool test_rhythm(const struct testing *x, struct arena *memory, struct err *reterr)
{
	const struct clock_settings clock = { .exposure = x->settings->exposure,
		.seed = x->settings->seed,
		.work = x->settings->alone ? CLOCK_WORK_ALONE : CLOCK_WORK };

	(void)memory;
	return clock_fill(x->t, x->e, &clock, &x->f->tests.periodicity, reterr);
}

static bool test_hours(const struct testing *x, struct arena *memory, struct err *reterr)
{
	const struct hours_settings hours = { x->settings->exposure, x->settings->holidays,
		x->settings->peer_hours, x->settings->seed };

	return hours_fill(
	    x->t, x->e->key, x->e->key_len, &hours, memory, &x->f->tests.hours, reterr);
}

static bool test_changes(const struct testing *x, struct arena *memory, struct err *reterr)
{
	const struct detail_settings *settings = x->settings;
	struct finding *f = x->f;
	const struct change_settings s = { .exposure = settings->exposure,
		.seed = settings->seed,
		.key = x->e->key,
		.key_len = x->e->key_len,
		.alone = settings->alone };

	return change_fill(x->t, &s, f->first, f->last, memory, &f->tests.changes, reterr) &&
	       events_fill(x->t, settings->exposure, settings->events, &f->tests.changes, memory,
		   &f->tests.events, reterr);
}

static bool test_reciprocity(const struct testing *x, struct arena *memory, struct err *reterr)
{
	const struct reciprocal_settings s = { .kind = x->f->kind,
		.seed = x->settings->seed,
		.first = x->f->first,
		.last = x->f->last };

	(void)memory;
	return reciprocal_fill(
	    x->h, x->e->key, x->e->key_len, &s, &x->f->tests.reciprocity, reterr);
}

static bool test_cache(const struct testing *x, struct arena *memory, struct err *reterr)
{
	(void)memory;
	return cache_test(x->h, x->settings->cache, x->t, x->cached, &x->f->tests.cache, reterr);
}

/* Alone there is nothing to rank a pair among, and finding its like means reading all names. */
static bool test_succession(const struct testing *x, struct arena *memory, struct err *reterr)
{
	if (x->settings->successions != NULL)
		return successions_fill(
		    x->settings->successions, x->e, x->h, memory, &x->f->tests.succession, reterr);
	x->f->tests.succession.status.why = alone_why;
	return true;
}

static bool weigh(const struct testing *x, struct arena *memory, struct err *reterr)
{
	const struct detail_settings *settings = x->settings;
	const struct explain_settings s = { .classifier = settings->classifier,
		.prior = settings->prior,
		.exposure = settings->exposure,
		.vantage = settings->vantage,
		.seed = settings->seed,
		.alone = settings->alone };

	return explain_fill(
	    x->t, x->h, x->e->key, x->e->key_len, &s, memory, &x->f->weighing, reterr);
}

typedef bool test_fn(const struct testing *x, struct arena *memory, struct err *reterr);

/* The dearest first. */
static test_fn *const all_tests[] = { test_rhythm, test_hours, test_changes, test_cache, weigh,
	test_succession, test_reciprocity };

struct tests_run {
	struct testing testing;
	struct arena arenas[COUNT_OF(all_tests)];
};

static bool run_one(size_t i, void *context, struct err *reterr)
{
	struct tests_run *r = context;

	return all_tests[i](&r->testing, &r->arenas[i], reterr);
}

static bool run_tests(const struct testing *x, struct arena *memory, struct err *reterr)
{
	struct tests_run r = { .testing = *x };
	bool ok;

	for (size_t i = 0; i < COUNT_OF(all_tests); i++)
		arena_init(&r.arenas[i], memory->max_bytes);
	ok = parallel_for(x->settings->jobs, COUNT_OF(all_tests), run_one, &r, reterr);
	for (size_t i = 0; i < COUNT_OF(all_tests); i++)
		arena_adopt(memory, &r.arenas[i]);
	return ok;
}

/* After the other tests: a schedule explains its seconds, and what its cache shows is a part of it. */
static bool fill_authenticity(const struct testing *x, struct arena *memory, struct err *reterr)
{
	const struct detail_settings *s = x->settings;
	struct authentic_input in = { .cache = &x->f->tests.cache,
		.gaps = &x->cached->gaps,
		.keeps_clock = x->f->tests.periodicity.verdict == RHYTHM_SCHEDULE,
		.exposure = s->exposure,
		.seed = s->seed };
	struct imprint_row *rows = NULL;
	const struct trace_peer *busiest;
	size_t top;
	bool ok;

	if (s->companies == NULL) {
		x->f->tests.authenticity.status.why = alone_why;
		return true;
	}
	if (timing_top_peers(x->t, 1, &top) == 0)
		return true;
	busiest = &x->t->peers[top];
	in.target = company_target(x->e->key, x->e->key_len);
	in.resolver = companies_of_peer(s->companies, busiest->key, busiest->key_len);
	in.sensor = companies_of_sensor(s->companies);
	in.series = timing_series_of(x->e->key, x->e->key_len, busiest->key, busiest->key_len);
	ok = company_read_rows(x->h, x->e->key, x->e->key_len, busiest->key, busiest->key_len,
	    &rows, &in.count, reterr);
	in.rows = rows;
	ok = ok && authentic_test(&in, memory, &x->f->tests.authenticity, reterr);
	free(rows);
	return ok;
}

static bool fill_pictures(struct finding *f, const struct trace *t, struct arena *memory)
{
	return raster_fill(t->times_ns, (size_t)t->contacts, memory, &f->raster) &&
	       gaps_fill(t, &f->gaps);
}

static const char *const miscalibrated =
    "miscalibrated here: the p-values of all names together are smaller than chance allows, and "
    "were made larger before the false-discovery control";

static const char *const alone_limit =
    "looked at alone: the sensors are taken to have been alive from its first contact to its last, "
    "so that an outage of theirs may pass for a pause of its own; hunt tells outages from the "
    "contacts of all names";

/* One more line behind those that are there. */
static bool add_limit(struct finding *f, const char *text, struct arena *memory)
{
	const char **limits = arena_alloc(memory, (f->limit_count + 1) * sizeof(*limits));

	if (limits == NULL)
		return false;
	if (f->limit_count > 0)
		memcpy(limits, f->limits, f->limit_count * sizeof(*limits));
	limits[f->limit_count++] = text;
	f->limits = limits;
	return true;
}

static bool fill(struct finding *f, const struct detail_settings *settings,
    const struct eligible *e, const struct cache_subject *cached, const struct trace *t,
    struct haystack *h, struct arena *memory, struct err *reterr)
{
	const struct name *n = &settings->funnel->names[e->name];
	const struct testing testing = { f, settings, e, cached, t, h };

	*f = (struct finding){ .score = settings->alone ? NAN : e->score,
		.p = e->p,
		.q = e->q,
		.needle = e->q <= ORDER_NEEDLE_Q,
		.limited_by_b = e->timing.limited_by_b,
		.contacts = t->contacts,
		.visits = e->timing.visits,
		.active_days = n->days,
		.verdict = VERDICT_CANNOT_TELL };
	if (!fill_peers(f, t, reterr))
		return false;
	fill_narrowness(f, e, n, settings);
	f->tests.periodicity.p_clock = e->timing.p_clock; /* what the score knows of it */
	if (settings->ranking_only)
		return true;
	f->allowed = allow_find(settings->allow, &f->target);
	if (!known_fill(settings->enrich, t, memory, f, reterr) ||
	    !join_fill(h, &f->target, settings->covers, memory, &f->joined, reterr) ||
	    !usual_fill(settings->usual, h, e->key, e->key_len, f->peers_total, settings->alone,
		memory, &f->usual, reterr))
		return false;
	if (!fill_evidence(f, t, h, memory) || !fill_pictures(f, t, memory)) {
		err_set_memory(reterr);
		return false;
	}
	if (!run_tests(&testing, memory, reterr) || !fill_authenticity(&testing, memory, reterr))
		return false;
	if (!lives_fill(h, memory, f, reterr))
		return false;
	if (f->tests.authenticity.verdict == AUTHENTICITY_CONCERN && f->weighing.undecided == NULL)
		f->weighing.undecided = "its records are unlike others of the same place";
	f->verdict = explanation_verdict(&f->weighing);
	if (!why_fill(f, settings->vantage, memory, reterr))
		return false;
	if (settings->lambda_gc > LAMBDA_GC_TOLERATED && !add_limit(f, miscalibrated, memory)) {
		err_set_memory(reterr);
		return false;
	}
	if (settings->alone && !add_limit(f, alone_limit, memory)) {
		err_set_memory(reterr);
		return false;
	}
	return true;
}

bool detail_fill(struct haystack *h, const struct detail_settings *settings,
    const struct eligible *e, const struct cache_subject *cached, struct arena *memory,
    struct finding *ret, struct err *reterr)
{
	struct trace t;
	bool ok;

	if (!trace_init(&t, haystack_source_count(h), reterr))
		return false;
	ok = trace_read(&t, h, e->key, e->key_len, reterr) &&
	     fill(ret, settings, e, cached, &t, h, memory, reterr);
	trace_release(&t);
	return ok;
}
