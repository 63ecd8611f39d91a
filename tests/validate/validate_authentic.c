/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Is the log what it says: how often is a series that nobody touched of concern, and how often one
 * that somebody made up, moved, thinned, filled, copied or shifted? Resolvers differ in what they
 * leave on all their names; targets are drawn from kinds that their other names need not have.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/size.h"
#include "base/stamp.h"
#include "hunt/authentic.h"
#include "models.h"
#include "stats/cache_states.h"
#include "stats/violations.h"
#include "stats/visits.h"

#define SEED       20160504
#define DAYS       60
#define DAY_S      86400.0
#define OTHERS     80
#define FALSE_MAX  .05
#define ROWS_MAX   100000
#define TYPE_A     1
#define TYPE_AAAA  28
#define DOUBLED    .08 /* rows that a second server logs too */
#define BOTH_TYPES .7  /* of the names are asked for in two types */

/* What a resolver and its sensor do to every name. */
struct resolver_kind {
	const char *name;
	unsigned caches;
	double prefetch;
	bool whole_seconds;
	bool outages;
};

static const struct resolver_kind resolver_kinds[] = {
	{ "one cache, whole seconds", 1, 0, true, false },
	{ "one cache, milliseconds, outages", 1, 0, false, true },
	{ "fetches early", 1, .1, true, true },
	{ "four caches", 4, 0, false, false },
};

/* What a name is about. */
static const struct model target_kinds[] = {
	{ .name = "people, lT=.5", .shape = SHAPE_OFFICE, .ttl_s = 3600, .per_day = 12 },
	{ .name = "people, lT=5", .shape = SHAPE_OFFICE, .ttl_s = 3600, .per_day = 120 },
	{ .name = "flat, lT=1, TTL 300 s", .shape = SHAPE_FLAT, .ttl_s = 300, .per_day = 288 },
	{ .name = "retry loop, lT=50", .shape = SHAPE_FLAT, .ttl_s = 3600, .per_day = 1200 },
	{ .name = "sessions",
	    .kind = MODEL_SESSIONS,
	    .shape = SHAPE_OFFICE,
	    .ttl_s = 300,
	    .per_day = 12 },
	{ .name = "sleep timer, 5000 s +-20 %",
	    .kind = MODEL_TIMER,
	    .ttl_s = 3600,
	    .period_s = 5000,
	    .jitter = .2 },
	{ .name = "hourly clock, 20 % missing",
	    .kind = MODEL_CRON,
	    .ttl_s = 300,
	    .period_s = 3600,
	    .jitter = .01,
	    .missing = .2 },
};

enum forgery {
	UNTOUCHED,
	RANDOM_TIMES,
	JITTERED,
	DELETED,
	INSERTED,
	PASTED,
	SHIFTED,
	SPOOFED,
	FORGERIES,
};

static const char *const forgery_names[FORGERIES] = {
	[UNTOUCHED] = "untouched",
	[RANDOM_TIMES] = "as many random times",
	[JITTERED] = "times moved by up to 60 s",
	[DELETED] = "10 % of rows deleted",
	[INSERTED] = "10 % of rows inserted",
	[PASTED] = "a week pasted twice",
	[SHIFTED] = "zone shifted by 3 h",
	[SPOOFED] = "30 % of rows by another source, past the cache",
};

/* Nothing that these checks could see: rows that were only left out leave no mark. */
static bool is_innocent(unsigned how)
{
	return how == UNTOUCHED || how == DELETED;
}

struct series {
	double *times_s; /* of type A */
	size_t count;
};

struct bench {
	struct model_series drawn;
	struct imprint_row *rows;
	double *starts_s;
	struct visit *visits;
	struct exposure exposure;
	const struct resolver_kind *resolver;
	struct company_name names[OTHERS];
	double ttls_s[OTHERS];
};

static int double_cmp(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static int64_t stamp(const struct bench *b, double t_s)
{
	return b->resolver->whole_seconds ? (int64_t)floor(t_s) * NS_PER_S
					  : (int64_t)floor(t_s * 1e3) * (NS_PER_S / 1000);
}

/* What the resolver's caches let through. */
static size_t pass_caches(
    const struct resolver_kind *k, double ttl_s, double *times_s, size_t count, struct philox *r)
{
	double expiry_s[CACHES_MAX] = { 0 };
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		double *expiry = &expiry_s[philox_below(r, k->caches)];

		if (times_s[i] < *expiry - k->prefetch * ttl_s)
			continue;
		*expiry = times_s[i] + ttl_s;
		times_s[kept++] = times_s[i];
	}
	return kept;
}

/* Look-ups of a name of that kind by this resolver. */
static struct series draw(struct bench *b, const struct model *kind, struct philox *r)
{
	struct series s = { b->drawn.times_s[0], 0 };
	struct model m = *kind;

	m.days = DAYS;
	m.ttl_s = 0;
	m.outages = b->resolver->outages;
	model_draw(&m, &b->exposure, r, &b->drawn);
	s.count = pass_caches(b->resolver, kind->ttl_s, s.times_s, b->drawn.count[0], r);
	if (s.count > ROWS_MAX / 4)
		s.count = ROWS_MAX / 4;
	return s;
}

/* As the log has them: a second type along the way, rows that two servers logged. */
static size_t make_rows(struct bench *b, const struct series *s, bool both, struct philox *r)
{
	size_t count = 0;

	for (size_t i = 0; i < s->count; i++) {
		struct imprint_row row = { stamp(b, s->times_s[i]), TYPE_A,
			b->resolver->whole_seconds ? 0 : 3 };

		b->rows[count++] = row;
		if (philox_uniform(r) < DOUBLED)
			b->rows[count++] = row;
		row.type = TYPE_AAAA;
		if (both && philox_uniform(r) < .95)
			b->rows[count++] = row;
	}
	qsort(b->rows, count, sizeof(*b->rows), imprint_row_cmp);
	return count;
}

static void count_gaps(
    struct bench *b, const struct series *s, double ttl_s, struct cache_gaps *ret)
{
	size_t count;

	for (size_t i = 0; i < s->count; i++)
		b->starts_s[i] = (double)stamp(b, s->times_s[i]) / (double)NS_PER_S;
	count = visits_find(b->starts_s, s->count, b->visits);
	for (size_t i = 0; i < count; i++)
		b->starts_s[i] = b->visits[i].start_s;
	cache_gaps_count(&b->exposure, b->starts_s, count, ttl_s, ttl_s, ret);
}

static void draw_others(struct bench *b, struct philox *r)
{
	for (size_t i = 0; i < OTHERS; i++) {
		struct model m = target_kinds[philox_below(r, 5)];
		struct series s;
		size_t count;

		m.per_day *= exp(philox_normal(r));
		s = draw(b, &m, r);
		b->names[i].target = i + 1;
		b->ttls_s[i] = m.ttl_s;
		count_gaps(b, &s, m.ttl_s, &b->names[i].gaps);
		count = make_rows(b, &s, philox_uniform(r) < BOTH_TYPES, r);
		imprint_take(b->rows, count, &b->exposure, &b->names[i].imprint);
	}
}

/* A time at which the sensor was alive, or any. */
static double any_time(struct philox *r)
{
	return MODEL_FIRST_S + philox_uniform(r) * DAYS * DAY_S;
}

static void paste_week(struct series *s, double from_s, double to_s)
{
	const double week_s = 7 * DAY_S;
	size_t kept = 0, before;

	for (size_t i = 0; i < s->count; i++)
		if (s->times_s[i] < to_s || s->times_s[i] >= to_s + week_s)
			s->times_s[kept++] = s->times_s[i];
	before = kept;
	for (size_t i = 0; i < before; i++)
		if (s->times_s[i] >= from_s && s->times_s[i] < from_s + week_s)
			s->times_s[kept++] = s->times_s[i] + (to_s - from_s);
	s->count = kept;
}

static void add_random(struct series *s, double share, struct philox *r)
{
	size_t more = (size_t)(share * (double)s->count);

	for (size_t i = 0; i < more; i++)
		s->times_s[s->count++] = any_time(r);
}

static void forge(struct series *s, enum forgery how, struct philox *r)
{
	const double first_s = MODEL_FIRST_S;
	size_t kept = 0;

	switch (how) {
	case RANDOM_TIMES:
		for (size_t i = 0; i < s->count; i++)
			s->times_s[i] = any_time(r);
		break;
	case JITTERED:
		for (size_t i = 0; i < s->count; i++)
			s->times_s[i] += 120 * philox_uniform(r) - 60;
		break;
	case DELETED:
		for (size_t i = 0; i < s->count; i++)
			if (philox_uniform(r) >= .1)
				s->times_s[kept++] = s->times_s[i];
		s->count = kept;
		break;
	case INSERTED:
		add_random(s, .1, r);
		break;
	case PASTED:
		paste_week(s, first_s + 7 * DAY_S, first_s + 21 * DAY_S);
		paste_week(s, first_s + 7 * DAY_S, first_s + 35 * DAY_S);
		break;
	case SHIFTED:
		for (size_t i = 0; i < s->count; i++)
			s->times_s[i] += 3 * 3600;
		break;
	case SPOOFED:
		add_random(s, .3, r);
		break;
	case UNTOUCHED:
	case FORGERIES:
		break;
	}
	qsort(s->times_s, s->count, sizeof(*s->times_s), double_cmp);
}

/* What cache_test() says of the target against the other names. */
static struct test_cache make_cache(
    struct bench *b, const struct series *s, double ttl_s, struct cache_gaps *g)
{
	struct excess_background forbidden = { .names = 0 }, early = { .names = 0 };

	count_gaps(b, s, ttl_s, g);
	for (size_t i = 0; i < OTHERS; i++) {
		violations_add_early(&early, &b->names[i].gaps);
		if (b->ttls_s[i] == ttl_s)
			violations_add(&forbidden, g, &b->names[i].gaps);
	}
	return (struct test_cache){ .violations_p = violations_p(&forbidden, g),
		.early_p = violations_p_early(&early, g) };
}

struct tally {
	double series, tested, concern;
	double checks[AUTHENTICITY_CHECKS];
};

static void judge(
    struct bench *b, const struct model *kind, enum forgery how, uint64_t number, struct tally *t)
{
	struct company others = { .names = b->names, .count = OTHERS }, nobody = { .count = 0 };
	struct test_authenticity a;
	struct cache_gaps gaps;
	struct test_cache cache;
	struct arena memory;
	struct philox r;
	struct series s;
	struct err err;
	struct authentic_input in = { .rows = b->rows,
		.resolver = &others,
		.sensor = &nobody,
		.cache = &cache,
		.gaps = &gaps,
		.keeps_clock = kind->kind == MODEL_CRON,
		.exposure = &b->exposure,
		.seed = SEED,
		.series = number };

	philox_init(&r, SEED, number, 3);
	s = draw(b, kind, &r);
	forge(&s, how, &r);
	cache = make_cache(b, &s, kind->ttl_s, &gaps);
	in.count = make_rows(b, &s, philox_uniform(&r) < BOTH_TYPES, &r);
	arena_init(&memory, SIZE_MAX);
	if (!authentic_test(&in, &memory, &a, &err))
		abort();
	arena_release(&memory);
	t->series++;
	t->tested += a.verdict != AUTHENTICITY_NOT_TESTABLE;
	t->concern += a.verdict == AUTHENTICITY_CONCERN;
	for (size_t i = 0; i < AUTHENTICITY_CHECKS; i++)
		t->checks[i] += a.checks[i].why == NULL && a.checks[i].p <= AUTHENTIC_LEVEL;
}

static void print(const char *kind, const char *how, const struct tally *t)
{
	printf("| %s | %s | %.0f | %.3f |", kind, how, t->series, t->concern / t->series);
	printf(" %.3f | %.3f | %.3f | %.3f | %.3f |", t->checks[CHECK_TTL] / t->series,
	    t->checks[CHECK_DIGITS] / t->series, t->checks[CHECK_COPIES] / t->series,
	    t->checks[CHECK_COVERAGE] / t->series, t->checks[CHECK_COMPANIONS] / t->series);
	puts("");
}

static void add(struct tally *to, const struct tally *t)
{
	to->series += t->series;
	to->concern += t->concern;
	to->tested += t->tested;
	for (size_t i = 0; i < AUTHENTICITY_CHECKS; i++)
		to->checks[i] += t->checks[i];
}

/* How much of it: the long form or the short one. */
struct extent {
	unsigned resolvers; /* of each kind */
	unsigned innocent;  /* series of each kind by each resolver: untouched, or thinned */
	unsigned forged;
};

/* By what the target is about, and by its resolver. */
struct tallies {
	struct tally kinds[FORGERIES][COUNT_OF(target_kinds)];
	struct tally resolvers[FORGERIES][COUNT_OF(resolver_kinds)];
};

static void run(struct bench *b, const struct extent *x, struct tallies *t)
{
	uint64_t number = 0;

	for (size_t k = 0; k < COUNT_OF(resolver_kinds) * x->resolvers; k++) {
		struct model m = { .days = DAYS };
		struct philox r;
		struct err err;

		b->resolver = &resolver_kinds[k / x->resolvers];
		m.outages = b->resolver->outages;
		if (!model_exposure(&m, &b->exposure, &err))
			abort();
		philox_init(&r, SEED, k, 2);
		draw_others(b, &r);
		for (size_t i = 0; i < COUNT_OF(target_kinds) * FORGERIES; i++) {
			unsigned how = (unsigned)(i % FORGERIES);
			const struct model *kind = &target_kinds[i / FORGERIES];
			unsigned series = is_innocent(how) ? x->innocent : x->forged;
			struct tally one = { 0 };

			for (unsigned n = 0; n < series; n++)
				judge(b, kind, (enum forgery)how, ++number, &one);
			add(&t->kinds[how][i / FORGERIES], &one);
			add(&t->resolvers[how][k / x->resolvers], &one);
		}
		exposure_release(&b->exposure);
	}
}

/* True: where nothing could be seen nothing was of concern, and most that was made up was. */
static bool print_all(const struct tallies *t)
{
	bool fine = true;

	puts("| target, or resolver | | series | concern | ttl | digits | copies | coverage |"
	     " companions |\n|---|---|---|---|---|---|---|---|---|");
	for (unsigned how = 0; how < FORGERIES; how++) {
		struct tally all = { 0 };

		for (size_t i = 0; i < COUNT_OF(target_kinds); i++) {
			print(target_kinds[i].name, forgery_names[how], &t->kinds[how][i]);
			add(&all, &t->kinds[how][i]);
		}
		for (size_t i = 0; i < COUNT_OF(resolver_kinds); i++)
			print(resolver_kinds[i].name, forgery_names[how], &t->resolvers[how][i]);
		print("all", forgery_names[how], &all);
		if (is_innocent(how))
			fine = fine && all.concern <= FALSE_MAX * all.series;
		if (how == RANDOM_TIMES)
			fine = fine && all.concern > .5 * all.series;
	}
	return fine;
}

int main(int argc, char **argv)
{
	static struct tallies tallies;
	static struct bench b;
	const struct extent long_form = { 5, 15, 3 }, short_form = { 1, 3, 1 };
	bool is_long = argc > 1 && strcmp(argv[1], "--long") == 0;
	const struct extent *x = is_long ? &long_form : &short_form;
	bool fine;

	b.rows = malloc(3 * ROWS_MAX * sizeof(*b.rows));
	b.starts_s = malloc(ROWS_MAX * sizeof(*b.starts_s));
	b.visits = malloc(ROWS_MAX * sizeof(*b.visits));
	if (!model_series_new(&b.drawn) || b.rows == NULL || b.starts_s == NULL || b.visits == NULL)
		return 2;
	run(&b, x, &tallies);
	printf("%d days, %d other names of each of %zu resolvers; concern: p <= %g\n\n", DAYS,
	    OTHERS, COUNT_OF(resolver_kinds) * x->resolvers, AUTHENTIC_LEVEL);
	fine = print_all(&tallies);
	model_series_free(&b.drawn);
	free(b.rows);
	free(b.starts_s);
	free(b.visits);
	puts(fine ? "" : "OFF");
	return fine ? 0 : 1;
}
