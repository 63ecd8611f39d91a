/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Daily counts are divided by the mean of their weekday; z_w(d) is the mean over the days within w
 * of d, standardized over all days of the record taken as a ring. A list scores, at a lag and a
 * window, the sum of z over its dates; its statistic is the largest score. A shift moves all
 * dates by the same number of days around the ring, so that clusters of dates and of contacts
 * both stay as they are: p is the rank of the list among all shifts, itself one of them. With a pool
 * each shift scores as many of the pool's dates as the list has, the best of them, which is what
 * a person who picked would have done (METHODS 2.e: ten picked of sixty reject 99.4 % otherwise).
 */
#include "stats/association.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/minmax.h"
#include "base/size.h"

#define WEEK       7
#define NEAR_SHARE .05
#define SAME_SCORE 1e-9 /* sums in another order may differ by so much */

static const unsigned windows[ASSOCIATION_WINDOW_COUNT] = ASSOCIATION_WINDOWS;

struct ring {
	double *level; /* counts by weekday's mean */
	double *z[ASSOCIATION_WINDOW_COUNT];
	size_t days;
	double *scores; /* of the pool's dates, in one shift */
};

static bool make_levels(struct ring *r, const struct association_input *in)
{
	double sum[WEEK] = { 0 }, days[WEEK] = { 0 };

	for (size_t d = 0; d < in->day_count; d++) {
		if (in->counts[d] < 0)
			continue;
		sum[(in->first_weekday + d) % WEEK] += in->counts[d];
		days[(in->first_weekday + d) % WEEK]++;
	}
	r->level = malloc(size_mul(in->day_count, sizeof(*r->level)));
	for (size_t d = 0; r->level != NULL && d < in->day_count; d++) {
		unsigned weekday = (unsigned)((in->first_weekday + d) % WEEK);

		r->level[d] = sum[weekday] > 0 ? in->counts[d] * days[weekday] / sum[weekday] : 0;
		if (in->counts[d] < 0)
			r->level[d] = 1;
	}
	return r->level != NULL;
}

static bool make_z(struct ring *r, size_t w)
{
	double *z = malloc(size_mul(r->days, sizeof(*z)));
	double mean = 0, squares = 0;
	size_t width = 2 * windows[w] + 1;

	r->z[w] = z;
	if (z == NULL)
		return false;
	for (size_t d = 0; d < r->days; d++) {
		z[d] = 0;
		for (size_t i = 0; i < width; i++)
			z[d] += r->level[(d + r->days - windows[w] + i) % r->days];
		mean += z[d];
	}
	mean /= (double)r->days;
	for (size_t d = 0; d < r->days; d++)
		squares += (z[d] - mean) * (z[d] - mean);
	for (size_t d = 0; d < r->days; d++)
		z[d] = squares > 0 ? (z[d] - mean) / sqrt(squares / (double)r->days) : 0;
	return true;
}

static size_t moved(const struct ring *r, size_t day, size_t by)
{
	return day + by < r->days ? day + by : day + by - r->days;
}

static double sum_at(
    const double *z, const struct ring *r, const size_t *dates, size_t count, size_t by)
{
	double sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += z[moved(r, dates[i], by)];
	return sum;
}

static int descending_cmp(const void *a, const void *b)
{
	const double *x = a;
	const double *y = b;

	return (*x < *y) - (*x > *y);
}

/* The best `count` of the pool's dates. */
static double best_at(
    const double *z, const struct ring *r, const struct association_input *in, size_t by)
{
	double sum = 0;

	for (size_t i = 0; i < in->pool_count; i++)
		r->scores[i] = z[moved(r, in->pool[i], by)];
	qsort(r->scores, in->pool_count, sizeof(*r->scores), descending_cmp);
	for (size_t i = 0; i < in->date_count; i++)
		sum += r->scores[i];
	return sum;
}

/* The largest score over all lags and windows with the list, or the best of the pool, shifted. */
static double search(const struct ring *r, const struct association_input *in, size_t shift,
    bool pick, struct association_result *ret)
{
	double best = -INFINITY;

	for (size_t w = 0; w < ASSOCIATION_WINDOW_COUNT; w++)
		for (unsigned lag = 0; lag < ASSOCIATION_LAGS; lag++) {
			size_t by = moved(r, shift, lag);
			double score = pick ? best_at(r->z[w], r, in, by)
					    : sum_at(r->z[w], r, in->dates, in->date_count, by);

			if (score <= best + SAME_SCORE)
				continue;
			best = score;
			ret->lag_days = lag;
			ret->window_days = windows[w];
		}
	return best;
}

static size_t window_index(unsigned days)
{
	size_t w = 0;

	while (windows[w] != days)
		w++;
	return w;
}

static void describe(const struct ring *r, const struct association_input *in,
    struct association_result *ret, bool *ret_near)
{
	const double *z = r->z[window_index(ret->window_days)];
	size_t by = ret->lag_days, width = 2 * ret->window_days + 1;
	double sum = 0;

	for (size_t i = 0; i < in->date_count; i++) {
		size_t at = moved(r, in->dates[i], by), above = 0;

		for (size_t d = 0; d < r->days; d++)
			above += z[d] > z[at];
		ret_near[i] = (double)above < NEAR_SHARE * (double)r->days && z[at] > 0;
		for (size_t j = 0; j < width; j++)
			sum += r->level[(at + r->days - ret->window_days + j) % r->days];
	}
	ret->ratio = sum / (double)(in->date_count * width);
}

bool association_test(const struct association_input *in, struct association_result *ret,
    bool *ret_near, struct err *reterr)
{
	struct ring r = { .days = in->day_count };
	struct association_result other = { .p = 1 };
	bool pick = in->pool != NULL, ok = false;
	size_t as_good = 1;
	double seen;

	assert(in->day_count >= ASSOCIATION_DAYS_MIN && in->date_count > 0);
	assert(!pick || in->pool_count >= in->date_count);
	*ret = (struct association_result){ .p = 1 };
	r.scores = malloc(size_mul(size_add(in->pool_count, 1), sizeof(*r.scores)));
	if (r.scores == NULL || !make_levels(&r, in))
		goto out;
	for (size_t w = 0; w < ASSOCIATION_WINDOW_COUNT; w++)
		if (!make_z(&r, w))
			goto out;
	seen = search(&r, in, 0, false, ret);
	for (size_t shift = 1; shift < r.days; shift++)
		as_good += search(&r, in, shift, pick, &other) >= seen - SAME_SCORE;
	ret->p = (double)as_good / (double)r.days;
	describe(&r, in, ret, ret_near);
	ok = true;
out:
	if (!ok)
		err_set_memory(reterr);
	for (size_t w = 0; w < ASSOCIATION_WINDOW_COUNT; w++)
		free(r.z[w]);
	free(r.level);
	free(r.scores);
	return ok;
}

double association_coverage(size_t day_count, size_t date_count, unsigned window_days)
{
	double one = double_min(1, (2.0 * window_days + 1) / (double)day_count);

	return 1 - pow(1 - one, (double)date_count);
}
