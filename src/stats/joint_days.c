/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * C(d, e) = visits of a on day d that would have a visit of b near them if b's day e were d. Days
 * are exchanged among those of one weekday in the same eight weeks, within the time in which both
 * are seen: whoever works in office hours, more on Mondays, or more in spring, does so in the
 * exchanged days too. (A circular shift of b rejects 29 to 100 % of independent pairs in office
 * hours; an exchange of all workdays with each other a tenth where weekdays differ.) Days on which both
 * are busier, like those around a holiday, would still count as coincidence: from each C(d, e) is
 * taken what the numbers of visits alone lead to expect, k n_a(d) n_b(e), k being the mean over all
 * pairs of days, which no exchange changes.
 */
#include "stats/joint_days.h"

#include <math.h>
#include <stdlib.h>

#include "base/minmax.h"
#include "base/philox.h"
#include "base/size.h"
#include "base/stamp.h"

#define PURPOSE_JOINT 9
#define DRAWS         999
#define BLOCK_DAYS    56 /* from a Monday on */
#define WEEK_DAYS     7
#define CLASS_DAYS    (BLOCK_DAYS / WEEK_DAYS)
#define WINDOWS       4
#define TOGETHER      3
#define DAY_S         86400.0
#define TIE           1e-9 /* sums of the same numbers in another order */

static const double together_s[TOGETHER] = JOINT_WINDOWS;

/* Visits of one day: times_s[from] up to, not with, times_s[upto]. */
struct day {
	size_t from;
	size_t upto;
	double start_s;
};

/* The days of one class of a block, and what each pair of them gives. */
struct class
{
	struct day a[CLASS_DAYS];
	struct day b[CLASS_DAYS];
	size_t days;
	double excess[WINDOWS][CLASS_DAYS][CLASS_DAYS];
};

struct joint {
	const struct joint_input *in;
	double windows_s[WINDOWS];
	size_t window_count;
	struct class class;
	double observed[WINDOWS];
	double near[WINDOWS]; /* visits, as they are */
	double expected[WINDOWS];
	double (*draws)[WINDOWS]; /* DRAWS of them: sums over the classes */
	size_t days_of_both;
	int64_t first_day; /* on which both are seen, or might be */
	int64_t last_day;
};

/* Add the visits of a that have one of b within each window, both by their time of day. */
static void count_near(
    const struct joint *j, const struct day *a, const struct day *b, double near[static WINDOWS])
{
	size_t next = b->from;

	for (size_t i = a->from; i < a->upto; i++) {
		double t = j->in->a_s[i] - a->start_s;
		double distance = INFINITY;

		while (next < b->upto && j->in->b_s[next] - b->start_s < t)
			next++;
		if (next < b->upto)
			distance = j->in->b_s[next] - b->start_s - t;
		if (next > b->from)
			distance = double_min(distance, t - (j->in->b_s[next - 1] - b->start_s));
		for (size_t w = 0; w < j->window_count; w++)
			near[w] += distance <= j->windows_s[w];
	}
}

static double visits_of(const struct day *d)
{
	return (double)(d->upto - d->from);
}

/* Fill excess: counts less what the numbers of visits lead to expect. */
static void measure_class(struct joint *j)
{
	struct class *c = &j->class;
	double total[WINDOWS] = { 0 }, pairs = 0;

	for (size_t d = 0; d < c->days; d++)
		for (size_t e = 0; e < c->days; e++) {
			double near[WINDOWS] = { 0 };

			count_near(j, &c->a[d], &c->b[e], near);
			pairs += visits_of(&c->a[d]) * visits_of(&c->b[e]);
			for (size_t w = 0; w < j->window_count; w++) {
				total[w] += near[w];
				c->excess[w][d][e] = near[w];
			}
		}
	for (size_t d = 0; d < c->days; d++)
		for (size_t w = 0; w < j->window_count; w++)
			j->near[w] += c->excess[w][d][d];
	for (size_t d = 0; d < c->days && pairs > 0; d++)
		for (size_t e = 0; e < c->days; e++)
			for (size_t w = 0; w < j->window_count; w++)
				c->excess[w][d][e] -=
				    total[w] / pairs * visits_of(&c->a[d]) * visits_of(&c->b[e]);
	for (size_t d = 0; d < c->days; d++)
		for (size_t w = 0; w < j->window_count; w++)
			j->observed[w] += c->excess[w][d][d];
}

static void exchange_class(struct joint *j, struct philox *random)
{
	const struct class *c = &j->class;
	size_t order[CLASS_DAYS];

	for (size_t k = 0; k < DRAWS; k++) {
		for (size_t d = 0; d < c->days; d++) {
			size_t at = philox_below(random, (uint32_t)d + 1);

			order[d] = order[at];
			order[at] = d;
		}
		for (size_t d = 0; d < c->days; d++)
			for (size_t w = 0; w < j->window_count; w++)
				j->draws[k][w] += c->excess[w][d][order[d]];
	}
}

/* The visits of `day` in sorted times, from *at on, which moves behind them. */
static struct day take_day(const double *times_s, size_t count, int64_t day, size_t *at)
{
	struct day d = { .start_s = (double)day * DAY_S };

	while (*at < count && times_s[*at] < d.start_s)
		(*at)++;
	d.from = *at;
	while (*at < count && times_s[*at] < d.start_s + DAY_S)
		(*at)++;
	d.upto = *at;
	return d;
}

/* A block is tested by weekdays; its days are cut out anew for each. */
static void test_block(
    struct joint *j, int64_t block, size_t a_at, size_t b_at, struct philox *random)
{
	int64_t end = block + BLOCK_DAYS;

	for (int64_t weekday = block; weekday < block + WEEK_DAYS; weekday++) {
		struct class *c = &j->class;
		size_t a_next = a_at, b_next = b_at;

		c->days = 0;
		for (int64_t day = weekday; day < end && day <= j->last_day; day += WEEK_DAYS) {
			if (day < j->first_day)
				continue;
			c->a[c->days] = take_day(j->in->a_s, j->in->a_count, day, &a_next);
			c->b[c->days] = take_day(j->in->b_s, j->in->b_count, day, &b_next);
			j->days_of_both +=
			    visits_of(&c->a[c->days]) > 0 && visits_of(&c->b[c->days]) > 0;
			c->days++;
		}
		measure_class(j);
		exchange_class(j, random);
	}
}

static int64_t day_of(double t_s)
{
	return (int64_t)floor(t_s / DAY_S);
}

static int64_t block_of(double t_s)
{
	int64_t day = day_of(t_s);
	int64_t monday = day - (int64_t)stamp_weekday(day);
	int64_t week = (monday - 4) / 7; /* day 4 since 1970 was a Monday */

	return 4 + 7 * (week - ((week % CLASS_DAYS) + CLASS_DAYS) % CLASS_DAYS);
}

/* Every block in which both were seen: in the others no exchange changes anything. */
static void test_blocks(struct joint *j)
{
	const struct joint_input *in = j->in;
	size_t a = 0, b = 0;
	struct philox random;

	if (in->a_count == 0 || in->b_count == 0)
		return;
	j->first_day = day_of(double_max(in->a_s[0], in->b_s[0]));
	j->last_day = day_of(double_min(in->a_s[in->a_count - 1], in->b_s[in->b_count - 1]));
	philox_init(&random, in->seed, in->series, PURPOSE_JOINT);
	while (a < in->a_count && b < in->b_count) {
		int64_t of_a = block_of(in->a_s[a]), of_b = block_of(in->b_s[b]);
		double end_s = (double)((of_a < of_b ? of_a : of_b) + BLOCK_DAYS) * DAY_S;

		if (of_a == of_b)
			test_block(j, of_a, a, b, &random);
		while (a < in->a_count && in->a_s[a] < end_s)
			a++;
		while (b < in->b_count && in->b_s[b] < end_s)
			b++;
	}
}

/* Share of draws as large as observed, or as small where sign is -1. */
static double tail(const struct joint *j, size_t window, double sign)
{
	double slack = TIE * (1 + fabs(j->observed[window]));
	size_t reached = 0;

	for (size_t k = 0; k < DRAWS; k++)
		reached += sign * (j->draws[k][window] - j->observed[window]) >= -slack;
	return ((double)reached + 1) / (DRAWS + 1);
}

static void conclude(const struct joint *j, struct joint_result *ret)
{
	double visits = (double)j->in->a_count;

	ret->tested = j->days_of_both >= JOINT_DAYS_MIN;
	if (!ret->tested)
		return;
	for (size_t w = 0; w < TOGETHER; w++) {
		double p = double_min(TOGETHER * tail(j, w, 1), 1);
		double mean = 0;

		if (w > 0 && p >= ret->p_together)
			continue;
		for (size_t k = 0; k < DRAWS; k++)
			mean += j->draws[k][w] / DRAWS;
		ret->p_together = p;
		ret->window_s = j->windows_s[w];
		ret->near_share = j->near[w] / visits;
		ret->expected = (j->near[w] - j->observed[w] + mean) / visits;
	}
	if (j->window_count > TOGETHER)
		ret->p_apart = tail(j, TOGETHER, -1);
	ret->p = j->window_count > TOGETHER
		     ? double_min(2 * double_min(ret->p_together, ret->p_apart), 1)
		     : ret->p_together;
}

bool joint_days_test(const struct joint_input *in, struct joint_result *ret, struct err *reterr)
{
	struct joint *j = calloc(1, sizeof(*j));
	bool ok = false;

	*ret = (struct joint_result){ .p = 1, .p_together = 1, .p_apart = 1 };
	if (j != NULL)
		j->draws = calloc(DRAWS, sizeof(*j->draws));
	if (j == NULL || j->draws == NULL) {
		err_set_memory(reterr);
		goto out;
	}
	j->in = in;
	for (; j->window_count < TOGETHER; j->window_count++)
		j->windows_s[j->window_count] = together_s[j->window_count];
	if (in->ttl_s > 0)
		j->windows_s[j->window_count++] = .9 * in->ttl_s;
	test_blocks(j);
	conclude(j, ret);
	ok = true;
out:
	if (j != NULL)
		free(j->draws);
	free(j);
	return ok;
}
