/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * First a period is looked for: what the cache and the hours expect is taken off, and the
 * strongest line that is left counts; where none is, the canonical period with the largest H.
 * Then it is asked whether one cache explains the rhythm (p_cache) and whether it keeps to a clock
 * (p_clock). The words follow METHODS 2.b:
 *
 *   schedule     p_clock < .001
 *   cannot tell  a cache that is never cold (20 requests per TTL or more) fetches at its TTL like
 *                a clock
 *   cache        p_cache, p_gap and p_days >= .05 and the period between the TTL and the TTL plus
 *                a mean wait (p_cache alone lets a sleep timer pass)
 *   none         no test is at .05
 *   cannot tell  all else: even visits that keep no clock
 */
#include "hunt/clock.h"

#include <math.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/size.h"
#include "stats/beats.h"
#include "stats/cache_bootstrap.h"
#include "stats/clock_test.h"
#include "stats/htest.h"
#include "stats/period.h"
#include "stats/visits.h"

#define PURPOSE_CLOCK  4
#define PERIOD_P       .01 /* a period is shown from this p on */
#define SMALL_P        .05
#define CLOCK_P        .001
#define BUSY           20.0 /* requests per TTL */
#define NEAR           .01
#define BEAT_WIDEST    .15 /* standard deviation in periods */
#define IS_BEAT        .5
#define CANONICAL      12.0 /* periods that clock_test() tries */
#define SURROGATES_MIN 39   /* so few tell on which side of .05 a p is */

/* The busiest peer's contacts as one series. */
struct subject {
	double *visits_s; /* first contacts of visits */
	size_t visits;
	double *events_s; /* those that are a dead time apart */
	size_t events;
	double ttl_s;  /* 0: not known */
	double dead_s; /* of the cache: the TTL, at least a visit's length */
	double wait_s; /* mean time from the end of a dead time to the next event */
	struct profile hours;
	struct philox random;
	struct monte_carlo_plan plan;
};

static void subject_release(struct subject *s)
{
	free(s->visits_s);
	free(s->events_s);
	profile_release(&s->hours);
}

/* Mean live time that the cache was cold before it was asked. */
static double mean_wait(const struct subject *s, const struct exposure *e)
{
	double sum = 0;

	for (size_t i = 1; i < s->events; i++)
		if (s->events_s[i - 1] + s->dead_s < s->events_s[i])
			sum += exposure_live(e, s->events_s[i - 1] + s->dead_s, s->events_s[i]);
	return sum / (double)(s->events - 1);
}

static uint32_t surrogates_for(size_t events, uint32_t work)
{
	static const uint32_t runs[] = { 9999, 999, 99 };

	for (size_t i = 0; i < COUNT_OF(runs); i++)
		if (events <= work / runs[i])
			return runs[i];
	return SURROGATES_MIN;
}

/* False: out of memory. A subject with fewer than two events has no profile. */
static bool subject_init(struct subject *s, const struct trace *t, const struct eligible *e,
    const struct clock_settings *settings, struct err *reterr)
{
	const struct trace_peer *peer;
	uint64_t series;
	size_t top;

	if (timing_top_peers(t, 1, &top) == 0)
		return true;
	peer = &t->peers[top];
	series = timing_series_of(e->key, e->key_len, peer->key, peer->key_len);
	s->visits_s = malloc(size_mul(peer->count, sizeof(*s->visits_s)));
	s->events_s = malloc(size_mul(peer->count, sizeof(*s->events_s)));
	if (s->visits_s == NULL || s->events_s == NULL) {
		err_set_memory(reterr);
		return false;
	}
	s->ttl_s = peer->ttl_max == TTL_NONE ? 0 : peer->ttl_max;
	s->dead_s = fmax(s->ttl_s, LIMIT_VISIT_SPAN_S);
	visits_spread(
	    peer->times_ns, peer->count, peer->digits_min, settings->seed, series, s->visits_s);
	s->events = visits_thin(s->visits_s, peer->count, s->dead_s, s->events_s);
	s->visits = visits_thin(s->visits_s, peer->count, LIMIT_VISIT_SPAN_S, s->visits_s);
	philox_init(&s->random, settings->seed, series, PURPOSE_CLOCK);
	s->plan.surrogates_max = surrogates_for(s->visits, settings->work);
	if (s->events < 2)
		return true;
	s->wait_s = mean_wait(s, settings->exposure);
	return profile_fit(&s->hours, settings->exposure, s->events_s, s->events, s->dead_s,
	    PROFILE_TO_DRAW, reterr);
}

/* Sets p_any, and the period where one stands out; *ret_tried: among how many it was found. */
static bool find_period(
    const struct subject *s, struct test_periodicity *test, double *ret_tried, struct err *reterr)
{
	struct period_result line;
	struct htest_screen screen;

	*ret_tried = CANONICAL;
	htest_screen(s->visits_s, s->visits, s->ttl_s, &screen);
	test->p_any = screen.p_any;
	if (screen.p_any < PERIOD_P)
		test->period_s = screen.period_s;
	if (s->events < PERIOD_EVENTS_MIN)
		return true;
	if (!period_find(s->events_s, s->events, s->dead_s, &s->hours, &line, reterr))
		return false;
	if (line.p < PERIOD_P) {
		test->period_s = line.period_s;
		*ret_tried = line.tried;
	}
	return true;
}

/*
 * p of lock to a clock at the period, or at the minute of the hour for a longer one. The bound
 * over customary periods is there already; twice the smaller of two p's is a p.
 */
static bool ask_clock(const struct subject *s, const struct clock_settings *settings, double tried,
    const struct clock_wheel *wheel, struct test_periodicity *test, struct err *reterr)
{
	struct clock_input in = { .visits_s = s->visits_s,
		.count = s->visits,
		.dead_s = s->dead_s,
		.ttl_s = s->ttl_s > 0 ? s->ttl_s : INFINITY,
		.exposure = settings->exposure,
		.wheel = wheel };
	double period_s = test->period_s;
	struct monte_carlo_result shuffled;
	struct philox random = s->random;

	if (isnan(period_s))
		return true;
	if (period_s > CLOCK_PERIOD_MAX) {
		period_s = 3600;
		tried = CANONICAL;
	}
	if (!clock_test_shuffle(&in, period_s, &s->plan, &random, &shuffled, reterr))
		return false;
	shuffled.p = fmax(shuffled.p, clock_test_rotation(&in, period_s, tried));
	test->p_clock =
	    isnan(test->p_clock) ? shuffled.p : fmin(1, 2 * fmin(shuffled.p, test->p_clock));
	return true;
}

static bool ask_cache(struct subject *s, struct test_periodicity *test, struct err *reterr)
{
	struct monte_carlo_result r;

	if (s->events < HTEST_EVENTS_MIN)
		return true;
	if (!cache_bootstrap(s->events_s, s->events, s->dead_s, s->ttl_s, &s->hours, &s->plan,
		&s->random, &r, reterr))
		return false;
	test->p_cache = r.p;
	return true;
}

/* NAN is not small. */
static bool is_small(double p)
{
	return p < SMALL_P;
}

static enum rhythm_verdict judge(const struct subject *s, const struct test_periodicity *test)
{
	bool even = is_small(test->p_gap) || is_small(test->p_days);
	bool cache_does = s->ttl_s > 0 && test->p_cache >= SMALL_P && !even;

	if (test->p_clock < CLOCK_P)
		return RHYTHM_SCHEDULE;
	if (s->ttl_s > BUSY * s->wait_s && fabs(test->period_s - s->ttl_s) < NEAR * s->ttl_s)
		return RHYTHM_CANNOT_TELL;
	if (cache_does && test->period_s >= (1 - NEAR) * s->ttl_s &&
	    test->period_s <= s->ttl_s + s->wait_s)
		return RHYTHM_CACHE;
	if (!even && !is_small(test->p_clock) && !is_small(test->p_cache))
		return RHYTHM_NONE;
	return RHYTHM_CANNOT_TELL;
}

/* Keep the least likely of the strays, in order of time. */
static void note_stray(struct test_periodicity *test, double at_s, double membership)
{
	size_t count = test->strays < TEST_STRAYS_MAX ? (size_t)test->strays : TEST_STRAYS_MAX;
	size_t worst = 0;

	test->strays++;
	if (count == TEST_STRAYS_MAX) {
		for (size_t i = 1; i < count; i++)
			if (test->stray[i].membership > test->stray[worst].membership)
				worst = i;
		if (test->stray[worst].membership <= membership)
			return;
		count--;
		for (size_t i = worst; i < count; i++)
			test->stray[i] = test->stray[i + 1];
	}
	test->stray[count] = (struct test_stray){ .at = { (int64_t)floor(at_s) * NS_PER_S, 0 },
		.membership = membership };
}

static bool fit_beats(const struct subject *s, const struct exposure *e,
    struct test_periodicity *test, struct err *reterr)
{
	double *memberships = malloc(size_mul(s->visits, sizeof(*memberships)));
	struct beats beats;

	if (memberships == NULL) {
		err_set_memory(reterr);
		return false;
	}
	beats_fit(s->visits_s, s->visits, test->period_s, e, &beats, memberships);
	/* a bell as wide as that is no beat, but somebody's hours */
	if (beats.jitter_s < BEAT_WIDEST * test->period_s) {
		test->jitter_s = beats.jitter_s;
		test->missing = beats.missing;
		for (size_t i = 0; i < s->visits; i++)
			if (memberships[i] >= IS_BEAT)
				test->beats++;
			else
				note_stray(test, s->visits_s[i], memberships[i]);
	}
	free(memberships);
	return true;
}

static bool describe(struct subject *s, const struct clock_settings *settings,
    struct test_periodicity *test, struct err *reterr)
{
	struct clock_wheel wheel;
	double tried;

	if (s->visits < HTEST_EVENTS_MIN)
		return true;
	clock_test_init(&wheel);
	if (!find_period(s, test, &tried, reterr) ||
	    !ask_clock(s, settings, tried, &wheel, test, reterr) || !ask_cache(s, test, reterr))
		return false;
	if (!isnan(test->period_s) && !fit_beats(s, settings->exposure, test, reterr))
		return false;
	test->verdict = judge(s, test);
	return true;
}

bool clock_fill(const struct trace *t, const struct eligible *e,
    const struct clock_settings *settings, struct test_periodicity *ret, struct err *reterr)
{
	struct subject s = { .visits = 0 };
	bool ok;

	*ret = (struct test_periodicity){ .p_gap = e->timing.p_gap,
		.p_days = e->timing.p_days,
		.p_any = NAN,
		.p_cache = NAN,
		.p_clock = e->timing.p_clock,
		.period_s = NAN,
		.jitter_s = NAN,
		.missing = NAN,
		.verdict = RHYTHM_CANNOT_TELL };
	if (e->timing.streams == 0) {
		ret->status.why = "no peer has enough visits of its own";
		return true;
	}
	ok = subject_init(&s, t, e, settings, reterr) && describe(&s, settings, ret, reterr);
	subject_release(&s);
	return ok;
}
