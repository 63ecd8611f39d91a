/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One peer, one type of record, one TTL: the largest that its answers gave, or the one that the
 * pauses show. How many caches are behind the address decides how its rate is estimated: for one
 * cache the look-ups are thinned by its dead time, which holds whether it obeys or not.
 */
#include "hunt/cache.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/size.h"
#include "base/stamp.h"
#include "hunt/timing.h"
#include "stats/cache_count.h"
#include "stats/cache_ttl.h"
#include "stats/gap_shape.h"
#include "stats/joint_days.h"
#include "stats/live_rate.h"
#include "stats/visits.h"

#define VISITS_MIN 5
#define HOUR_S     3600.0

/* Contacts drawn for the shape of the pauses: a few hundredths of a second. */
#define SHAPE_WORK       80000
#define SHAPE_SURROGATES 999

struct starts {
	double *times_s; /* of the visits, sorted */
	size_t count;
};

static bool starts_of(const struct trace_peer *p, const struct cache_settings *settings,
    const uint8_t *group, size_t group_len, struct starts *ret, struct err *reterr)
{
	struct visit *visits = malloc(size_mul(p->count, sizeof(*visits)));

	ret->times_s = malloc(size_mul(p->count, sizeof(*ret->times_s)));
	if (visits == NULL || ret->times_s == NULL) {
		free(visits);
		err_set_memory(reterr);
		return false;
	}
	visits_spread(p->times_ns, p->count, p->digits_min, settings->seed,
	    timing_series_of(group, group_len, p->key, p->key_len), ret->times_s);
	ret->count = visits_find(ret->times_s, p->count, visits);
	for (size_t i = 0; i < ret->count; i++)
		ret->times_s[i] = visits[i].start_s;
	free(visits);
	return true;
}

/*
 * Read the look-ups that the subject's peer made for one type: the subject's, or where `choose`
 * is set the one with the most, which becomes the subject's. The trace then has this peer alone.
 */
static bool read_type(
    struct haystack *h, struct cache_subject *s, bool choose, struct trace *t, struct err *reterr)
{
	struct haystack_range range = { .tag = KEY_TAG_SERIES, .parts = 1 };
	struct series_summary sum;
	uint64_t most = 0;
	struct key prefix;
	struct walk_series series;
	struct walk *w = NULL;
	bool end, ok = false;

	trace_clear(t);
	prefix.len = s->group_len;
	memcpy(prefix.bytes, s->group, s->group_len);
	range.prefix = &prefix;
	if (!walk_new(h, &range, &w, reterr))
		return false;
	for (;;) {
		struct cursor value;

		if (!walk_next(w, &series, &end, reterr))
			goto out;
		if (end)
			break;
		if (series.peer_len != s->peer_len ||
		    memcmp(series.peer, s->peer, s->peer_len) != 0 ||
		    (!choose && series.type != s->type))
			continue;
		value = cursor_of(series.value, series.value_len);
		if (choose && series_read_summary(&value, &sum) && sum.contacts <= most)
			continue;
		most = choose ? sum.contacts : 0;
		s->type = series.type;
		trace_clear(t);
		if (!trace_add(t, &series, reterr))
			goto out;
	}
	ok = trace_close(t, reterr);
out:
	walk_free(w);
	return ok;
}

static bool take_busiest(const struct trace *t, struct cache_subject *s, struct err *reterr)
{
	size_t top;

	if (timing_top_peers(t, 1, &top) == 0)
		return true;
	s->peer_len = t->peers[top].key_len;
	s->peer = malloc(s->peer_len);
	if (s->peer == NULL) {
		err_set_memory(reterr);
		return false;
	}
	memcpy(s->peer, t->peers[top].key, s->peer_len);
	return true;
}

/* The TTL, and the pauses beside it. */
static bool measure(const struct cache_settings *settings, const struct trace_peer *p,
    struct cache_subject *s, struct err *reterr)
{
	struct starts starts = { .count = 0 };
	struct cache_ttl found;
	bool ok = false;

	if (!starts_of(p, settings, s->group, s->group_len, &starts, reterr))
		goto out;
	s->ttl_s = p->ttl_max == TTL_NONE ? 0 : p->ttl_max;
	if (p->ttl_max == TTL_NONE && starts.count >= VISITS_MIN) {
		if (!cache_ttl_find(
			starts.times_s, starts.count, settings->exposure, &found, reterr))
			goto out;
		s->ttl_by_pauses = true;
		s->ttl_s = found.ttl_s;
	}
	cache_gaps_count(
	    settings->exposure, starts.times_s, starts.count, s->ttl_s, s->ttl_s, &s->gaps);
	ok = true;
out:
	free(starts.times_s);
	return ok;
}

bool cache_subject_read(struct haystack *h, const struct cache_settings *settings,
    const uint8_t *group, size_t group_len, struct cache_subject *ret, struct err *reterr)
{
	struct trace t;
	bool ok = false;

	*ret = (struct cache_subject){ .group = group, .group_len = group_len };
	if (!trace_init(&t, 0, reterr))
		return false;
	if (group[group_len - 1] == KIND_DNS)
		ok = trace_read(&t, h, group, group_len, reterr) && take_busiest(&t, ret, reterr) &&
		     read_type(h, ret, true, &t, reterr) &&
		     (t.peer_count == 0 || measure(settings, &t.peers[0], ret, reterr));
	else
		ok = true;
	trace_release(&t);
	if (!ok)
		cache_subject_release(ret);
	return ok;
}

void cache_subject_release(struct cache_subject *s)
{
	free(s->peer);
	*s = (struct cache_subject){ 0 };
}

/* ---- the test ---- */

/* Where answers may come out of a cache, they carry what is left of a TTL. */
static bool sees_behind_caches(const char *vantage)
{
	return strcmp(vantage, "stub") == 0 || strcmp(vantage, "recursive") == 0;
}

static const char *why_not(const struct cache_settings *settings, const struct cache_subject *s)
{
	if (s->peer == NULL)
		return "only look-ups pass through a cache";
	if (sees_behind_caches(settings->vantage))
		return "seen from where answers come out of a cache, with what is left of a TTL";
	if (s->gaps.gaps + 1 < VISITS_MIN)
		return "its busiest peer made too few look-ups of one type";
	if (s->ttl_by_pauses && s->ttl_s == 0)
		return "no answer gave a TTL, and the pauses do not show one";
	if (!cache_gaps_tells(s->ttl_s))
		return "its TTL is no longer than a visit";
	return NULL;
}

static void put_rate(const struct live_rate *r, struct test_cache *ret)
{
	ret->saturation = r->saturation;
	ret->rate_per_h = r->per_s * HOUR_S;
	ret->rate_lo = r->low_per_s * HOUR_S;
	ret->rate_hi = r->high_per_s * HOUR_S;
}

/* The shape of the pauses; times_s are thinned. */
static bool test_shape(const struct cache_settings *settings, const struct starts *thinned,
    double dead_s, struct test_cache *ret, struct err *reterr)
{
	struct monte_carlo_plan plan = { .surrogates_max = SHAPE_SURROGATES };
	const struct gap_shape_input in = { .events_s = thinned->times_s,
		.count = thinned->count,
		.dead_s = dead_s,
		.exposure = settings->exposure,
		.seed = settings->seed };
	struct gap_shape shape;

	if (thinned->count > SHAPE_WORK / SHAPE_SURROGATES)
		plan.surrogates_max = (uint32_t)(SHAPE_WORK / thinned->count) + 1;
	if (!gap_shape_test(&in, &plan, &shape, reterr))
		return false;
	if (shape.tested) {
		ret->p_shape = shape.p;
		ret->early_share = shape.early;
		ret->early_expected = shape.early_expected;
	}
	return true;
}

/* The number of caches, the rate behind them; starts are thinned where there is one. */
static bool test_rate(const struct cache_settings *settings, struct starts *starts, double ttl_s,
    struct test_cache *ret, struct err *reterr)
{
	struct cache_count found;
	struct cache_states states;
	struct live_rate rate;

	cache_count_fit(settings->exposure, starts->times_s, starts->count, ttl_s, &found);
	if (found.caches > 1 || found.most < CACHES_MAX)
		ret->caches = found.caches;
	if (found.caches == 1)
		starts->count =
		    visits_thin(starts->times_s, starts->count, found.dead_s, starts->times_s);
	if (starts->count < 2)
		return true;
	cache_states_tally(
	    &states, settings->exposure, starts->times_s, starts->count, found.dead_s);
	live_rate_fit(&states, found.caches, found.caches == 1 ? 1 : found.most, &rate);
	put_rate(&rate, ret);
	return found.caches > 1 || test_shape(settings, starts, found.dead_s, ret, reterr);
}

/* The two busiest peers, their types merged. */
static bool test_joint(const struct cache_settings *settings, const struct trace *t,
    const struct cache_subject *s, struct test_cache *ret, struct err *reterr)
{
	struct joint_input in = { .ttl_s = s->ttl_s, .seed = settings->seed };
	struct starts a = { .count = 0 }, b = { .count = 0 };
	struct joint_result r;
	size_t top[2];
	bool ok = false;

	if (timing_top_peers(t, 2, top) < 2)
		return true;
	if (!starts_of(&t->peers[top[0]], settings, s->group, s->group_len, &a, reterr) ||
	    !starts_of(&t->peers[top[1]], settings, s->group, s->group_len, &b, reterr))
		goto out;
	in.a_s = a.times_s;
	in.a_count = a.count;
	in.b_s = b.times_s;
	in.b_count = b.count;
	in.series = timing_series_of(s->group, s->group_len, s->peer, s->peer_len);
	if (!joint_days_test(&in, &r, reterr))
		goto out;
	if (r.tested) {
		ret->joint_p = r.p;
		ret->joint_apart = r.p_apart < r.p_together;
		ret->joint_window_s = r.window_s;
		ret->joint_share = r.near_share;
		ret->joint_expected = r.expected;
	}
	ok = true;
out:
	free(a.times_s);
	free(b.times_s);
	return ok;
}

bool cache_test(struct haystack *h, const struct cache_settings *settings, const struct trace *t,
    const struct cache_subject *s, struct test_cache *ret, struct err *reterr)
{
	struct cache_subject subject = *s; /* read_type() writes the type that is there already */
	struct starts starts = { .count = 0 };
	struct trace own;
	bool ok = false;

	*ret = (struct test_cache){ .status = { why_not(settings, s) },
		.ttl_s = s->ttl_s,
		.saturation = NAN,
		.rate_per_h = NAN,
		.rate_lo = NAN,
		.rate_hi = NAN,
		.violations_p = NAN,
		.early_p = NAN,
		.joint_p = NAN,
		.ttl_by_pauses = s->ttl_by_pauses,
		.pauses = s->gaps.gaps,
		.forbidden = s->gaps.forbidden,
		.before = s->gaps.before,
		.after = s->gaps.after,
		.p_shape = NAN };
	if (ret->status.why != NULL)
		return true;
	if (!s->ttl_by_pauses) {
		ret->violations_p = violations_p(&s->background, &s->gaps);
		ret->violations_expected = excess_expected(&s->background, s->gaps.chances_s);
		ret->early_p = violations_p_early(&s->early, &s->gaps);
		ret->early_names = s->early.names;
		ret->early_expected_pauses = violations_expected_early(&s->early, &s->gaps);
	}
	if (!trace_init(&own, 0, reterr))
		return false;
	if (!read_type(h, &subject, false, &own, reterr))
		goto out;
	assert(own.peer_count == 1); /* nothing is taken out of a haystack */
	ok = starts_of(&own.peers[0], settings, s->group, s->group_len, &starts, reterr) &&
	     test_rate(settings, &starts, s->ttl_s, ret, reterr) &&
	     test_joint(settings, t, s, ret, reterr);
out:
	free(starts.times_s);
	trace_release(&own);
	return ok;
}
