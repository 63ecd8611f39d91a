/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a cache hides: coverage of the rate's interval, level and power of the violations, the
 * number of caches found, the TTL found where a log has none, level and power of the day
 * permutation, and the arithmetic of the founding scenario.
 */
#include <stdlib.h>
#include <string.h>

#include "cache_bench.h"
#include "stats/cache_count.h"
#include "stats/cache_gaps.h"
#include "stats/cache_ttl.h"
#include "stats/gap_shape.h"
#include "stats/live_rate.h"
#include "stats/violations.h"
#include "stats/visits.h"

#define DAYS       60 /* of b->live */
#define MEAN_DRAWS 50

/* ---- the rate ---- */

/* One cache of TAU_S under constant demand, seen for a fixed time that begins anywhere. */
static size_t draw_constant(double rate, double span_s, struct philox *random, double *ret)
{
	double t_s = MODEL_FIRST_S - TAU_S * 20 * philox_uniform(random) - 20 / rate;
	size_t count = 0;

	while ((t_s += philox_exponential(random) / rate) < MODEL_FIRST_S + span_s) {
		if (t_s >= MODEL_FIRST_S && count < EVENTS)
			ret[count++] = t_s;
		t_s += TAU_S;
	}
	return count;
}

static bool check_coverage(struct bench *b, double load, double lookups)
{
	double rate = load / TAU_S, span_s = lookups * (TAU_S + 1 / rate);
	double covered = 0, above_low = 0, told = 0, bias = 0, n = b->series;
	struct exposure live;
	struct philox random;
	struct err err;
	bool fine;

	if (!exposure_declare(MODEL_FIRST_S, MODEL_FIRST_S + span_s, NULL, 0, &live, &err))
		return false;
	philox_init(&random, SEED, (uint64_t)(load * 1000) * 10000 + (uint64_t)lookups, 0);
	for (unsigned i = 0; i < b->series; i++) {
		struct cache_states s;
		struct live_rate r;
		size_t count = draw_constant(rate, span_s, &random, b->events_s);

		count = visits_thin(b->events_s, count, TAU_S, b->events_s);
		cache_states_tally(&s, &live, b->events_s, count, TAU_S);
		live_rate_fit(&s, 1, 1, &r);
		above_low += r.low_per_s <= rate;
		told += r.estimable;
		if (r.estimable) {
			covered += r.low_per_s <= rate && rate <= r.high_per_s;
			bias += r.per_s / rate - 1;
		}
	}
	exposure_release(&live);
	printf("| %g | %g | %.3f | %.4f | %.4f | %+.3f", load, lookups, told / n,
	    told > 0 ? covered / told : NAN, above_low / n, told > 0 ? bias / told : NAN);
	fine = is_within(above_low / n, n, .96, .99);
	if (told > .98 * n)
		fine = is_within(covered / told, told, .93, .97) && fine;
	return verdict(fine);
}

static bool check_rate(struct bench *b)
{
	static const double loads[] = { .1, .5, 1, 2, 5, 10, 20, 50 };
	static const double lookups[] = { 30, 100, 300, 1000, 3000 };
	bool fine = true;

	puts("| requests per TTL | look-ups | estimable | covered (95 %) | above the lower bound |"
	     " bias | |\n|---|---|---|---|---|---|---|");
	for (size_t i = 0; i < COUNT_OF(loads); i++)
		for (size_t j = 0; j < COUNT_OF(lookups); j++)
			fine = check_coverage(b, loads[i], lookups[j]) && fine;
	return fine;
}

/* Requests a second of the model, over all its time. */
static double mean_rate(struct bench *b, const struct model *m, struct philox *random)
{
	struct model uncached = *m;
	double requests = 0;

	uncached.ttl_s = 0;
	for (unsigned i = 0; i < MEAN_DRAWS; i++) {
		model_draw(&uncached, &b->live, random, &b->drawn);
		requests += (double)b->drawn.count[0];
	}
	return requests / MEAN_DRAWS / (m->days * 86400);
}

static const struct model hour_rows[] = {
	{ .name = "flat, lT=1", .ttl_s = TAU_S, .per_day = 24, .days = DAYS },
	{ .name = "office, lT=.2",
	    .shape = SHAPE_OFFICE,
	    .ttl_s = TAU_S,
	    .per_day = 4.8,
	    .days = DAYS },
	{ .name = "office, lT=1",
	    .shape = SHAPE_OFFICE,
	    .ttl_s = TAU_S,
	    .per_day = 24,
	    .days = DAYS },
	{ .name = "office, lT=10",
	    .shape = SHAPE_OFFICE,
	    .ttl_s = TAU_S,
	    .per_day = 240,
	    .days = DAYS },
	{ .name = "smooth day, lT=1",
	    .shape = SHAPE_SMOOTH,
	    .ttl_s = TAU_S,
	    .per_day = 24,
	    .days = DAYS },
	{ .name = "trend x8, lT=1",
	    .shape = SHAPE_TREND,
	    .ttl_s = TAU_S,
	    .per_day = 24,
	    .days = DAYS },
};

/* Where demand has hours, the rate is that of the empty cache: never above the mean of all hours. */
static bool check_hours(struct bench *b)
{
	bool fine = true;

	puts("\n| demand | mean rate an hour | rate of the empty cache | lower bound at most the "
	     "mean"
	     " | mean in the interval | |\n|---|---|---|---|---|---|");
	for (size_t k = 0; k < COUNT_OF(hour_rows); k++) {
		const struct model *m = &hour_rows[k];
		double below = 0, covered = 0, rate = 0, n = b->series, mean;
		struct philox random;

		philox_init(&random, SEED, k, 7);
		mean = mean_rate(b, m, &random);
		for (unsigned i = 0; i < b->series; i++) {
			struct cache_states s;
			struct live_rate r;
			double *events_s = b->drawn.times_s[0];
			size_t count;

			model_draw(m, &b->live, &random, &b->drawn);
			count = visits_thin(events_s, b->drawn.count[0], TAU_S, events_s);
			cache_states_tally(&s, &b->live, events_s, count, TAU_S);
			live_rate_fit(&s, 1, 1, &r);
			below += r.low_per_s <= mean;
			covered += r.low_per_s <= mean && mean <= r.high_per_s;
			rate += (double)r.lookups / cache_states_free(&s, 1) * 3600;
		}
		printf("| %s | %.3f | %.3f | %.3f | %.3f", m->name, mean * 3600, rate / n,
		    below / n, covered / n);
		fine = verdict(is_within(below / n, n, .96, 1)) && fine;
	}
	return fine;
}

/* ---- violations ---- */

#define BACKGROUND 100
#define FLUSHES    4096

struct resolver {
	double flushes_s[FLUSHES]; /* of the whole cache */
	size_t flush_count;
	double evictions_per_s; /* of one name */
	unsigned caches;
};

/* Poisson questions at rate through the resolver; its visits. */
static size_t draw_name(
    const struct resolver *r, double rate, double ttl_s, struct philox *random, double *ret)
{
	double expiry_s[CACHES_MAX] = { 0 };
	double t_s = MODEL_FIRST_S;
	size_t count = 0, flush = 0;

	while ((t_s += philox_exponential(random) / rate) < MODEL_FIRST_S + DAYS * 86400.0) {
		unsigned at = philox_below(random, r->caches);

		for (; flush < r->flush_count && r->flushes_s[flush] <= t_s; flush++)
			memset(expiry_s, 0, sizeof(expiry_s));
		if (t_s < expiry_s[at] || count == EVENTS)
			continue;
		ret[count++] = t_s;
		expiry_s[at] = t_s + ttl_s;
		if (r->evictions_per_s > 0)
			expiry_s[at] = fmin(
			    expiry_s[at], t_s + philox_exponential(random) / r->evictions_per_s);
	}
	return count;
}

/* Pauses that a cache of TAU_S would not allow, of a name that is held for ttl_s. */
static bool count_gaps(struct bench *b, size_t count, double ttl_s, struct cache_gaps *ret)
{
	if (count < 2)
		return false;
	cache_gaps_count(&b->live, b->events_s, count, TAU_S, ttl_s, ret);
	return true;
}

struct violation_row {
	const char *name;
	double flushes_per_day;
	double evictions_per_day;
	unsigned caches;
	double load;   /* of the target, requests per TTL */
	double forged; /* look-ups at random times instead: so many; 0: none */
	bool planted;
};

static const struct violation_row violation_rows[] = {
	{ "no flush, lT=1", 0, 0, 1, 1, 0, false },
	{ "a flush a week, lT=.2", 1. / 7, 0, 1, .2, 0, false },
	{ "a flush a day, lT=.2", 1, 0, 1, .2, 0, false },
	{ "a flush a day, lT=1", 1, 0, 1, 1, 0, false },
	{ "a flush a day, lT=10", 1, 0, 1, 10, 0, false },
	{ "8 flushes a day, lT=.2", 8, 0, 1, .2, 0, false },
	{ "8 flushes a day, lT=2", 8, 0, 1, 2, 0, false },
	{ "evicted once a day, lT=.5", 0, 1, 1, .5, 0, false },
	{ "evicted 4 times a day, lT=5", 0, 4, 1, 5, 0, false },
	{ "4 caches, lT=2", 0, 0, 4, 2, 0, false },
	{ "4 caches, lT=.3", 0, 0, 4, .3, 0, false },
	{ "forged, 50 times, lT=.3, no flush", 0, 0, 1, .3, 50, true },
	{ "forged, 50 times, lT=.3, a flush a day", 1, 0, 1, .3, 50, true },
	{ "forged, 50 times, lT=1, a flush a day", 1, 0, 1, 1, 50, true },
	{ "forged, 1410 times in 142 days, a flush a day", 1, 0, 1, .414, 1410, true },
};

static void draw_flushes(struct resolver *r, double per_day, struct philox *random)
{
	double t_s = MODEL_FIRST_S;

	r->flush_count = 0;
	while (
	    per_day > 0 && r->flush_count < FLUSHES &&
	    (t_s += philox_exponential(random) * 86400 / per_day) < MODEL_FIRST_S + DAYS * 86400.0)
		r->flushes_s[r->flush_count++] = t_s;
}

/* Look-ups at uniform times, so many per TTL: what somebody would make up. */
static size_t draw_forged(double lookups, double load, struct philox *random, double *ret)
{
	double t_s = MODEL_FIRST_S;
	size_t count = 0;

	while (count < lookups)
		ret[count++] = t_s += philox_exponential(random) * TAU_S / load;
	return count;
}

static bool check_violations_row(struct bench *b, const struct violation_row *row)
{
	struct resolver r = { .caches = row->caches,
		.evictions_per_s = row->evictions_per_day / 86400 };
	double small[LEVELS] = { 0 }, shown[LEVELS] = { 0 }, tested = 0, seen = 0, names = 0;
	struct philox random;
	bool fine;

	philox_init(&random, SEED, (uint64_t)(row - violation_rows), 1);
	for (unsigned i = 0; i < b->series; i++) {
		struct excess_background background = { .names = 0 };
		struct cache_gaps g, other;
		double p, above, u;

		draw_flushes(&r, row->flushes_per_day, &random);
		if (!count_gaps(b,
			row->forged > 0
			    ? draw_forged(row->forged, row->load, &random, b->events_s)
			    : draw_name(&r, row->load / TAU_S, TAU_S, &random, b->events_s),
			TAU_S, &g))
			continue;
		for (unsigned j = 0; j < BACKGROUND; j++) {
			double load = .2 * exp(1.5 * philox_normal(&random));
			double ttl_s = j % 3 == 0 ? 4 * TAU_S : TAU_S;
			size_t n =
			    draw_name(&r, fmin(load, 50) / TAU_S, ttl_s, &random, b->events_s);

			if (count_gaps(b, n, ttl_s, &other))
				violations_add(&background, &g, &other);
		}
		p = violations_p(&background, &g);
		above = violations_p_above(&background, &g);
		u = above + philox_uniform(&random) * (p - above);
		names += background.names;
		if (isnan(p))
			continue;
		tested++;
		seen += (double)g.forbidden;
		for (unsigned k = 0; k < LEVELS; k++) {
			small[k] += u <= levels[k];
			shown[k] += p <= levels[k];
		}
	}
	printf("| %s | %.1f | %.1f | %.2f | %.4f %.4f %.4f | %.4f %.4f %.4f", row->name,
	    seen / tested, names / b->series, tested / b->series, small[0] / tested,
	    small[1] / tested, small[2] / tested, shown[0] / tested, shown[1] / tested,
	    shown[2] / tested);
	fine = tested > 0;
	for (unsigned k = 0; k < LEVELS; k++)
		fine = fine && (row->planted ? shown[k] >= tested
					     : is_within(small[k] / tested, tested, 0, levels[k]));
	return verdict(fine);
}

static bool check_violations(struct bench *b)
{
	bool fine = true;

	printf("\n%d other names of the same resolver\n\n", BACKGROUND);
	puts("| target | forbidden pauses | names like it | tested | randomized p <= .1 .05 .01 | "
	     "p <= .1 .05 .01 | |\n"
	     "|---|---|---|---|---|---|---|");
	for (size_t i = 0; i < COUNT_OF(violation_rows); i++)
		fine = check_violations_row(b, &violation_rows[i]) && fine;
	return fine;
}

/* ---- a TTL that the log does not give ---- */

struct ttl_row {
	struct model model;
	double low_s, high_s; /* what may be found; 0: nothing */
};

static const struct ttl_row ttl_rows[] = {
	{ { .name = "no cache, 100 visits", .per_day = 1, .days = 100 }, 0, 0 },
	{ { .name = "no cache, 2000 visits", .per_day = 20, .days = 100 }, 0, 0 },
	{ { .name = "no cache, office, 300 visits",
	      .shape = SHAPE_OFFICE,
	      .per_day = 20,
	      .days = 60 },
	    0, 0 },
	{ { .name = "sessions, office",
	      .kind = MODEL_SESSIONS,
	      .shape = SHAPE_OFFICE,
	      .per_day = 4,
	      .days = 60 },
	    0, 0 },
	{ { .name = "TTL 3600, lT=.5", .ttl_s = 3600, .per_day = 12, .days = 60 }, 3600, 3600 },
	{ { .name = "TTL 3600, lT=5", .ttl_s = 3600, .per_day = 120, .days = 60 }, 3600, 3600 },
	{ { .name = "TTL 3600, lT=5, office",
	      .ttl_s = 3600,
	      .shape = SHAPE_OFFICE,
	      .per_day = 120,
	      .days = 60 },
	    3600, 3600 },
	{ { .name = "TTL 300, lT=.2", .ttl_s = 300, .per_day = 58, .days = 60 }, 300, 300 },
	{ { .name = "TTL 5000, lT=2", .ttl_s = 5000, .per_day = 35, .days = 60 }, 3600, 5100 },
	{ { .name = "prefetch, TTL 3600, lT=5",
	      .ttl_s = 3600,
	      .prefetch = .1,
	      .per_day = 120,
	      .days = 60 },
	    3600, 3600 },
};

static bool check_ttl(struct bench *b)
{
	bool fine = true;

	puts("\n| series | TTL found, as it should be | another | none | |\n|---|---|---|---|---|");
	for (size_t k = 0; k < COUNT_OF(ttl_rows); k++) {
		const struct ttl_row *row = &ttl_rows[k];
		double right = 0, none = 0, n = b->series;
		struct exposure live;
		struct philox random;
		struct err err;

		if (!model_exposure(&row->model, &live, &err))
			return false;
		philox_init(&random, SEED, k, 3);
		for (unsigned i = 0; i < b->series; i++) {
			struct cache_ttl found;

			model_draw(&row->model, &live, &random, &b->drawn);
			if (!cache_ttl_find(b->events_s, visit_starts(b, 0), &live, &found, &err))
				return false;
			none += found.ttl_s == 0;
			right += found.ttl_s >= row->low_s && found.ttl_s <= row->high_s;
		}
		exposure_release(&live);
		printf("| %s | %.3f | %.3f | %.3f", row->model.name, right / n,
		    1 - (right + (row->low_s > 0 ? none : 0)) / n, none / n);
		fine = verdict(is_within(right / n, n, row->low_s > 0 ? .9 : .95, 1)) && fine;
	}
	return fine;
}

/* ---- the shape of the pauses ---- */

static const struct model shape_rows[] = {
	{ .name = "cache lT=.5", .ttl_s = TAU_S, .per_day = 12, .days = 60 },
	{ .name = "cache lT=5", .ttl_s = TAU_S, .per_day = 120, .days = 30 },
	{ .name = "cache lT=2, office",
	    .shape = SHAPE_OFFICE,
	    .ttl_s = TAU_S,
	    .per_day = 48,
	    .days = 60 },
	{ .name = "no cache, 40 visits", .per_day = 1, .days = 40 },
	{ .name = "sessions, office",
	    .kind = MODEL_SESSIONS,
	    .shape = SHAPE_OFFICE,
	    .per_day = 4,
	    .days = 60 },
};

static bool check_shape(struct bench *b)
{
	static const struct monte_carlo_plan plan = { .surrogates_max = 199 };
	bool fine = true;

	puts("\n| shape of the pauses | p <= .1 .05 .01 | early tenth | of surrogates | |\n"
	     "|---|---|---|---|---|");
	for (size_t k = 0; k < COUNT_OF(shape_rows); k++) {
		const struct model *m = &shape_rows[k];
		double small[LEVELS] = { 0 }, early = 0, expected = 0, n = b->series / 4;
		bool planted = m->kind == MODEL_SESSIONS, row_fine = true;
		struct exposure live;
		struct philox random;
		struct err err;

		if (!model_exposure(m, &live, &err))
			return false;
		philox_init(&random, SEED, k, 5);
		for (unsigned i = 0; i < b->series / 4; i++) {
			struct gap_shape_input in = { .dead_s = fmax(m->ttl_s, 60),
				.exposure = &live,
				.seed = SEED,
				.series = i };
			struct gap_shape r;

			model_draw(m, &live, &random, &b->drawn);
			in.events_s = b->drawn.times_s[0];
			in.count = visits_thin(
			    in.events_s, b->drawn.count[0], in.dead_s, b->drawn.times_s[0]);
			if (!gap_shape_test(&in, &plan, &r, &err))
				return false;
			early += r.early;
			expected += r.early_expected;
			for (unsigned i2 = 0; i2 < LEVELS; i2++)
				small[i2] += r.p <= levels[i2];
		}
		exposure_release(&live);
		printf("| %s | %.4f %.4f %.4f | %.3f | %.3f", m->name, small[0] / n, small[1] / n,
		    small[2] / n, early / n, expected / n);
		for (unsigned i = 0; i < LEVELS; i++)
			row_fine = row_fine && (planted ? small[i] >= .9 * n
							: is_within(small[i] / n, n, 0, levels[i]));
		fine = verdict(row_fine) && fine;
	}
	return fine;
}

/* ---- the founding scenario ---- */

/* A: 1,410 look-ups in 3,408 hours behind one cache of an hour. */
static bool check_founding(struct bench *b)
{
	const double lookups = 1410, span_s = 3408 * 3600.0;
	double rate = 1 / (span_s / lookups - TAU_S), forbidden = 0, rounds = b->series;
	struct exposure live;
	struct cache_states s;
	struct live_rate r;
	struct philox random;
	struct err err;
	bool fine;

	for (size_t i = 0; i < lookups; i++)
		b->events_s[i] = MODEL_FIRST_S + (double)i * span_s / (lookups - 1);
	if (!exposure_declare(MODEL_FIRST_S, MODEL_FIRST_S + span_s, NULL, 0, &live, &err))
		return false;
	cache_states_tally(&s, &live, b->events_s, (size_t)lookups, TAU_S);
	live_rate_fit(&s, 1, 1, &r);
	philox_init(&random, SEED, 0, 6);
	for (unsigned i = 0; i < rounds; i++) {
		for (size_t j = 0; j < lookups; j++)
			b->events_s[j] = MODEL_FIRST_S + span_s * philox_uniform(&random);
		qsort(b->events_s, (size_t)lookups, sizeof(double), double_cmp);
		for (size_t j = 1; j < lookups; j++)
			forbidden += b->events_s[j] - b->events_s[j - 1] < TAU_S;
	}
	printf("\nThe founding scenario: %g look-ups in %g h and a TTL of 1 h are %.3f an hour "
	       "seen;\nbehind one cache %.3f an hour (95 %%: %.3f to %.3f; 1 / (T / n - tau) = "
	       "%.3f), saturation %.3f.\nAs many random times leave %.0f pauses shorter than the "
	       "TTL (mean of %g).\n",
	    lookups, span_s / 3600, lookups / span_s * 3600, r.per_s * 3600, r.low_per_s * 3600,
	    r.high_per_s * 3600, rate * 3600, r.saturation, forbidden / rounds, rounds);
	fine = fabs(r.per_s * 3600 - .71) < .01 && fabs(r.low_per_s * 3600 - .67) < .005 &&
	       fabs(r.high_per_s * 3600 - .74) < .006 && fabs(forbidden / rounds - 478) < 10;
	exposure_release(&live);
	return fine;
}

static const struct {
	const char *name;
	bool (*check)(struct bench *b);
} parts[] = {
	{ "rate", check_rate },
	{ "hours", check_hours },
	{ "violations", check_violations },
	{ "count", check_count },
	{ "ttl", check_ttl },
	{ "shape", check_shape },
	{ "pairs", check_pairs },
	{ "founding", check_founding },
};

/* words end with NULL; none asks for all. */
static bool is_asked(const char *name, char **words)
{
	bool asked = words[0] == NULL;

	for (; *words != NULL; words++)
		asked = asked || strcmp(*words, name) == 0;
	return asked;
}

int main(int argc, char **argv)
{
	bool is_long = argc > 1 && strcmp(argv[1], "--long") == 0;
	struct bench b = { .series = is_long ? 1000 : 100 };
	struct err err;
	bool fine = false;

	if (argc > 2)
		b.series = (unsigned)strtoul(argv[2], NULL, 10);

	b.events_s = malloc(EVENTS * sizeof(double));
	if (!model_series_new(&b.drawn) || b.events_s == NULL ||
	    !exposure_declare(
		MODEL_FIRST_S, MODEL_FIRST_S + DAYS * 86400.0, NULL, 0, &b.live, &err))
		goto out;
	printf("\n## What a cache hides\n\n%u series a row, seed %d\n\n", b.series, SEED);
	fine = true;
	for (size_t i = 0; i < COUNT_OF(parts); i++)
		if (is_asked(parts[i].name, argv + (argc > 3 ? 3 : argc)))
			fine = parts[i].check(&b) && fine;
out:
	exposure_release(&b.live);
	model_series_free(&b.drawn);
	free(b.events_s);
	return fine ? 0 : 1;
}
