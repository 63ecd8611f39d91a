/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The two tests that make a needle (docs/methods.md, p_gap and p_days). The null of both: Poisson
 * clients with weekday/weekend hours, each stream behind one cache of its TTL (or one that
 * prefetches in the last tenth of it), seen by this sensor.
 *   p_gap   gaps too even for that: timers, one visit a day, schedules with jitter and misses;
 *   p_days  days too equal for that: always one, always two.
 * Innocent mechanism behind the null: many people, their hours, a cache.
 */
#ifndef STATS_RHYTHM_H
#define STATS_RHYTHM_H

#include "stats/exposure.h"
#include "stats/monte_carlo.h"

/* All contacts of one peer with one target: sorted, spread (visits_spread()), types merged. */
struct rhythm_stream {
	const double *times_s;
	size_t count;
	double ttl_s; /* largest TTL seen in its answers; 0: none known */
};

#define RHYTHM_STREAMS_MAX 16

/*
 * One stream, or several peers' streams tested as their union: each then has its own profile and
 * its own cache, and only the union's beat is tested.
 */
struct rhythm_input {
	const struct rhythm_stream *streams;
	size_t stream_count; /* at most RHYTHM_STREAMS_MAX */
	const struct exposure *exposure;
	uint64_t seed; /* with series: names the surrogates' random numbers */
	uint64_t series;

	/*
	 * 0: every visit counts. Else rounds are tested, not visits: what comes within so long of
	 * the first of a round belongs to it, as if a cache of that TTL stood before it. The null
	 * is the same. Rounds less than RHYTHM_ROUND_DAYS apart in the mean are not tested: what
	 * comes on most days comes when its office opens.
	 */
	double round_s;
};

#define RHYTHM_ROUND_DAYS 3

/* Why there is no p: too little to test. */
#define RHYTHM_GAPS_MIN 8
#define RHYTHM_DAYS_MIN 3

struct rhythm_result {
	bool gap_tested;
	bool days_tested;
	double p_gap; /* 1 where not tested */
	double p_days;
	double gap_excess; /* effect: largest shortfall of short gaps, 0..1 - 1/e */
	double
	    gap_cv; /* effect: sd / mean of the gaps in operational time; 1 = Poisson, 0 = clock */
	double days_ratio; /* effect: variance of daily counts / that of the null; 1 = Poisson */
	size_t gaps;
	size_t days;
	double dead_s;           /* the dead time that explained the gaps best: p_gap is for it */
	uint32_t gap_surrogates; /* 0: analytic */
	uint32_t days_surrogates;
	bool gap_limited_by_b; /* no surrogate came near: p is 1 / (B + 1), or the tail's floor */
	bool days_limited_by_b;
};

/* Memory that is used again from call to call: one per thread. A zeroed one is valid. */
struct rhythm_work;
bool rhythm_work_new(struct rhythm_work **ret, struct err *reterr) MUST_USE;
void rhythm_work_free(struct rhythm_work *w);

/*
 * Analytic, conservative p of both tests: fit for ranking and, being never too small (measured in
 * docs/validation.md), for false-discovery control. A few microseconds per ten contacts.
 */
bool rhythm_screen(const struct rhythm_input *in, struct rhythm_work *w, struct rhythm_result *ret,
    struct err *reterr) MUST_USE;

/* Monte Carlo p of both tests: surrogates from the fitted null, the profile refitted in each. */
bool rhythm_verdict(const struct rhythm_input *in, const struct monte_carlo_plan *plan,
    struct rhythm_work *w, struct rhythm_result *ret, struct err *reterr) MUST_USE;

#endif
