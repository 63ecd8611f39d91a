/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The visits of all peers by hour of the day, by weekday, and from week to week. */
#include "explain/traits.h"

#include <math.h>
#include <stdlib.h>

#include "base/minmax.h"
#include "base/stamp.h"
#include "stats/level.h"

#define HOURS        24
#define STREAMS      8 /* peers with a cache of their own */
#define SHIFT_HOURS  9
#define QUIET_HOURS  6
#define WEEKEND_DAYS 14 /* so many at least, to tell weekends from weekdays */
#define SMALL_RATE   .1

/* The largest, or the smallest, share of so many hours on end. */
static double shift_share(const double *hours, double total, int length, bool largest)
{
	double best = largest ? 0 : total;

	for (int from = 0; from < HOURS; from++) {
		double sum = 0;

		for (int i = 0; i < length; i++)
			sum += hours[(from + i) % HOURS];
		best = largest ? fmax(best, sum) : fmin(best, sum);
	}
	return best / total;
}

static void measure_days(const struct subject *s, const struct traits_work *w, struct traits *f)
{
	double hours[HOURS] = { 0 }, visits[2] = { 0 }, days[2] = { 0 }, active = 0;
	int64_t first = round_down(w->all[0].start_s / S_PER_DAY);
	int64_t last = round_down(w->all[w->all_count - 1].start_s / S_PER_DAY), at = first - 1;

	for (size_t i = 0; i < w->all_count; i++) {
		int64_t day = round_down(w->all[i].start_s / S_PER_DAY);
		double into_s = w->all[i].start_s - (double)day * S_PER_DAY;

		hours[(int)(into_s / 3600) % HOURS]++;
		visits[stamp_weekday(day) >= 5]++;
		active += day != at;
		at = day;
	}
	for (int64_t day = first; day <= last; day++)
		days[stamp_weekday(day) >= 5] += exposure_day_is_live(s->exposure, day);
	f->value[TRAIT_BEST_HOUR] = shift_share(hours, (double)w->all_count, 1, true);
	f->value[TRAIT_BEST_SHIFT] = shift_share(hours, (double)w->all_count, SHIFT_HOURS, true);
	f->value[TRAIT_QUIET_SHIFT] = shift_share(hours, (double)w->all_count, QUIET_HOURS, false);
	f->value[TRAIT_SPAN] = log((double)(last - first) + 1);
	f->value[TRAIT_ACTIVE] = active / fmax(days[0] + days[1], active);
	if (days[0] + days[1] >= WEEKEND_DAYS)
		f->value[TRAIT_WEEKEND] =
		    log((visits[1] + .5) / (days[1] + .5)) - log((visits[0] + .5) / (days[0] + .5));
	if (s->bounded)
		f->value[TRAIT_LATE] =
		    log1p(fmax(0, w->all[0].start_s - s->exposure->first_s) / S_PER_DAY);
}

static size_t count_within(const struct traits_work *w, const struct level_span *span)
{
	size_t count = 0;

	for (size_t i = 0; i < w->all_count; i++)
		count += w->all[i].start_s >= span->from_s && w->all[i].start_s < span->to_s;
	return count;
}

/* The highest rate of a block to the lowest, both of visits as they were seen. */
static double largest_step(
    const struct subject *s, const struct traits_work *w, const struct level_result *r)
{
	double highest = 0, lowest = INFINITY;

	for (size_t i = 0; i < r->block_count; i++) {
		double live = exposure_live(s->exposure, r->blocks[i].from_s, r->blocks[i].to_s);
		double rate = ((double)count_within(w, &r->blocks[i]) + .5) /
			      (fmax(live, 3600) / S_PER_DAY + SMALL_RATE);

		highest = fmax(highest, rate);
		lowest = fmin(lowest, rate);
	}
	return r->block_count > 0 ? highest / lowest : 1;
}

/* The busiest peers, and all others as one: these ask seldom, their caches hide next to nothing. */
static void make_streams(const struct subject *s, struct traits_work *w, struct level_input *in,
    struct optime_stream *ret)
{
	size_t count = s->peer_count < STREAMS ? s->peer_count : STREAMS, others = 0;

	for (size_t i = 0; i < count; i++) {
		const struct subject_peer *p = &w->peers[i];

		ret[i] = (struct optime_stream){ p->times_s, p->count, s->cached ? p->ttl_s : 0 };
	}
	for (size_t i = 0; i < w->all_count; i++)
		if (w->all[i].peer >= count)
			w->spare[others++] = w->all[i].start_s;
	ret[count] = (struct optime_stream){ w->spare, others, 0 };
	in->streams = ret;
	in->stream_count = count + (others > 0);
}

bool traits_of_course(
    const struct subject *s, struct traits_work *w, struct traits *f, struct err *reterr)
{
	struct optime_stream streams[STREAMS + 1];
	struct level_input in = { .exposure = s->exposure };
	struct level_result r;

	measure_days(s, w, f);
	make_streams(s, w, &in, streams);
	if (!level_test_quick(&in, &r, reterr))
		return false;
	if (!r.tested)
		return true;
	f->value[TRAIT_DISPERSION] = log(r.dispersion);
	f->value[TRAIT_BLOCKS] =
	    log((double)(r.block_count > 0 ? r.block_count : LEVEL_BLOCKS_MAX + 1));
	f->value[TRAIT_STEP] = log(largest_step(s, w, &r));
	f->value[TRAIT_P_SILENCE] = traits_surprise(r.p_silence);
	if (s->bounded)
		f->value[TRAIT_P_STOP] = traits_surprise(r.p_stop);
	return true;
}
