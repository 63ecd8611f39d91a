/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Outages from the sensor's own counts. In windows of 10 min * 2^j the count is negative binomial
 * about the sum of its weekday/weekend-hour means; the dispersion of each window length is fitted
 * by moments, so that a bursty or growing sensor is not taken for a failing one, and a sparse
 * one, whose silences are likely, has no outages at all. The fit is repeated once without what
 * was found, because a long outage both lowers the mean and widens the dispersion.
 */
#include "stats/exposure.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdlib.h>

#include "base/size.h"

#define OUTAGE_P     1e-6
#define LEVELS       9 /* 10 min * 2^8 is 43 h, the last below two days */
#define ROUNDS       2
#define BLOCKS_MIN   20  /* fewer blocks cannot tell their dispersion: take the shorter windows' */
#define LEVEL_JUDGED 7   /* a block of 10 min * 2^7 lies whole in any silence of two days */
#define LEFT         .05 /* of the contacts may slip through an outage */
#define LOW_SHARE    .5  /* what saw more than this share of its mean is never an outage */
#define DOUBT_MIN    10  /* contacts to be expected, before their number can deny a report */

struct search {
	const struct exposure_counts *in;
	bool *down;          /* by window */
	double *mean_before; /* prefix sums of the windows' means */
	double *seen_before; /* and of their counts */
	size_t *live_before; /* and of windows not (yet) found down */
	size_t begin, end;   /* whole windows of the span */
	size_t reported;     /* of them taken as down because the sensor says so */
	bool denied;
};

static unsigned window_cell(const struct search *s, size_t w)
{
	return exposure_cell((double)(s->in->first_window + (int64_t)w) * EXPOSURE_WINDOW_S);
}

static void fit_means(struct search *s)
{
	double sum[CELL_COUNT] = { 0 };
	double windows[CELL_COUNT] = { 0 };

	for (size_t w = s->begin; w < s->end; w++) {
		unsigned c = window_cell(s, w);

		if (s->down[w])
			continue;
		sum[c] += s->in->counts[w];
		windows[c]++;
	}
	for (size_t w = 0; w < s->in->count; w++) {
		unsigned c = window_cell(s, w);

		s->mean_before[w + 1] =
		    s->mean_before[w] + (windows[c] > 0 ? sum[c] / windows[c] : 0);
		s->seen_before[w + 1] = s->seen_before[w] + s->in->counts[w];
		s->live_before[w + 1] = s->live_before[w] + !s->down[w];
	}
}

/*
 * Windows of which the sensor itself says that it lost most begin as down. All of them are live
 * again where the counts deny it: means are fitted without them, so that counts near the mean
 * tell of a sensor that saw as ever.
 */
static void take_reported(struct search *s)
{
	double expected = 0, seen = 0, middle = 0;

	for (size_t w = s->begin; s->in->kept != NULL && w < s->end; w++) {
		s->down[w] = s->in->kept[w] < LOW_SHARE;
		s->reported += s->down[w];
	}
	if (s->reported == 0)
		return;
	fit_means(s);
	for (size_t w = s->begin; w < s->end; w++) {
		double mean = s->mean_before[w + 1] - s->mean_before[w];

		if (!s->down[w])
			continue;
		expected += mean;
		seen += s->in->counts[w];
		middle += mean * (1 + s->in->kept[w]) / 2;
	}
	s->denied = expected >= DOUBT_MIN && seen > middle;
	if (!s->denied)
		return;
	for (size_t w = s->begin; w < s->end; w++)
		s->down[w] = false;
	s->reported = 0;
}

static size_t stride_of(unsigned level)
{
	return level == 0 ? 1 : (size_t)1 << (level - 1); /* blocks overlap by half */
}

/* 1 / r of Var = m + m^2 / r over live blocks of a level, or the shorter windows' where they are
 * few. */
static double fit_dispersion(const struct search *s, unsigned level, double shorter)
{
	size_t size = (size_t)1 << level;
	size_t blocks = 0;
	double excess = 0, squares = 0;

	for (size_t w = s->begin; w + size <= s->end; w += stride_of(level)) {
		double mean = s->mean_before[w + size] - s->mean_before[w];
		double off = s->seen_before[w + size] - s->seen_before[w] - mean;

		if (s->live_before[w + size] - s->live_before[w] < size)
			continue;
		excess += off * off - mean;
		squares += mean * mean;
		blocks++;
	}
	if (blocks < BLOCKS_MIN || squares <= 0)
		return shorter;
	return fmax(excess / squares, 0);
}

static double lower_tail(double seen, double mean, double dispersion)
{
	unsigned count = (unsigned)fmin(seen, 4e9);

	if (dispersion * mean < 1e-9)
		return gsl_cdf_poisson_P(count, mean);
	return gsl_cdf_negative_binomial_P(count, 1 / (1 + dispersion * mean), 1 / dispersion);
}

/*
 * Where in and around a block that is too low is the outage? The run of windows whose counts speak
 * most for a sensor that lets LEFT through against one that lets all through: the largest sum
 * of Poisson log likelihood ratios (Kadane's algorithm).
 */
static void mark(struct search *s, size_t begin, size_t end)
{
	size_t best_begin = begin, best_end = begin, from = begin;
	double sum = 0, best = 0;

	for (size_t w = begin; w < end; w++) {
		double mean = s->mean_before[w + 1] - s->mean_before[w];

		sum += (1 - LEFT) * mean + log(LEFT) * (double)s->in->counts[w];
		if (sum > best) {
			best = sum;
			best_begin = from;
			best_end = w + 1;
		}
		if (sum <= 0) {
			sum = 0;
			from = w + 1;
		}
	}
	for (size_t w = best_begin; w < best_end; w++)
		s->down[w] = true;
}

static void search_level(struct search *s, unsigned level, double dispersion)
{
	size_t size = (size_t)1 << level;

	for (size_t w = s->begin; w + size <= s->end; w += stride_of(level)) {
		double mean = s->mean_before[w + size] - s->mean_before[w];
		double seen = s->seen_before[w + size] - s->seen_before[w];

		if (mean <= 0 || seen > LOW_SHARE * mean)
			continue;
		if (lower_tail(seen, mean, dispersion) < OUTAGE_P)
			mark(s, w - s->begin > size ? w - size : s->begin,
			    s->end - w > 2 * size ? w + 2 * size : s->end);
	}
}

/*
 * Would a silence have been found, wherever it was? Only when no count at all is too low for
 * every whole block of the span: asked of blocks so long that any two days hold one.
 */
static bool would_show(const struct search *s, double dispersion)
{
	size_t size = (size_t)1 << LEVEL_JUDGED;
	double least = INFINITY;

	for (size_t w = s->begin; w + size <= s->end; w += stride_of(LEVEL_JUDGED))
		least = fmin(least, s->mean_before[w + size] - s->mean_before[w]);
	return isfinite(least) && least > 0 && lower_tail(0, least, dispersion) < OUTAGE_P;
}

static bool collect(
    const struct search *s, double first_s, double last_s, struct exposure *ret, struct err *reterr)
{
	size_t count = 0;
	struct interval *down = malloc(size_mul(s->in->count + 1, sizeof(*down)));
	bool ok;

	if (down == NULL) {
		err_set_memory(reterr);
		return false;
	}
	for (size_t w = 0; w < s->in->count; w++) {
		double from_s = (double)(s->in->first_window + (int64_t)w) * EXPOSURE_WINDOW_S;

		if (!s->down[w])
			continue;
		if (count > 0 && down[count - 1].to_s >= from_s)
			down[count - 1].to_s = from_s + EXPOSURE_WINDOW_S;
		else
			down[count++] = (struct interval){ from_s, from_s + EXPOSURE_WINDOW_S };
	}
	ok = exposure_declare(first_s, last_s, down, count, ret, reterr);
	free(down);
	return ok;
}

/* The windows that lie in the span as a whole. */
static void set_bounds(struct search *s, double first_s, double last_s)
{
	double begin = ceil(first_s / EXPOSURE_WINDOW_S) - (double)s->in->first_window;
	double end = floor(last_s / EXPOSURE_WINDOW_S) - (double)s->in->first_window;

	s->begin = begin > 0 ? (size_t)begin : 0;
	s->end = end > 0 ? (size_t)fmin(end, (double)s->in->count) : 0;
	if (s->begin > s->end)
		s->begin = s->end;
}

/* The search proper; false: a silence of two days could hide. */
static bool search_all(struct search *s)
{
	bool judged = false;

	for (unsigned round = 0; round < ROUNDS; round++) {
		double dispersion = 0;

		fit_means(s);
		for (unsigned level = 0; level < LEVELS; level++) {
			dispersion = fit_dispersion(s, level, dispersion);
			search_level(s, level, dispersion);
			if (level == LEVEL_JUDGED)
				judged = would_show(s, dispersion);
		}
	}
	return judged;
}

static bool find(const struct exposure_counts *counts, double first_s, double last_s, bool all,
    struct exposure *ret, struct err *reterr)
{
	size_t room = size_add(counts->count, 1);
	struct search s = { .in = counts };
	bool judged = false;
	bool ok = false;

	(void)gsl_set_error_handler_off(); /* an underflow is an answer, not an abort */
	s.down = calloc(room, sizeof(*s.down));
	s.mean_before = calloc(room, sizeof(*s.mean_before));
	s.seen_before = calloc(room, sizeof(*s.seen_before));
	s.live_before = calloc(room, sizeof(*s.live_before));
	if (s.down == NULL || s.mean_before == NULL || s.seen_before == NULL ||
	    s.live_before == NULL) {
		err_set_memory(reterr);
		goto out;
	}
	set_bounds(&s, first_s, last_s);
	take_reported(&s);
	if (all)
		judged = search_all(&s);
	ok = collect(&s, first_s, last_s, ret, reterr);
	if (ok) {
		ret->judged = judged;
		ret->denied = s.denied;
		ret->reported_s = (double)s.reported * EXPOSURE_WINDOW_S;
	}
out:
	free(s.down);
	free(s.mean_before);
	free(s.seen_before);
	free(s.live_before);
	return ok;
}

bool exposure_find(const struct exposure_counts *counts, double first_s, double last_s,
    struct exposure *ret, struct err *reterr)
{
	return find(counts, first_s, last_s, true, ret, reterr);
}

bool exposure_take_reported(const struct exposure_counts *counts, double first_s, double last_s,
    struct exposure *ret, struct err *reterr)
{
	return find(counts, first_s, last_s, false, ret, reterr);
}
