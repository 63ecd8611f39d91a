/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The busiest peer's visits: the pauses between them, what its cache allows, rhythm. */
#include "explain/traits.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/limits.h"
#include "stats/cache_gaps.h"
#include "stats/cache_states.h"
#include "stats/live_rate.h"

#define PAUSES_MIN   5
#define MODE_WIDTH   1.1 /* the densest pauses: from one of them to a tenth more */
#define COPY_PAUSES  6   /* equal in a row: no chance at whole seconds */
#define HOUR_S       3600.0
#define SMALLEST_GAP 1.0

static int double_cmp(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static int hash_cmp(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static double densest(const double *gaps, size_t count)
{
	size_t from = 0, most = 0;

	for (size_t upto = 0; upto < count; upto++) {
		while (gaps[upto] > MODE_WIDTH * gaps[from])
			from++;
		if (upto - from + 1 > most)
			most = upto - from + 1;
	}
	return (double)most / (double)count;
}

static double memory_of(const double *visits, size_t count)
{
	double n = (double)count - 2, x = 0, y = 0, xx = 0, yy = 0, xy = 0, spread;

	for (size_t i = 2; i < count; i++) {
		double a = log(fmax(visits[i - 1] - visits[i - 2], SMALLEST_GAP));
		double b = log(fmax(visits[i] - visits[i - 1], SMALLEST_GAP));

		x += a;
		y += b;
		xx += a * a;
		yy += b * b;
		xy += a * b;
	}
	spread = (xx - x * x / n) * (yy - y * y / n);
	return spread > 1e-12 ? (xy - x * y / n) / sqrt(spread) : 0;
}

static void measure_pauses(struct traits_work *w, struct traits *f)
{
	size_t count = w->first_count - 1;
	double *gaps = w->spare;

	for (size_t i = 0; i < count; i++)
		gaps[i] = fmax(w->first[i + 1] - w->first[i], SMALLEST_GAP);
	qsort(gaps, count, sizeof(*gaps), double_cmp);
	f->value[TRAIT_GAP] = log(gaps[count / 2]);
	f->value[TRAIT_GAP_SPREAD] = log(gaps[count * 3 / 4] / gaps[count / 4]);
	f->value[TRAIT_GAP_TAIL] = log(gaps[count * 9 / 10] / gaps[count / 2]);
	f->value[TRAIT_GAP_MODE] = densest(gaps, count);
	f->value[TRAIT_GAP_MEMORY] = memory_of(w->first, w->first_count);
}

/* Runs of pauses that come again: a week that was pasted twice, or a clock without jitter. */
static void measure_copies(struct traits_work *w, struct traits *f)
{
	_Static_assert(sizeof(uint64_t) == sizeof(*w->spare), "hashes take the place of doubles");
	uint64_t *hashes = (uint64_t *)(void *)w->spare;
	size_t count = w->first_count - COPY_PAUSES, copies = 0;

	for (size_t i = 0; i < count; i++) {
		int64_t pauses[COPY_PAUSES];

		for (size_t j = 0; j < COPY_PAUSES; j++)
			pauses[j] = (int64_t)(floor(w->first[i + j + 1]) - floor(w->first[i + j]));
		hashes[i] = hash_bytes(pauses, sizeof(pauses), 0);
	}
	qsort(hashes, count, sizeof(*hashes), hash_cmp);
	for (size_t i = 1; i < count; i++)
		copies += hashes[i] == hashes[i - 1];
	f->value[TRAIT_GAP_COPIES] = (double)copies / (double)count;
}

/* Mean resultant length of values on a circle of so many seconds. */
static double resultant(const double *values, size_t count, double circle_s)
{
	double c = 0, s = 0;

	for (size_t i = 0; i < count; i++) {
		double turn = 2 * M_PI * fmod(values[i], circle_s) / circle_s;

		c += cos(turn);
		s += sin(turn);
	}
	return sqrt(c * c + s * s) / (double)count;
}

static void measure_cache(const struct subject *s, struct traits_work *w, struct traits *f)
{
	double ttl_s = w->peers[0].ttl_s;
	struct cache_gaps gaps;
	struct cache_states states;
	struct live_rate rate;
	size_t kept;

	if (!s->lookups || ttl_s <= 0)
		return;
	f->value[TRAIT_TTL] = log(ttl_s);
	if (!s->cached || !cache_gaps_tells(ttl_s) || w->first_count < PAUSES_MIN)
		return;
	cache_gaps_count(s->exposure, w->first, w->first_count, ttl_s, ttl_s, &gaps);
	f->value[TRAIT_FORBIDDEN] = (double)gaps.forbidden / (double)gaps.gaps;
	f->value[TRAIT_BEFORE] = (double)gaps.before / (double)gaps.gaps;
	f->value[TRAIT_AFTER] = (double)gaps.after / (double)gaps.gaps;
	for (size_t i = 0; i + 1 < w->first_count; i++)
		w->spare[i] = w->first[i + 1] - w->first[i];
	f->value[TRAIT_MULTIPLE] = resultant(w->spare, w->first_count - 1, ttl_s);
	kept = visits_thin(w->first, w->first_count, ttl_s, w->spare);
	if (kept < 2)
		return;
	cache_states_tally(&states, s->exposure, w->spare, kept, ttl_s);
	live_rate_fit(&states, 1, 1, &rate);
	f->value[TRAIT_SATURATION] = rate.saturation;
	/* the lower bound is there even where the rate is not */
	f->value[TRAIT_DEMAND] = log(fmax(rate.low_per_s * ttl_s, 1e-6));
}

static bool measure_rhythm(
    const struct subject *s, struct traits_work *w, struct traits *f, struct err *reterr)
{
	const struct subject_peer *p = &w->peers[0];
	const struct rhythm_stream stream = { p->times_s, p->count, s->cached ? p->ttl_s : 0 };
	const struct rhythm_input in = {
		.streams = &stream, .stream_count = 1, .exposure = s->exposure
	};
	struct clock_input clock = { .visits_s = w->spare,
		.dead_s = fmax(stream.ttl_s, LIMIT_VISIT_SPAN_S),
		.ttl_s = stream.ttl_s > 0 ? stream.ttl_s : INFINITY,
		.exposure = s->exposure,
		.wheel = &w->wheel };
	struct rhythm_result r;
	struct clock_result c;

	if (!rhythm_screen(&in, w->rhythm, &r, reterr))
		return false;
	if (r.gap_tested) {
		f->value[TRAIT_P_GAP] = traits_surprise(r.p_gap);
		f->value[TRAIT_GAP_EXCESS] = r.gap_excess;
		f->value[TRAIT_GAP_CV] = log(fmax(r.gap_cv, .01));
	}
	if (r.days_tested) {
		f->value[TRAIT_P_DAYS] = traits_surprise(r.p_days);
		f->value[TRAIT_DAYS_RATIO] = log(fmax(r.days_ratio, .001));
	}
	clock.count = visits_thin(p->times_s, p->count, LIMIT_VISIT_SPAN_S, w->spare);
	if (!clock_test(&clock, &c, reterr))
		return false;
	if (c.tested)
		f->value[TRAIT_P_CLOCK] = traits_surprise(c.p);
	return true;
}

bool traits_of_beat(
    const struct subject *s, struct traits_work *w, struct traits *f, struct err *reterr)
{
	double visits = (double)w->first_count;

	f->value[TRAIT_VISITS] = log(visits);
	f->value[TRAIT_BURST] = log(w->burst_contacts / visits);
	f->value[TRAIT_BURST_SPAN] = log1p(w->burst_span_s / visits);
	if (w->first_count > PAUSES_MIN) {
		measure_pauses(w, f);
		f->value[TRAIT_MINUTE] = resultant(w->first, w->first_count, HOUR_S);
		f->value[TRAIT_QUARTER] = resultant(w->first, w->first_count, HOUR_S / 4);
	}
	if (w->first_count > 2 * COPY_PAUSES)
		measure_copies(w, f);
	measure_cache(s, w, f);
	return measure_rhythm(s, w, f, reterr);
}
