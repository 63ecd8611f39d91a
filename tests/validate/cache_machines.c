/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whose caches are they: how many stand behind an address, and are two addresses one machine? */
#include <stdlib.h>
#include <string.h>

#include "cache_bench.h"
#include "stats/cache_count.h"
#include "stats/joint_days.h"
#include "stats/live_rate.h"
#include "stats/visits.h"

/* ---- the number of caches ---- */

size_t visit_starts(struct bench *b, size_t stream)
{
	static struct visit visits[MODEL_EVENTS_MAX];
	size_t count = visits_find(b->drawn.times_s[stream], b->drawn.count[stream], visits);

	if (count > EVENTS)
		count = EVENTS;
	for (size_t i = 0; i < count; i++)
		b->events_s[i] = visits[i].start_s;
	return count;
}

static bool check_count_row(struct bench *b, unsigned m, double saturation, enum model_shape shape,
    double prefetch, double lookups)
{
	double load = saturation / (1 - saturation) * m; /* of all caches */
	struct model model = { .kind = MODEL_CLIENTS,
		.shape = shape,
		.ttl_s = TAU_S,
		.caches = m,
		.prefetch = prefetch,
		.days = fmax(lookups * TAU_S / 86400 / (saturation * m), 7),
		.per_day = load * 86400 / TAU_S };
	double right = 0, low = 0, high = 0, covered = 0, told = 0, seen = 0, n = b->series;
	struct exposure live;
	struct philox random;
	struct err err;

	if (shape != SHAPE_FLAT)
		model.days *= 3;
	if (!model_exposure(&model, &live, &err))
		return false;
	philox_init(&random, SEED, m * 100 + (uint64_t)(saturation * 10) + shape * 10000, 2);
	for (unsigned i = 0; i < b->series; i++) {
		struct cache_states s;
		struct cache_count c;
		struct live_rate r;
		size_t count;

		model_draw(&model, &live, &random, &b->drawn);
		count = visit_starts(b, 0);
		cache_count_fit(&live, b->events_s, count, TAU_S, &c);
		cache_states_tally(&s, &live, b->events_s, count, c.dead_s);
		live_rate_fit(&s, c.caches, c.caches == 1 ? 1 : c.most, &r);
		right += c.caches == m;
		low += c.caches < m;
		high += c.caches > m;
		seen += (double)count;
		told += r.estimable;
		covered +=
		    r.estimable && r.low_per_s <= load / TAU_S && load / TAU_S <= r.high_per_s;
	}
	exposure_release(&live);
	printf("| %u%s%s | %.1f | %.0f | %.3f | %.3f | %.3f | %.2f | %.3f", m,
	    shape == SHAPE_FLAT ? "" : ", office", prefetch > 0 ? ", prefetch" : "", saturation,
	    seen / n, right / n, low / n, high / n, told / n,
	    shape == SHAPE_FLAT && told > 0 ? covered / told : NAN);
	return verdict(
	    (m > 4 || is_within(right / n, n, .9, 1)) &&
	    (shape != SHAPE_FLAT || told < .5 * n || is_within(covered / told, told, .93, 1)));
}

bool check_count(struct bench *b)
{
	static const double saturations[] = { .3, .6, .9 };
	bool fine = true;

	puts("\n| caches | saturation of each | visits | found right | too few | too many | rate "
	     "estimable | covered | |\n|---|---|---|---|---|---|---|---|---|");
	for (unsigned m = 1; m <= 8; m += m < 4 ? 1 : 4)
		for (size_t i = 0; i < COUNT_OF(saturations); i++) {
			fine = check_count_row(b, m, saturations[i], SHAPE_FLAT, 0, 600) && fine;
			fine = check_count_row(b, m, saturations[i], SHAPE_OFFICE, 0, 600) && fine;
		}
	for (unsigned m = 1; m <= 4; m++)
		fine = check_count_row(b, m, .6, SHAPE_FLAT, .1, 600) && fine;
	return fine;
}

/* ---- two addresses ---- */

enum pair_kind {
	PAIR_INDEPENDENT,
	PAIR_COPIED, /* a tenth of a's visits are b's as well, seconds later */
	PAIR_SHARED, /* one cache, two addresses */
	PAIR_COIN,   /* bursts whose questions go to either, each with its cache */
};

struct pair_row {
	struct model model;
	enum pair_kind kind;
};

#define PAIR(title, what, load, length, ...)                                                       \
	{                                                                                          \
		{ .name = title,                                                                   \
			.streams = 2,                                                              \
			.ttl_s = TAU_S,                                                            \
			.per_day = 2 * 24 * (load),                                                \
			.days = (length),                                                          \
			__VA_ARGS__ },                                                             \
		    what                                                                           \
	}

static const struct pair_row pair_rows[] = {
	PAIR("24/7, lT=.5", PAIR_INDEPENDENT, .5, 142, .shape = SHAPE_FLAT),
	PAIR("24/7, lT=10", PAIR_INDEPENDENT, 10, 142, .shape = SHAPE_FLAT),
	PAIR("office, lT=.5", PAIR_INDEPENDENT, .5, 142, .shape = SHAPE_OFFICE),
	PAIR("office, lT=2", PAIR_INDEPENDENT, 2, 142, .shape = SHAPE_OFFICE),
	PAIR("office, lT=10", PAIR_INDEPENDENT, 10, 142, .shape = SHAPE_OFFICE),
	PAIR("each weekday its own level, lT=1", PAIR_INDEPENDENT, 1, 142, .shape = SHAPE_WEEKDAYS),
	PAIR("holidays, lT=2", PAIR_INDEPENDENT, 2, 142, .shape = SHAPE_HOLIDAYS),
	PAIR("trend x8, lT=2", PAIR_INDEPENDENT, 2, 142, .shape = SHAPE_TREND),
	PAIR("office, lT=.5, 35 days", PAIR_INDEPENDENT, .5, 35, .shape = SHAPE_OFFICE),
	PAIR("office, lT=.5, outages", PAIR_INDEPENDENT, .5, 142, .shape = SHAPE_OFFICE,
	    .outages = true),
	PAIR("a tenth copied, office, lT=.5", PAIR_COPIED, .5, 142, .shape = SHAPE_OFFICE),
	PAIR("a tenth copied, office, lT=2", PAIR_COPIED, 2, 142, .shape = SHAPE_OFFICE),
	PAIR("a tenth copied, 24/7, lT=.5", PAIR_COPIED, .5, 142, .shape = SHAPE_FLAT),
	PAIR("one shared cache, office, lT=2", PAIR_SHARED, 2, 142, .shape = SHAPE_OFFICE),
	PAIR("one shared cache, 24/7, lT=1", PAIR_SHARED, 1, 142, .shape = SHAPE_FLAT),
	PAIR("bursts to either by coin, office, lT=1", PAIR_COIN, 1, 142, .shape = SHAPE_OFFICE),
};

int double_cmp(const void *a, const void *b)
{
	const double *x = a;
	const double *y = b;

	return (*x > *y) - (*x < *y);
}

static void copy_tenth(struct model_series *s, struct philox *random)
{
	for (size_t i = 0; i < s->count[0]; i++)
		if (philox_uniform(random) < .1)
			s->times_s[1][s->count[1]++] =
			    s->times_s[0][i] + 5 * philox_exponential(random);
	qsort(s->times_s[1], s->count[1], sizeof(double), double_cmp);
}

/* What one cache lets through of both, each to either at random. */
static void share_cache(struct model_series *s, struct philox *random)
{
	size_t count = s->count[0];
	double *all_s = s->times_s[2];

	memcpy(all_s, s->times_s[0], count * sizeof(*all_s));
	count = visits_thin(all_s, count, TAU_S, all_s);
	s->count[0] = s->count[1] = 0;
	for (size_t i = 0; i < count; i++) {
		size_t to = philox_below(random, 2);

		s->times_s[to][s->count[to]++] = all_s[i];
	}
}

/* Bursts of a's become questions to either; each cache lets through what it lacks. */
static void toss_coins(struct model_series *s, struct philox *random)
{
	size_t count = s->count[0];
	double *all_s = s->times_s[2];

	memcpy(all_s, s->times_s[0], count * sizeof(*all_s));
	s->count[0] = s->count[1] = 0;
	for (size_t i = 0; i < count; i++) {
		double t_s = all_s[i];

		do {
			size_t to = philox_below(random, 2);

			s->times_s[to][s->count[to]++] = t_s;
			t_s += 5 * philox_exponential(random);
		} while (philox_uniform(random) < .55 && (i + 1 == count || t_s < all_s[i + 1]));
	}
	for (size_t to = 0; to < 2; to++)
		s->count[to] = visits_thin(s->times_s[to], s->count[to], TAU_S, s->times_s[to]);
}

static void draw_pair(
    const struct pair_row *row, const struct exposure *live, struct philox *random, struct bench *b)
{
	struct model m = row->model;

	if (row->kind == PAIR_SHARED || row->kind == PAIR_COIN) {
		m.streams = 1;
		m.ttl_s = 0;
	}
	model_draw(&m, live, random, &b->drawn);
	if (row->kind == PAIR_COPIED)
		copy_tenth(&b->drawn, random);
	else if (row->kind == PAIR_SHARED)
		share_cache(&b->drawn, random);
	else if (row->kind == PAIR_COIN)
		toss_coins(&b->drawn, random);
}

static bool check_pair_row(struct bench *b, const struct pair_row *row)
{
	double small[LEVELS] = { 0 }, together[LEVELS] = { 0 }, apart[LEVELS] = { 0 }, seen = 0;
	double n = b->series;
	struct exposure live;
	struct philox random;
	struct err err;
	bool fine = true;

	if (!model_exposure(&row->model, &live, &err))
		return false;
	philox_init(&random, SEED, (uint64_t)(row - pair_rows), 4);
	for (unsigned i = 0; i < b->series; i++) {
		struct joint_result r;
		struct joint_input in = { .ttl_s = TAU_S, .seed = SEED, .series = i };

		draw_pair(row, &live, &random, b);
		in.a_s = b->drawn.times_s[0];
		in.a_count = b->drawn.count[0];
		in.b_s = b->drawn.times_s[1];
		in.b_count = b->drawn.count[1];
		if (!joint_days_test(&in, &r, &err))
			return false;
		seen += (double)in.a_count;
		for (unsigned k = 0; k < LEVELS; k++) {
			small[k] += r.p <= levels[k];
			together[k] += r.p_together <= levels[k];
			apart[k] += r.p_apart <= levels[k];
		}
	}
	exposure_release(&live);
	printf("| %s | %.0f | %.4f %.4f %.4f | %.4f %.4f %.4f | %.4f %.4f %.4f", row->model.name,
	    seen / n, small[0] / n, small[1] / n, small[2] / n, together[0] / n, together[1] / n,
	    together[2] / n, apart[0] / n, apart[1] / n, apart[2] / n);
	for (unsigned k = 0; k < LEVELS; k++)
		if (row->kind == PAIR_INDEPENDENT)
			fine = is_within(together[k] / n, n, 0, levels[k]) &&
			       is_within(apart[k] / n, n, 0, levels[k]) && fine;
		else
			fine = small[k] >= n && fine;
	return verdict(fine);
}

bool check_pairs(struct bench *b)
{
	bool fine = true;

	puts("\n| two addresses | visits of one | p <= .1 .05 .01 | together | apart | |\n"
	     "|---|---|---|---|---|---|");
	for (size_t i = 0; i < COUNT_OF(pair_rows); i++)
		fine = check_pair_row(b, &pair_rows[i]) && fine;
	return fine;
}
