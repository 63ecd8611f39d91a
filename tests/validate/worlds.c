/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The crowd is made by the mechanisms of docs/validation.md's innocent rows: requests at Poisson
 * times thinned to somebody's hours, or in sessions; each goes to a resolver by a Pitman-Yor
 * process and through one of its caches; what the cache lacks and the sensor sees is a row.
 */
#include "worlds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/stamp.h"

#define DAY_S        86400.0
#define END_S        (WORLD_FIRST_S + WORLD_DAYS * DAY_S)
#define REQUESTS_MAX 20000
#define PEERS_MAX    400 /* of one name */
#define CACHES_MAX   4
#define DISCOUNT     .5

static const char *const needle_names[NEEDLE_KINDS] = {
	"hourly, jitter 5 %, 20 % missing",
	"sleep timer 5000 s +-20 %",
	"sleep timer 3 h +-50 %",
	"once a workday",
	"daily at one minute, 30 % missing",
	"daily at a random minute",
	"weekly at one minute",
	"hourly behind a cache of an hour",
	"hourly, two addresses take turns",
	"copies the day of people",
};

enum hours {
	HOURS_ALWAYS,
	HOURS_OFFICE,
	HOURS_EVENING,
	HOURS_SMOOTH,
};

struct crowd_name {
	uint32_t index;
	uint32_t ttl;
	enum hours hours;
	double zone_s;
	double off;      /* rate outside its hours */
	double sessions; /* chance that a request is followed by one minutes later */
	double concentration;
	uint32_t met[PEERS_MAX];
	uint32_t asked[PEERS_MAX];
	double fresh_s[PEERS_MAX][CACHES_MAX];
	size_t met_count;
};

const char *world_needle_name(enum needle_kind kind)
{
	return needle_names[kind];
}

static bool put(struct world *w, double t_s, uint32_t name, uint32_t peer)
{
	for (size_t i = 0; i < 2; i++)
		if (t_s >= w->outages_s[i][0] && t_s < w->outages_s[i][1])
			return true;
	if (t_s < WORLD_FIRST_S || t_s >= END_S)
		return true;
	if (w->row_count == w->row_capacity) {
		size_t capacity = w->row_capacity * 2 + 65536;
		struct world_row *rows = reallocarray(w->rows, capacity, sizeof(*rows));

		if (rows == NULL)
			return false;
		w->rows = rows;
		w->row_capacity = capacity;
	}
	w->rows[w->row_count++] = (struct world_row){
		.time_ns = (int64_t)(t_s * 1e6) * 1000, .name = name, .peer = peer
	};
	return true;
}

static double share_at(const struct crowd_name *n, double t_s)
{
	double local_s = t_s + n->zone_s;
	int64_t day = (int64_t)floor(local_s / DAY_S);
	double hour = (local_s - (double)day * DAY_S) / 3600;

	switch (n->hours) {
	case HOURS_OFFICE:
		return stamp_weekday(day) < 5 && hour >= 9 && hour < 18 ? 1 : n->off;
	case HOURS_EVENING:
		return hour >= 18 && hour < 23.5 ? 1 : n->off;
	case HOURS_SMOOTH:
		return .5 + .5 * cos((hour - 14) / 24 * 2 * 3.141592653589793);
	case HOURS_ALWAYS:
		break;
	}
	return 1;
}

/* Popular resolvers first: their share falls as 1 / (rank + 20). */
static uint32_t any_resolver(struct philox *r)
{
	double top = log((WORLD_RESOLVERS + 20) / 20.);

	return (uint32_t)fmin(20 * (exp(top * philox_uniform(r)) - 1), WORLD_RESOLVERS - 1);
}

/* Pitman and Yor 1997: one that has asked before, by how often, or another. */
static size_t next_peer(struct crowd_name *n, uint32_t requests_before, struct philox *r)
{
	double u = philox_uniform(r) * (requests_before + n->concentration) -
		   (n->concentration + DISCOUNT * (double)n->met_count);
	uint32_t fresh;

	for (size_t i = 0; u >= 0 && i < n->met_count; i++) {
		u -= n->asked[i] - DISCOUNT;
		if (u < 0)
			return i;
	}
	fresh = any_resolver(r);
	for (size_t i = 0; i < n->met_count; i++)
		if (n->met[i] == fresh)
			return i;
	if (n->met_count == PEERS_MAX)
		return 0;
	n->met[n->met_count] = fresh;
	n->asked[n->met_count] = 0;
	for (size_t c = 0; c < CACHES_MAX; c++)
		n->fresh_s[n->met_count][c] = 0;
	return n->met_count++;
}

/* How resolver number `peer` is built: most have one cache, one in ten fetches early. */
static bool ask(
    struct world *w, struct crowd_name *n, double t_s, uint32_t before, struct philox *r)
{
	size_t at = next_peer(n, before, r);
	uint32_t peer = n->met[at], caches = peer % 10 < 7 ? 1 : peer % 10 < 9 ? 2 : CACHES_MAX;
	double early_s = peer % 10 == 3 ? .1 * n->ttl : 0;
	double *fresh_s = &n->fresh_s[at][philox_below(r, caches)];

	n->asked[at]++;
	if (t_s < *fresh_s - early_s)
		return true;
	*fresh_s = t_s + n->ttl;
	return put(w, t_s, n->index, peer);
}

static int double_cmp(const void *a, const void *b)
{
	const double *x = a;
	const double *y = b;

	return (*x > *y) - (*x < *y);
}

static void draw_name(struct crowd_name *n, struct philox *r)
{
	static const uint32_t ttls[] = { 60, 300, 300, 900, 3600, 3600, 14400, 86400 };
	double hours = philox_uniform(r);

	n->ttl = ttls[philox_below(r, 8)];
	n->hours = hours < .35   ? HOURS_ALWAYS
		   : hours < .7  ? HOURS_OFFICE
		   : hours < .85 ? HOURS_EVENING
				 : HOURS_SMOOTH;
	n->zone_s = 3600. * (philox_below(r, 18) - 8.);
	n->off = .02 + .3 * philox_uniform(r) * philox_uniform(r);
	n->sessions = philox_uniform(r) < .3 ? .7 : 0;
	n->concentration = exp(.5 + 1.2 * philox_normal(r));
	n->met_count = 0;
}

static bool add_crowd_name(struct world *w, struct crowd_name *n, double *times_s, struct philox *r)
{
	/* Pareto: half of the names are asked for 11 times or less */
	uint32_t wanted = (uint32_t)fmin(6 * pow(philox_uniform(r), -1 / 1.1), REQUESTS_MAX);
	double from_s = WORLD_FIRST_S, to_s = END_S;
	uint32_t count = 0;

	draw_name(n, r);
	if (philox_uniform(r) < .3) {
		from_s += (END_S - from_s) * .8 * philox_uniform(r);
		to_s = from_s + (END_S - from_s) * (.2 + .8 * philox_uniform(r));
	}
	while (count < wanted) {
		double t_s = from_s + (to_s - from_s) * philox_uniform(r);

		if (philox_uniform(r) >= share_at(n, t_s))
			continue;
		do {
			times_s[count++] = t_s;
			t_s += 300 * philox_exponential(r);
		} while (count < wanted && philox_uniform(r) < n->sessions);
	}
	qsort(times_s, count, sizeof(*times_s), double_cmp);
	w->names[n->index] = (struct world_name){ .ttl = n->ttl };
	for (uint32_t i = 0; i < count; i++)
		if (!ask(w, n, times_s[i], i, r))
			return false;
	return true;
}

/* Visits at one time of every `days` days: uniform within width_s from from_s on. */
static bool add_daily(struct world *w, uint32_t name, uint32_t peer, int days, double from_s,
    double width_s, double missing, bool workdays, struct philox *r)
{
	for (int day = (int)philox_below(r, (uint32_t)days); day < WORLD_DAYS; day += days) {
		double t_s = WORLD_FIRST_S + day * DAY_S + from_s + width_s * philox_uniform(r);

		if (workdays && stamp_weekday((int64_t)floor(t_s / DAY_S)) >= 5)
			continue;
		if (philox_uniform(r) >= missing && !put(w, t_s, name, peer))
			return false;
	}
	return true;
}

struct beat {
	double period_s;
	double jitter; /* uniform, share of the period */
	double missing;
	bool forgets; /* a clock: the jitter of one beat does not move the next */
	uint32_t ttl;
	uint32_t peers;
};

static bool add_beats(
    struct world *w, uint32_t name, const uint32_t *peers, const struct beat *b, struct philox *r)
{
	double beat_s = WORLD_FIRST_S + b->period_s * philox_uniform(r), fresh_s = 0;

	for (uint32_t i = 0; beat_s < END_S; i++) {
		double off_s = b->period_s * b->jitter * (2 * philox_uniform(r) - 1);
		double t_s = beat_s + (b->forgets ? off_s : 0);

		beat_s += b->period_s + (b->forgets ? 0 : off_s);
		if (philox_uniform(r) < b->missing || t_s < fresh_s)
			continue;
		fresh_s = t_s + b->ttl;
		if (!put(w, t_s, name, peers[i % b->peers]))
			return false;
	}
	return true;
}

static bool add_needle(
    struct world *w, uint32_t name, enum needle_kind kind, double *times_s, struct philox *r)
{
	static const struct beat beats[NEEDLE_KINDS] = {
		[NEEDLE_HOURLY] = { 3600, .05, .2, true, 300, 1 },
		[NEEDLE_TIMER] = { 5000, .2, 0, false, 300, 1 },
		[NEEDLE_LOOSE] = { 10800, .5, 0, false, 300, 1 },
		[NEEDLE_BEHIND_TTL] = { 3600, .05, 0, true, 3600, 1 },
		[NEEDLE_TURNS] = { 3600, .05, .2, true, 60, 2 },
	};
	/* among the busiest resolvers, which have other names enough to hide it among */
	uint32_t peers[2] = { philox_below(r, 100), 100 + philox_below(r, 100) };
	double time_s = DAY_S * .98 * philox_uniform(r);
	struct crowd_name n = { .index = name, .hours = HOURS_OFFICE, .off = .02 };

	w->names[name] = (struct world_name){ .ttl = 300, .planted = true, .kind = kind };
	switch (kind) {
	case NEEDLE_WORKDAY:
		return add_daily(w, name, peers[0], 1, 9 * 3600, 9 * 3600, 0, true, r);
	case NEEDLE_MINUTE:
		return add_daily(w, name, peers[0], 1, time_s, 120, .3, false, r);
	case NEEDLE_DAILY:
		return add_daily(w, name, peers[0], 1, 0, DAY_S, 0, false, r);
	case NEEDLE_WEEKLY:
		return add_daily(w, name, peers[0], 7, time_s, 120, 0, false, r);
	case NEEDLE_CYCLE:
		for (size_t i = 0; i < 300;) {
			times_s[i] = WORLD_FIRST_S + WORLD_DAYS * DAY_S * philox_uniform(r);
			i += philox_uniform(r) < share_at(&n, times_s[i]);
		}
		for (size_t i = 0; i < 300; i++)
			if (!put(w, times_s[i], name, peers[0]))
				return false;
		return true;
	case NEEDLE_HOURLY:
	case NEEDLE_TIMER:
	case NEEDLE_LOOSE:
	case NEEDLE_BEHIND_TTL:
	case NEEDLE_TURNS:
	case NEEDLE_KINDS:
		break;
	}
	w->names[name].ttl = beats[kind].ttl;
	return add_beats(w, name, peers, &beats[kind], r);
}

bool world_new(struct world *w, size_t names, size_t needles, uint64_t seed)
{
	double *times_s = malloc((REQUESTS_MAX + 1) * sizeof(*times_s));
	struct crowd_name *n = malloc(sizeof(*n));
	struct philox r;
	bool ok;

	*w = (struct world){ .name_count = names + needles };
	w->names = calloc(names + needles + 1, sizeof(*w->names));
	ok = times_s != NULL && n != NULL && w->names != NULL;
	philox_init(&r, seed, 0, 0);
	for (size_t i = 0; i < 2; i++) {
		w->outages_s[i][0] =
		    WORLD_FIRST_S + WORLD_DAYS * DAY_S * (.5 * (double)i + .4 * philox_uniform(&r));
		w->outages_s[i][1] = w->outages_s[i][0] + DAY_S * (.2 + 3 * philox_uniform(&r));
	}
	for (size_t i = 0; ok && i < names; i++) {
		philox_init(&r, seed, i, 1);
		n->index = (uint32_t)i;
		ok = add_crowd_name(w, n, times_s, &r);
	}
	for (size_t i = 0; ok && i < needles; i++) {
		philox_init(&r, seed, i, 2);
		ok = add_needle(
		    w, (uint32_t)(names + i), (enum needle_kind)(i % NEEDLE_KINDS), times_s, &r);
	}
	free(times_s);
	free(n);
	if (!ok)
		world_free(w);
	return ok;
}

void world_free(struct world *w)
{
	free(w->names);
	free(w->rows);
	*w = (struct world){ .names = NULL };
}

static int row_cmp(const void *a, const void *b)
{
	const struct world_row *x = a;
	const struct world_row *y = b;

	if (x->peer != y->peer)
		return x->peer < y->peer ? -1 : 1;
	return (x->time_ns > y->time_ns) - (x->time_ns < y->time_ns);
}

void world_permute(struct world *w, uint64_t seed)
{
	struct philox r;

	qsort(w->rows, w->row_count, sizeof(*w->rows), row_cmp);
	for (size_t from = 0, upto; from < w->row_count; from = upto) {
		for (upto = from; upto < w->row_count && w->rows[upto].peer == w->rows[from].peer;)
			upto++;
		philox_init(&r, seed, w->rows[from].peer, 3);
		for (size_t left = upto - from; left > 1; left--) {
			size_t at = from + philox_below(&r, (uint32_t)left);
			uint32_t name = w->rows[from + left - 1].name;

			w->rows[from + left - 1].name = w->rows[at].name;
			w->rows[at].name = name;
		}
	}
}
