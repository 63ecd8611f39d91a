/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How many names a second pass through each exact test, on one thread:
 *
 *   bench-tests [SECONDS]
 *
 * Series of an office behind a cache of five minutes, 142 days, of three sizes. A test with
 * surrogates that may stop early is given a schedule instead, so that it draws them all: that is
 * what a survivor costs. Each line takes SECONDS of processor time, half a second by itself.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/attr.h"
#include "base/philox.h"
#include "stats/cache_bootstrap.h"
#include "stats/cache_count.h"
#include "stats/clock_test.h"
#include "stats/day_rotation.h"
#include "stats/level.h"
#include "stats/period.h"
#include "stats/rhythm.h"
#include "stats/visits.h"
#include "stats/zone_set.h"

#define DAYS       142
#define FIRST_S    1462320000.0 /* 2016-05-04 */
#define TTL_S      300.0
#define EVENTS_MAX 4000
#define SURROGATES 999

/* What one line works on. */
struct subject {
	double *events_s;
	size_t count;
	struct exposure exposure;
	struct profile hours;
	struct clock_wheel wheel;
	struct rhythm_work *work;
	struct day_grid grid;
	struct zone_fit fit;
	struct zone_likelihood likelihood;
};

typedef bool test_fn(struct subject *s, struct err *reterr);

static struct rhythm_input input_of(const struct subject *s, struct rhythm_stream *stream)
{
	*stream = (struct rhythm_stream){ s->events_s, s->count, TTL_S };
	return (struct rhythm_input){
		.streams = stream, .stream_count = 1, .exposure = &s->exposure, .seed = 1
	};
}

static struct clock_input clock_of(const struct subject *s)
{
	return (struct clock_input){ .visits_s = s->events_s,
		.count = s->count,
		.dead_s = TTL_S,
		.exposure = &s->exposure,
		.wheel = &s->wheel };
}

static bool bound(struct subject *s, struct err *reterr)
{
	struct rhythm_stream stream;
	const struct rhythm_input in = input_of(s, &stream);
	struct rhythm_result r;

	return rhythm_screen(&in, s->work, &r, reterr);
}

static bool surrogates(struct subject *s, struct err *reterr)
{
	const struct monte_carlo_plan plan = { SURROGATES };
	struct rhythm_stream stream;
	const struct rhythm_input in = input_of(s, &stream);
	struct rhythm_result r;

	return rhythm_verdict(&in, &plan, s->work, &r, reterr);
}

static bool clock_bound(struct subject *s, struct err *reterr)
{
	const struct clock_input in = clock_of(s);
	struct clock_result r;

	return clock_test(&in, &r, reterr);
}

static bool shuffle(struct subject *s, struct err *reterr)
{
	const struct monte_carlo_plan plan = { SURROGATES };
	const struct clock_input in = clock_of(s);
	struct monte_carlo_result r;
	struct philox random;

	philox_init(&random, 1, 2, 3);
	return clock_test_shuffle(&in, 3600, &plan, &random, &r, reterr);
}

static bool period(struct subject *s, struct err *reterr)
{
	struct period_result r;

	return period_find(s->events_s, s->count, TTL_S, &s->hours, &r, reterr);
}

static bool bootstrap(struct subject *s, struct err *reterr)
{
	const struct monte_carlo_plan plan = { SURROGATES };
	struct monte_carlo_result r;
	struct philox random;

	philox_init(&random, 1, 2, 4);
	return cache_bootstrap(
	    s->events_s, s->count, TTL_S, TTL_S, &s->hours, &plan, &random, &r, reterr);
}

static bool rotation(struct subject *s, struct err *reterr)
{
	const struct monte_carlo_plan plan = { SURROGATES };
	struct monte_carlo_result r;

	return day_rotation_p(&s->fit, &s->likelihood, &plan, 1, 1, &r, reterr);
}

static bool zones(struct subject *s, struct err *reterr)
{
	struct zone_set set;

	return zone_set_find(&s->fit, &s->likelihood, 1, 1, &set, reterr);
}

static bool caches(struct subject *s, struct err *reterr)
{
	struct cache_count r;

	(void)reterr;
	cache_count_fit(&s->exposure, s->events_s, s->count, TTL_S, &r);
	return true;
}

static const struct {
	const char *name;
	test_fn *run;
	bool hourly; /* of a schedule, which no surrogate reaches */
} tests[] = {
	{ "p_gap, p_days: bound", bound, false },
	{ "p_gap, p_days: 999 surrogates", surrogates, true },
	{ "p_clock: bound", clock_bound, true },
	{ "p_clock: 999 shuffles", shuffle, true },
	{ "period", period, true },
	{ "p_cache: 999 surrogates", bootstrap, true },
	{ "hours: 999 day rotations", rotation, false },
	{ "zone set", zones, false },
	{ "number of caches", caches, false },
};

static double cpu_now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static bool is_work(double t_s)
{
	double day = floor(t_s / 86400), hour = (t_s - day * 86400) / 3600;

	return fmod(day + 3, 7) < 5 && hour >= 9 && hour < 18;
}

/* About `wanted` events: by chance in working hours, or each hour of them with a minute's error. */
static size_t draw(double *ret, double wanted, bool hourly)
{
	double every_s = hourly ? 3600 : DAYS * 86400.0 * 45 / 168 / wanted;
	double t_s = FIRST_S;
	struct philox r;
	size_t count = 0;

	philox_init(&r, 11, (uint64_t)wanted, hourly);
	for (double beat_s = FIRST_S; count < EVENTS_MAX && t_s < FIRST_S + (DAYS - 1) * 86400.0;) {
		double next_s = t_s + TTL_S + philox_exponential(&r) * every_s;

		beat_s += every_s;
		t_s = hourly ? beat_s + 60 * philox_uniform(&r) : next_s;
		if (is_work(t_s) &&
		    (!hourly || philox_uniform(&r) < wanted / (DAYS * 24. * 45 / 168)))
			ret[count++] = t_s;
	}
	return count;
}

static bool make(struct subject *s, double wanted, bool hourly, struct err *reterr)
{
	struct day_grid_stream stream = { .dead_s = TTL_S };

	s->count = draw(s->events_s, wanted, hourly);
	stream.starts_s = s->events_s;
	stream.count = s->count;
	if (!exposure_declare(FIRST_S, FIRST_S + DAYS * 86400.0, NULL, 0, &s->exposure, reterr) ||
	    !profile_fit(
		&s->hours, &s->exposure, s->events_s, s->count, TTL_S, PROFILE_TO_DRAW, reterr) ||
	    !day_grid_make(&stream, 1, &s->exposure, &s->grid, reterr))
		return false;
	zone_fit_init(&s->fit, &s->grid);
	zone_fit_grid(&s->fit, NULL, NULL, &s->likelihood);
	return true;
}

static void clear(struct subject *s)
{
	day_grid_release(&s->grid);
	profile_release(&s->hours);
	exposure_release(&s->exposure);
}

static bool measure(size_t test, struct subject *s, double seconds, struct err *reterr)
{
	static const double sizes[] = { 30, 300, 900 };

	printf("    %-30s", tests[test].name);
	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		double from, spent = 0;
		unsigned runs = 0;
		bool ok = make(s, sizes[i], tests[test].hourly, reterr);

		for (from = cpu_now(); ok && spent < seconds; spent = cpu_now() - from, runs++)
			ok = tests[test].run(s, reterr);
		if (ok)
			printf("  %4zu visits %9.3g /s", s->count, runs / spent);
		clear(s);
		if (!ok)
			return false;
	}
	puts("");
	return true;
}

int main(int argc, char **argv)
{
	static struct subject s;
	double seconds = argc > 1 ? strtod(argv[1], NULL) : .5;
	struct err err = { .code = ERR_NONE };
	bool ok;

	s.events_s = malloc(EVENTS_MAX * sizeof(*s.events_s));
	ok = s.events_s != NULL && rhythm_work_new(&s.work, &err);
	clock_test_init(&s.wheel);
	puts("names a CPU second through each test, one thread");
	for (size_t i = 0; ok && i < COUNT_OF(tests); i++)
		ok = measure(i, &s, seconds, &err);
	if (!ok)
		fprintf(stderr, "bench-tests: %s\n", err.text);
	rhythm_work_free(s.work);
	free(s.events_s);
	return ok ? 0 : 2;
}
