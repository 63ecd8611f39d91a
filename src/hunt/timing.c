/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The analytic p of a test is conservative, so it may enter the false-discovery procedure; the
 * Monte Carlo p is exact but cannot be smaller than its surrogates allow. The verdict takes the
 * Monte Carlo p, and where no surrogate reached the observed value the smaller of the two. That
 * is a p-value again: at levels above the floor, having no surrogate reach is itself as rare as
 * the floor; at levels below it, only the analytic p can be that small, and it is conservative.
 */
#include "hunt/timing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/limits.h"
#include "base/size.h"
#include "stats/clock_test.h"
#include "stats/combine.h"
#include "stats/fortnight.h"
#include "stats/visits.h"

/* An analytic p can underflow; no p is 0. */
#define SMALLEST_P 1e-300

struct timing_work {
	struct rhythm_work *rhythm;
	double *times_s;  /* of the streams, one after another */
	double *visits_s; /* of one stream, or of their union */
	size_t capacity;  /* of either */
	struct clock_wheel wheel;
};

/* p-values of one kind of test, over the streams and their rounds. */
struct p_list {
	double p[2 * (TIMING_PEERS_MAX + 1)];
	size_t count;
};

bool timing_work_new(struct timing_work **ret, struct err *reterr)
{
	struct timing_work *w = calloc(1, sizeof(*w));

	if (w == NULL) {
		err_set_memory(reterr);
		return false;
	}
	if (!rhythm_work_new(&w->rhythm, reterr)) {
		free(w);
		return false;
	}
	clock_test_init(&w->wheel);
	*ret = w;
	return true;
}

void timing_work_free(struct timing_work *w)
{
	if (w == NULL)
		return;
	rhythm_work_free(w->rhythm);
	free(w->times_s);
	free(w->visits_s);
	free(w);
}

uint64_t timing_series_of(const uint8_t *key, size_t len, const uint8_t *peer, size_t peer_len)
{
	/* XXH3 is the same everywhere, and with a fixed seed it is only a name for a stream */
	return hash_bytes(peer, peer_len, hash_bytes(key, len, 0));
}

static bool is_busier(const struct trace *t, size_t a, size_t b)
{
	if (t->peers[a].count != t->peers[b].count)
		return t->peers[a].count > t->peers[b].count;
	return a < b;
}

size_t timing_top_peers(const struct trace *t, size_t max, size_t *ret)
{
	size_t count = 0;

	for (size_t i = 0; i < t->peer_count && max > 0; i++) {
		size_t at;

		if (count == max && !is_busier(t, i, ret[count - 1]))
			continue;
		at = count < max ? count++ : count - 1;
		for (; at > 0 && is_busier(t, i, ret[at - 1]); at--)
			ret[at] = ret[at - 1];
		ret[at] = i;
	}
	return count;
}

static bool make_room(struct timing_work *w, size_t count)
{
	double *times_s, *visits_s;

	if (count <= w->capacity)
		return true;
	times_s = realloc(w->times_s, size_mul(count, sizeof(*times_s)));
	if (times_s == NULL)
		return false;
	w->times_s = times_s;
	visits_s = realloc(w->visits_s, size_mul(count, sizeof(*visits_s)));
	if (visits_s == NULL)
		return false;
	w->visits_s = visits_s;
	w->capacity = count;
	return true;
}

/* The times of the busiest peers in seconds, moved within the grain of their clock. */
static bool spread(const struct trace *t, const size_t *top, size_t top_count, uint64_t seed,
    const uint64_t *series, struct timing_work *w, struct rhythm_stream *streams)
{
	size_t total = 0, at = 0;

	for (size_t i = 0; i < top_count; i++)
		total += t->peers[top[i]].count;
	if (!make_room(w, total))
		return false;
	for (size_t i = 0; i < top_count; i++) {
		const struct trace_peer *p = &t->peers[top[i]];

		visits_spread(
		    p->times_ns, p->count, p->digits_min, seed, series[i], w->times_s + at);
		streams[i] = (struct rhythm_stream){
			.times_s = w->times_s + at,
			.count = p->count,
			.ttl_s = p->ttl_max == TTL_NONE ? 0 : p->ttl_max,
		};
		at += p->count;
	}
	return true;
}

/* Add a test's p to its list; see the head of this file. */
static void add_p(struct p_list *list, double screen, double verdict, bool at_floor, bool *limited)
{
	if (at_floor && screen >= verdict)
		*limited = true;
	list->p[list->count++] = fmax(at_floor && screen < verdict ? screen : verdict, SMALLEST_P);
}

static int double_cmp(const void *a, const void *b)
{
	const double *x = a;
	const double *y = b;

	return (*x > *y) - (*x < *y);
}

/* The bound of p_clock: it needs no surrogates, and none could make it smaller. */
static bool test_clock(
    const struct rhythm_input *in, struct timing_work *w, struct p_list *clock, struct err *reterr)
{
	struct clock_input visits = {
		.visits_s = w->visits_s, .exposure = in->exposure, .wheel = &w->wheel
	};
	struct clock_result r;
	size_t count = 0;

	for (size_t i = 0; i < in->stream_count; i++) {
		const struct rhythm_stream *s = &in->streams[i];

		memcpy(w->visits_s + count, s->times_s, s->count * sizeof(*w->visits_s));
		count += s->count;
		visits.ttl_s = fmax(visits.ttl_s, s->ttl_s > 0 ? s->ttl_s : INFINITY);
	}
	if (in->stream_count > 1)
		qsort(w->visits_s, count, sizeof(*w->visits_s), double_cmp);
	visits.count = visits_thin(w->visits_s, count, LIMIT_VISIT_SPAN_S, w->visits_s);
	visits.dead_s = in->stream_count > 1 ? LIMIT_VISIT_SPAN_S
					     : fmax(in->streams[0].ttl_s, LIMIT_VISIT_SPAN_S);
	if (!clock_test(&visits, &r, reterr))
		return false;
	if (r.tested)
		clock->p[clock->count++] = fmax(r.p, SMALLEST_P);
	return true;
}

/*
 * Of a meeting only the first look-up is a beat. Rounds are tested beside visits where some have
 * more than one; their p is one more of even pauses.
 */
static bool test_rounds(
    const struct rhythm_input *in, struct timing_work *w, struct p_list *gap, struct err *reterr)
{
	struct rhythm_input rounds = *in;
	struct rhythm_result r;
	size_t visits = 0, count = 0;

	rounds.round_s = TIMING_ROUND_S;
	for (size_t i = 0; i < in->stream_count; i++) {
		const struct rhythm_stream *s = &in->streams[i];

		visits += visits_thin(
		    s->times_s, s->count, fmax(s->ttl_s, LIMIT_VISIT_SPAN_S), w->visits_s);
		count +=
		    visits_thin(s->times_s, s->count, fmax(s->ttl_s, TIMING_ROUND_S), w->visits_s);
	}
	if (count == visits || count <= RHYTHM_GAPS_MIN)
		return true;
	/* rounds of most days are not tested, and that needs no fit to be seen */
	if (in->stream_count == 1 && w->visits_s[count - 1] - w->visits_s[0] <
					 (double)(count - 1) * RHYTHM_ROUND_DAYS * DAY_S)
		return true;
	if (!rhythm_screen(&rounds, w->rhythm, &r, reterr))
		return false;
	if (r.gap_tested)
		gap->p[gap->count++] = fmax(r.p_gap, SMALLEST_P);
	return true;
}

/* The lists of a name's p's. */
struct p_lists {
	struct p_list gap;
	struct p_list days;
	struct p_list clock;
};

static bool test_input(const struct rhythm_input *in, const struct timing_settings *settings,
    struct timing_work *w, struct p_lists *lists, struct timing *ret, struct err *reterr)
{
	const struct monte_carlo_plan plan = { .surrogates_max = settings->surrogates_max };
	struct rhythm_result screen = { .p_gap = 1, .p_days = 1 }, verdict;

	if (!settings->verdict_alone && !rhythm_screen(in, w->rhythm, &screen, reterr))
		return false;
	verdict = screen;
	if (settings->surrogates_max > 0 && !rhythm_verdict(in, &plan, w->rhythm, &verdict, reterr))
		return false;
	if (verdict.gap_tested)
		add_p(&lists->gap, screen.p_gap, verdict.p_gap, verdict.gap_limited_by_b,
		    &ret->limited_by_b);
	if (verdict.days_tested)
		add_p(&lists->days, screen.p_days, verdict.p_days, verdict.days_limited_by_b,
		    &ret->limited_by_b);
	ret->streams += verdict.gap_tested || verdict.days_tested;
	return settings->verdict_alone || (test_rounds(in, w, &lists->gap, reterr) &&
					      test_clock(in, w, &lists->clock, reterr));
}

/* One p of a list; its entries go to all[] too. */
static double combine_list(const struct p_list *list, double *all, size_t *count)
{
	memcpy(all + *count, list->p, list->count * sizeof(*all));
	*count += list->count;
	return list->count > 0 ? combine_cauchy(list->p, list->count) : NAN;
}

static void combine(const struct p_lists *lists, struct timing *ret)
{
	double all[4 * (TIMING_PEERS_MAX + 1)];
	size_t count = 0;

	ret->p_gap = combine_list(&lists->gap, all, &count);
	ret->p_days = combine_list(&lists->days, all, &count);
	ret->p_clock = combine_list(&lists->clock, all, &count);
	ret->p = combine_cauchy(all, count);
}

bool timing_test(const struct trace *t, const uint8_t *series_key, size_t key_len,
    const struct timing_settings *settings, struct timing_work *w, struct timing *ret,
    struct err *reterr)
{
	struct rhythm_stream streams[TIMING_PEERS_MAX];
	size_t top[TIMING_PEERS_MAX];
	size_t top_count = timing_top_peers(t, TIMING_PEERS_MAX, top);
	uint64_t series[TIMING_PEERS_MAX];
	struct p_lists lists = { .gap = { .count = 0 } };
	struct rhythm_input in = { .exposure = settings->exposure, .seed = settings->seed };

	*ret = (struct timing){ .visits = 0 };
	for (size_t i = 0; i < t->peer_count; i++)
		ret->visits += trace_visits(&t->peers[i]);
	for (size_t i = 0; i < top_count; i++)
		series[i] = timing_series_of(
		    series_key, key_len, t->peers[top[i]].key, t->peers[top[i]].key_len);
	if (!spread(t, top, top_count, settings->seed, series, w, streams)) {
		err_set_memory(reterr);
		return false;
	}
	in.stream_count = 1;
	for (size_t i = 0; i < top_count; i++) {
		in.streams = &streams[i];
		in.series = series[i];
		if (!test_input(&in, settings, w, &lists, ret, reterr))
			return false;
	}
	if (top_count > 1) {
		in.streams = streams;
		in.stream_count = top_count;
		in.series = timing_series_of(series_key, key_len, NULL, 0);
		if (!test_input(&in, settings, w, &lists, ret, reterr))
			return false;
	}
	combine(&lists, ret);
	return true;
}
