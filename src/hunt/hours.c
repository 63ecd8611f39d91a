/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A zone is printed only of what looks like a working week: a part of the day is preferred, weekends
 * are quieter, and the visits fill more than a few hours. Evenings at home have the first and
 * lack the second, a nightly job lacks the third; to the template alone both are offices some
 * hours away.
 *
 * Whose hours they are is read from what else the busiest peer asks for: its own hours show there.
 * It also shows where two peers keep hours of their own, hours apart: then they are the peers'. Else
 * it cannot be told, and zones of two are printed without saying which is whose.
 */
#include "hunt/hours.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/size.h"
#include "hunt/timing.h"
#include "stats/day_rotation.h"
#include "stats/ends.h"
#include "stats/fortnight.h"
#include "stats/holiday_test.h"
#include "stats/week_test.h"
#include "stats/zone_set.h"

#define VISITS_MIN      10 /* as for being eligible */
#define PEER_VISITS_MIN 50 /* to look at a peer alone, and for two zones in its visits */
#define TURNS           999
#define GATE_TURNS      199 /* where p only opens the way: it is compared with .05 */
#define END_SURROGATES  39
#define SMALL_P         0.05
#define NEAR_MIN        60   /* minutes: zones so near are those of one place */
#define ARC_SHARE       0.8  /* of the visits ... */
#define ARC_MIN         16   /* ... lie in no fewer quarters of an hour of the day */
#define CACHE_GAPS      0.05 /* share of gaps below .9 TTL beyond which no cache is at work */

static const struct monte_carlo_plan turns = { .surrogates_max = TURNS };
static const struct monte_carlo_plan gate_turns = { .surrogates_max = GATE_TURNS };

/* What a set of streams shows; the grid is that of fit. */
struct look {
	double p;
	struct week_result week;
	struct zone_likelihood likelihood;
	bool zone_found;
	struct zone_set set;
	double office_share;
};

struct work {
	const struct hours_settings *settings;
	struct zone_fit *fit;
	struct day_grid grid;
	double *starts_s; /* of the streams, one after another */
	struct day_grid_stream streams[DAY_GRID_STREAMS_MAX];
	size_t stream_count;
	uint64_t series[DAY_GRID_STREAMS_MAX];
	uint64_t all_series;
	const uint8_t *key; /* of the group */
	size_t key_len;
	struct look all;
	struct look own; /* of the busiest peer, for all other names */
	struct look peers[2];
};

/* The TTL, if the visits keep it. */
static double dead_time(const struct trace_peer *p, const double *starts_s, size_t count)
{
	size_t below = 0;

	if (p->ttl_max == TTL_NONE)
		return 0;
	for (size_t i = 1; i < count; i++)
		below += starts_s[i] - starts_s[i - 1] < .9 * p->ttl_max;
	return (double)below <= CACHE_GAPS * (double)count ? p->ttl_max : 0;
}

static bool list_streams(struct work *w, const struct trace *t, const uint8_t *key, size_t key_len)
{
	size_t top[DAY_GRID_STREAMS_MAX], total = 0;
	int64_t *starts_ns;
	double *at;

	w->stream_count = timing_top_peers(t, DAY_GRID_STREAMS_MAX, top);
	for (size_t i = 0; i < w->stream_count; i++)
		total += t->peers[top[i]].count;
	starts_ns = malloc(size_mul(total + 1, sizeof(*starts_ns)));
	w->starts_s = malloc(size_mul(total + 1, sizeof(*w->starts_s)));
	if (starts_ns == NULL || w->starts_s == NULL) {
		free(starts_ns);
		return false;
	}
	at = w->starts_s;
	for (size_t i = 0; i < w->stream_count; i++) {
		const struct trace_peer *p = &t->peers[top[i]];
		size_t count = trace_visit_starts(p, starts_ns);

		for (size_t j = 0; j < count; j++)
			at[j] = (double)starts_ns[j] / (double)NS_PER_S;
		w->streams[i] = (struct day_grid_stream){ at, count, dead_time(p, at, count) };
		w->series[i] = timing_series_of(key, key_len, p->key, p->key_len);
		at += count;
	}
	w->key = key;
	w->key_len = key_len;
	w->all_series = timing_series_of(key, key_len, NULL, 0);
	free(starts_ns);
	return true;
}

/* Visits by quarter of the week, as clocks of the likeliest rule have it. */
static void local_week(struct work *w, const struct look *l, double ret[static WEEK_QUARTERS])
{
	double by_phase[DAY_GRID_PHASES_MAX][WEEK_QUARTERS];
	struct day_grid_weights even;

	for (unsigned s = 0; s < DAY_GRID_STREAMS_MAX; s++)
		for (unsigned c = 0; c < CELL_COUNT; c++)
			even.of[s][c] = 1;
	day_grid_add_up(&w->grid, NULL, NULL, &w->fit->week);
	day_grid_merge(&w->grid, &w->fit->week, &even, by_phase);
	day_grid_localize(
	    &w->grid, l->likelihood.best.rule, (const double(*)[WEEK_QUARTERS])by_phase, ret);
}

/* Share of visits from 9 to 18 in the likeliest zone, on any day: chance is 9 / 24. */
static double share_in_office(
    const struct look *l, const double week[static WEEK_QUARTERS], double visits)
{
	double sum = 0;

	for (unsigned q = 0; q < WEEK_QUARTERS; q++) {
		unsigned of_day = (q + WEEK_QUARTERS + l->likelihood.best.offset +
				      (unsigned)(DAY_QUARTERS + ZONE_OFFSET_MIN_QUARTERS)) %
				  DAY_QUARTERS;

		if (of_day >= 36 && of_day < 72)
			sum += week[q];
	}
	return sum / visits;
}

/* The fewest quarters of an hour of the day, next to each other, that hold ARC_SHARE of the visits. */
static unsigned shortest_arc(const double week[static WEEK_QUARTERS], double visits)
{
	double day[DAY_QUARTERS] = { 0 };
	unsigned best = DAY_QUARTERS;

	for (unsigned q = 0; q < WEEK_QUARTERS; q++)
		day[q % DAY_QUARTERS] += week[q];
	for (unsigned from = 0; from < DAY_QUARTERS; from++) {
		double sum = 0;
		unsigned length = 0;

		while (sum < ARC_SHARE * visits && length < best)
			sum += day[(from + length++) % DAY_QUARTERS];
		if (sum >= ARC_SHARE * visits && length < best)
			best = length;
	}
	return best;
}

/* Test the streams together; w->grid and w->fit stay those of them. */
static bool look_at(struct work *w, const struct day_grid_stream *streams, size_t count,
    uint64_t series, const struct monte_carlo_plan *plan, struct look *ret, struct err *reterr)
{
	uint64_t seed = w->settings->seed;
	double week[WEEK_QUARTERS];
	struct monte_carlo_result p;

	*ret = (struct look){ .p = NAN };
	day_grid_release(&w->grid);
	if (!day_grid_make(streams, count, w->settings->exposure, &w->grid, reterr))
		return false;
	if (w->grid.visits < VISITS_MIN)
		return true;
	zone_fit_init(w->fit, &w->grid);
	zone_fit_grid(w->fit, NULL, NULL, &ret->likelihood);
	if (!day_rotation_p(w->fit, &ret->likelihood, plan, seed, series, &p, reterr) ||
	    !week_test(&w->grid, plan, seed, series, &ret->week, reterr))
		return false;
	ret->p = p.p;
	local_week(w, ret, week);
	ret->office_share = share_in_office(ret, week, w->grid.visits);
	ret->zone_found = p.p <= SMALL_P && ret->week.p <= SMALL_P &&
			  ret->week.weekend_share < 2 / 7.0 &&
			  shortest_arc(week, w->grid.visits) >= ARC_MIN;
	return !ret->zone_found ||
	       zone_set_find(w->fit, &ret->likelihood, seed, series, &ret->set, reterr);
}

static bool keep_offsets(
    const int *minutes, size_t count, struct arena *memory, struct hours_offsets *ret)
{
	int16_t *list = arena_alloc(memory, (count + 1) * sizeof(*list));

	if (list == NULL)
		return false;
	for (size_t i = 0; i < count; i++)
		list[i] = (int16_t)minutes[i];
	*ret = (struct hours_offsets){ list, count };
	return true;
}

static bool add_end(struct test_hours *ret, enum hours_ends end, int best_min, const int *minutes,
    size_t count, struct arena *memory)
{
	struct hours_end *e = &ret->ends_found[ret->ends_count++];

	*e = (struct hours_end){ .end = end, .utc_offset_min = (int16_t)best_min };
	return keep_offsets(minutes, count, memory, &e->set);
}

/* Minutes between the nearest two offsets; 0 where they overlap. */
static int apart(const struct zone_set *a, const struct zone_set *b)
{
	int gap_ab = b->offsets_min[0] - a->offsets_min[a->offset_count - 1];
	int gap_ba = a->offsets_min[0] - b->offsets_min[b->offset_count - 1];
	int gap = gap_ab > gap_ba ? gap_ab : gap_ba;

	return gap > 0 ? gap : 0;
}

/* Do the two busiest peers keep hours of their own? */
static bool tell_peers(
    struct work *w, struct arena *memory, struct test_hours *ret, struct err *reterr)
{
	for (size_t i = 0; i < 2; i++) {
		if (w->stream_count < 2 || w->streams[1].count < PEER_VISITS_MIN)
			return true;
		if (!look_at(w, &w->streams[i], 1, w->series[i], &gate_turns, &w->peers[i], reterr))
			return false;
		if (!w->peers[i].zone_found || w->peers[i].set.offset_count == 0)
			return true;
	}
	if (apart(&w->peers[0].set, &w->peers[1].set) < 15 * ENDS_APART_MIN)
		return true;
	ret->ends = HOURS_ENDS_PEER;
	for (size_t i = 0; i < 2; i++) {
		const struct zone_set *s = &w->peers[i].set;

		if (!add_end(ret, HOURS_ENDS_PEER, s->best_min, s->offsets_min, s->offset_count,
			memory)) {
			err_set_memory(reterr);
			return false;
		}
	}
	return true;
}

/* The busiest peer's own hours: *ret is zone_found where they show a working week. */
static bool look_at_own(struct work *w, struct err *reterr)
{
	struct day_grid_stream stream = { .dead_s = 0 };
	double *starts_s = NULL;
	bool ok;

	if (w->settings->peers == NULL)
		return true;
	if (!peer_hours_starts(
		w->settings->peers, w->key, w->key_len, &starts_s, &stream.count, reterr))
		return false;
	stream.starts_s = starts_s;
	ok = look_at(w, &stream, 1, w->series[0], &gate_turns, &w->own, reterr);
	free(starts_s);
	return ok;
}

/* One zone: the peer's own, or another? Between an hour and nothing in common it is left open. */
static bool tell_one(
    struct work *w, struct arena *memory, struct test_hours *ret, struct err *reterr)
{
	const struct zone_set *s = &w->all.set;
	int gap;

	if (!ret->offset_found || !w->own.zone_found || w->own.set.offset_count == 0)
		return true;
	gap = apart(s, &w->own.set);
	if (gap > 0 && gap <= NEAR_MIN)
		return true;
	ret->ends = gap == 0 ? HOURS_ENDS_PEER : HOURS_ENDS_OWNER;
	if (add_end(ret, ret->ends, s->best_min, s->offsets_min, s->offset_count, memory))
		return true;
	err_set_memory(reterr);
	return false;
}

/* Of two zones, one the peer's own and the other not: then the other is the owner's. */
static void name_ends(const struct work *w, struct test_hours *ret)
{
	bool own[2];

	if (!w->own.zone_found || w->own.set.offset_count == 0)
		return;
	for (size_t i = 0; i < 2; i++) {
		int offset = ret->ends_found[i].utc_offset_min;
		const struct zone_set *s = &w->own.set;

		own[i] = offset >= s->offsets_min[0] - NEAR_MIN &&
			 offset <= s->offsets_min[s->offset_count - 1] + NEAR_MIN;
	}
	if (own[0] == own[1])
		return;
	ret->ends = HOURS_ENDS_BOTH;
	for (size_t i = 0; i < 2; i++)
		ret->ends_found[i].end = own[i] ? HOURS_ENDS_PEER : HOURS_ENDS_OWNER;
}

/* The zones of one place of a pair, an hour on where summer time was in force for most visits. */
static bool add_zone(const struct ends_result *ends, unsigned place, int summer_min,
    struct test_hours *ret, struct arena *memory)
{
	int minutes[ZONE_OFFSETS];
	size_t count = 0;

	for (unsigned i = 0; i < ZONE_OFFSETS; i++)
		if (ends->in[place][i])
			minutes[count++] = zone_offset_min(i) + summer_min;
	return add_end(ret, HOURS_ENDS_CANNOT_TELL,
	    zone_offset_min(ends->zones[place]) + summer_min, minutes, count, memory);
}

/* Are there two zones in the visits of the busiest peer? */
static bool tell_zones(
    struct work *w, struct arena *memory, struct test_hours *ret, struct err *reterr)
{
	static const struct monte_carlo_plan plan = { .surrogates_max = END_SURROGATES };
	struct look *l = w->stream_count == 1 ? &w->all : &w->peers[0];
	struct ends_input *in;
	struct ends_result ends;
	bool ok = true;

	if (w->streams[0].count < PEER_VISITS_MIN)
		return true;
	/* one peer's visits are all visits, and the grid is still theirs */
	if (w->stream_count > 1 && !look_at(w, w->streams, 1, w->series[0], &gate_turns, l, reterr))
		return false;
	if (!(l->p <= SMALL_P) || !(l->week.p <= SMALL_P) || w->grid.day_count < 14)
		return true;
	in = calloc(1, sizeof(*in));
	ok = in != NULL &&
	     (l->zone_found || zone_set_find(w->fit, &l->likelihood, w->settings->seed,
				   w->series[0], &l->set, reterr)) &&
	     ends_fold(w->fit, l->likelihood.best.rule, in);
	if (ok) {
		in->dispersion = fmax(l->set.dispersion, 1);
		in->seed = w->settings->seed;
		in->series = w->series[0];
		ok = ends_find(in, &plan, &ends, reterr);
	} else {
		err_set_memory(reterr);
	}
	free(in);
	if (!ok || !ends.told || ends.shape == ENDS_ONE)
		return ok;
	for (unsigned place = 0; place < 2 && ok; place++)
		ok = add_zone(&ends, place,
		    l->set.best_min - zone_offset_min(l->likelihood.best.offset), ret, memory);
	if (!ok)
		err_set_memory(reterr);
	return ok;
}

/* Visits by day in the zone that was found, or in UTC; -1 where the sensor was down for most of it. */
static bool count_holidays(struct work *w, struct test_hours *ret, struct err *reterr)
{
	const struct holidays *h = w->settings->holidays;
	double zone_s = ret->offset_found ? 60.0 * ret->utc_offset_min : 0;
	double *visits = calloc(w->grid.day_count + 1, sizeof(*visits));
	struct holiday_result result;
	bool ok;

	if (visits == NULL) {
		err_set_memory(reterr);
		return false;
	}
	for (size_t s = 0; s < w->stream_count; s++)
		for (size_t i = 0; i < w->streams[s].count; i++) {
			double local_s = w->streams[s].starts_s[i] + zone_s;
			int64_t day = round_down(local_s / DAY_S) - w->grid.first_day;

			if (day >= 0 && day < (int64_t)w->grid.day_count)
				visits[day]++;
		}
	/* the first and the last day are seen in part */
	for (size_t i = 0; i < w->grid.day_count; i++)
		if (i == 0 || i + 1 == w->grid.day_count ||
		    w->grid.days[i].live_count < DAY_QUARTERS * 9 / 10)
			visits[i] = -1;
	ok = holiday_test(
	    visits, w->grid.day_count, w->grid.first_day, h->days, h->count, &result, reterr);
	free(visits);
	if (ok && result.holidays > 0) {
		ret->p_holidays = result.p;
		ret->holiday_ratio = result.expected > 0 ? result.visits / result.expected : NAN;
	}
	return ok;
}

static bool fill(struct work *w, struct arena *memory, struct test_hours *ret, struct err *reterr)
{
	if (!look_at(w, w->streams, w->stream_count, w->all_series, &turns, &w->all, reterr))
		return false;
	if (isnan(w->all.p)) {
		ret->status.why = "fewer than 10 visits while the sensor was alive";
		return true;
	}
	ret->p = w->all.p;
	ret->p_week = w->all.week.blocks > 0 ? w->all.week.p : NAN;
	ret->office_share = w->all.office_share;
	ret->offset_found = w->all.zone_found && w->all.set.offset_count > 0;
	if (ret->offset_found) {
		ret->utc_offset_min = (int16_t)w->all.set.best_min;
		if (!keep_offsets(
			w->all.set.offsets_min, w->all.set.offset_count, memory, &ret->set)) {
			err_set_memory(reterr);
			return false;
		}
	}
	if (w->settings->holidays != NULL && !count_holidays(w, ret, reterr))
		return false;
	if (!(ret->p <= SMALL_P))
		return true;
	if (!tell_peers(w, memory, ret, reterr) ||
	    (ret->ends_count == 0 && !tell_zones(w, memory, ret, reterr)))
		return false;
	if (!look_at_own(w, reterr))
		return false;
	if (ret->ends_count == 0)
		return tell_one(w, memory, ret, reterr);
	if (ret->ends == HOURS_ENDS_CANNOT_TELL)
		name_ends(w, ret);
	/* one zone fitted to the hours of two is neither */
	ret->offset_found = false;
	ret->set.count = 0;
	return true;
}

bool hours_fill(const struct trace *t, const uint8_t *key, size_t key_len,
    const struct hours_settings *settings, struct arena *memory, struct test_hours *ret,
    struct err *reterr)
{
	struct work *w = calloc(1, sizeof(*w));
	bool ok = false;

	*ret = (struct test_hours){ .p_holidays = NAN, .holiday_ratio = NAN };
	if (w != NULL) {
		w->settings = settings;
		w->fit = malloc(sizeof(*w->fit));
	}
	if (w == NULL || w->fit == NULL || !list_streams(w, t, key, key_len))
		err_set_memory(reterr);
	else
		ok = fill(w, memory, ret, reterr);
	if (w != NULL) {
		day_grid_release(&w->grid);
		free(w->starts_s);
		free(w->fit);
	}
	free(w);
	return ok;
}
