/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Do lists of dates seem to go with contacts that know nothing of them? Daily counts are clustered
 * (log-normal, first-order autoregressive), lists are ten dates at random or the best ten of
 * sixty, as a person would pick who looks at the counts.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/philox.h"
#include "stats/association.h"

#define SEED        8
#define DAYS        142
#define DATES       10
#define POOL        60
#define SHORT_COUNT 300
#define LONG_COUNT  4000
#define LEVEL       .05

enum way {
	NAIVE,       /* Poisson counts within a day of ten dates at random */
	SHIFTED,     /* circular shift, ten dates at random */
	PICKED,      /* circular shift, ten picked of sixty, said to be all */
	PICKED_OPEN, /* the same with the sixty declared */
	LINKED,      /* circular shift, contacts doubled on the dates */
	WAYS,
};

static const struct {
	const char *name;
	double low; /* the share that may be rejected at 5 % */
	double high;
} ways[WAYS] = {
	{ "naive Poisson, ten dates at random", .2, .45 },
	{ "circular shift, ten dates at random", .02, .06 },
	{ "circular shift, best ten of sixty, not said", .9, 1 },
	{ "circular shift, best ten of sixty, pool declared", 0, .06 },
	{ "circular shift, contacts threefold on the dates", .8, 1 },
};

static double poisson(double mean, struct philox *random)
{
	double sum = 0, count = 0;

	while ((sum += philox_exponential(random)) < mean)
		count++;
	return count;
}

static void draw_counts(double *counts, const size_t *linked, struct philox *random)
{
	double x = 0, mean[DAYS];

	for (size_t d = 0; d < DAYS; d++) {
		x = .8 * x + .6 * philox_normal(random);
		mean[d] = 20 * exp(.5 * x);
	}
	for (size_t i = 0; linked != NULL && i < DATES; i++)
		mean[linked[i]] *= 3;
	for (size_t d = 0; d < DAYS; d++)
		counts[d] = poisson(mean[d], random);
}

static double near_date(const double *counts, size_t date)
{
	double sum = counts[date];

	sum += date > 0 ? counts[date - 1] : 0;
	return sum + (date + 1 < DAYS ? counts[date + 1] : 0);
}

static bool is_naively_found(const double *counts, const size_t *dates)
{
	bool in[DAYS] = { false };
	double days = 0, seen = 0, all = 0;

	for (size_t i = 0; i < DATES; i++)
		for (size_t d = dates[i] > 0 ? dates[i] - 1 : 0; d < DAYS && d <= dates[i] + 1; d++)
			in[d] = true;
	for (size_t d = 0; d < DAYS; d++) {
		days += in[d];
		seen += in[d] ? counts[d] : 0;
		all += counts[d];
	}
	days /= DAYS;
	return (seen - all * days) / sqrt(all * days * (1 - days)) > 1.645;
}

static void pick(const double *counts, const size_t *pool, size_t *dates)
{
	bool taken[POOL] = { false };

	for (size_t i = 0; i < DATES; i++) {
		size_t best = POOL;

		for (size_t j = 0; j < POOL; j++)
			if (!taken[j] && (best == POOL || near_date(counts, pool[j]) >
							      near_date(counts, pool[best])))
				best = j;
		taken[best] = true;
		dates[i] = pool[best];
	}
}

static bool is_found(const double *counts, const size_t *dates, const size_t *pool)
{
	const struct association_input in = { .counts = counts,
		.day_count = DAYS,
		.first_weekday = 2,
		.dates = dates,
		.date_count = DATES,
		.pool = pool,
		.pool_count = POOL };
	struct association_result r;
	bool near[DATES];

	if (!association_test(&in, &r, near, NULL))
		abort();
	return r.p <= LEVEL;
}

static bool turn(enum way way, unsigned i)
{
	struct philox random;
	size_t pool[POOL], dates[DATES];
	double counts[DAYS];

	philox_init(&random, SEED, i, way);
	for (size_t j = 0; j < POOL; j++)
		pool[j] = philox_below(&random, DAYS);
	memcpy(dates, pool, sizeof(dates));
	draw_counts(counts, way == LINKED ? dates : NULL, &random);
	if (way == PICKED || way == PICKED_OPEN)
		pick(counts, pool, dates);
	if (way == NAIVE)
		return is_naively_found(counts, dates);
	return is_found(counts, dates, way == PICKED_OPEN ? pool : NULL);
}

int main(int argc, char **argv)
{
	unsigned count = argc > 1 && strcmp(argv[1], "--long") == 0 ? LONG_COUNT : SHORT_COUNT;
	bool fine = true;

	printf("%u records of %d days a row, seed %d\n\n", count, DAYS, SEED);
	puts("| list and test | rejected at 5 % | expected | |\n|---|---|---|---|");
	for (unsigned way = 0; way < WAYS; way++) {
		double found = 0, low = ways[way].low, high = ways[way].high;
		bool good;

		for (unsigned i = 0; i < count; i++)
			found += turn(way, i);
		/* three standard errors are chance */
		good = found >= low * count - 3 * sqrt(low * (1 - low) * count) &&
		       found <= high * count + 3 * sqrt(high * (1 - high) * count);
		printf("| %s | %.3f | %g..%g | %s |\n", ways[way].name, found / count, low, high,
		    good ? "" : "OFF");
		fine = fine && good;
	}
	return fine ? 0 : 1;
}
