/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Are outages found, and only outages? Sensors of many sizes with a daily and weekly round and,
 * in some, days that are busier than others (gamma, shape 4) and bursts (gamma per window, shape
 * 2); half of the time an outage is cut into them.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/philox.h"
#include "stats/exposure.h"

#define SEED         1
#define SHORT_COUNT  3 /* sensors a row */
#define LONG_COUNT   100
#define WINDOWS_MAX  (142 * 144)
#define FIRST_WINDOW (1462320000 / EXPOSURE_WINDOW_S)

struct row {
	const char *name;
	double mean; /* contacts per window at the peak */
	unsigned days;
	bool bursty;
	double growth;    /* over the span */
	unsigned outage;  /* windows; 0: none */
	double left;      /* share of contacts that an outage lets through */
	double found_min; /* share of outages to be found */
};

static const struct row rows[] = {
	{ "1 a day", .01, 142, false, 1, 0, 0, 0 },
	{ "40 a day", .5, 142, false, 1, 0, 0, 0 },
	{ "steady, 20 a window, 3 days", 20, 3, false, 1, 0, 0, 0 },
	{ "steady, 20 a window", 20, 142, false, 1, 0, 0, 0 },
	{ "steady, 3000 a window", 3000, 142, false, 1, 0, 0, 0 },
	{ "bursty, 5 a window", 5, 142, true, 1, 0, 0, 0 },
	{ "bursty, 300 a window", 300, 142, true, 1, 0, 0, 0 },
	{ "bursty, 300 a window, 14 days", 300, 14, true, 1, 0, 0, 0 },
	{ "growing tenfold, 100 a window", 100, 142, false, 10, 0, 0, 0 },
	{ "1 a day, out for 5 days", .01, 142, false, 1, 720, 0, 0 },
	{ "40 a day, out for 2 days", .5, 142, false, 1, 288, 0, .9 },
	{ "20 a window, out for 30 min", 20, 142, false, 1, 3, 0, .2 },
	{ "20 a window, out for 3 h", 20, 142, false, 1, 18, 0, .9 },
	{ "3000 a window, out for 30 min", 3000, 142, false, 1, 3, 0, .9 },
	{ "3000 a window, 95 % lost for 6 h", 3000, 142, false, 1, 36, .05, .9 },
	{ "bursty, 300 a window, out for 1 day", 300, 142, true, 1, 144, 0, .9 },
	{ "bursty, 300 a window, out for 14 days", 300, 142, true, 1, 2016, 0, .9 },
};

static uint32_t poisson(double mean, struct philox *random)
{
	double sum = 0;
	uint32_t count = 0;

	if (mean > 500)
		return (uint32_t)fmax(mean + sqrt(mean) * philox_normal(random) + .5, 0);
	while ((sum += philox_exponential(random)) < mean)
		count++;
	return count;
}

static double gamma_of_mean_1(unsigned shape, struct philox *random)
{
	double sum = 0;

	for (unsigned i = 0; i < shape; i++)
		sum += philox_exponential(random);
	return sum / shape;
}

static void draw(const struct row *r, struct philox *random, size_t outage_at, uint32_t *counts)
{
	double day_level = 1;

	for (size_t w = 0; w < (size_t)r->days * 144; w++) {
		double hour = (double)(w % 144) / 6;
		double day = .55 - .45 * cos((hour - 3) / 24 * 6.283185307179586);
		double week =
		    w / 144 % 7 == 3 || w / 144 % 7 == 4 ? .4 : 1; /* day 0 is a Wednesday */
		double level =
		    r->mean * day * week * pow(r->growth, (double)w / (r->days * 144.0) - 1);

		if (w % 144 == 0)
			day_level = r->bursty ? gamma_of_mean_1(4, random) : 1;
		if (r->bursty)
			level *= day_level * gamma_of_mean_1(2, random);
		if (r->outage > 0 && w >= outage_at && w < outage_at + r->outage)
			level *= r->left;
		counts[w] = poisson(level, random);
	}
}

struct tally {
	unsigned drawn;
	unsigned with_false; /* sensors with any live window called down */
	double false_share;  /* of live time */
	double found_share;  /* of the outage's time */
};

static bool measure(const struct row *r, unsigned i, uint32_t *counts, struct tally *t)
{
	struct exposure_counts in = {
		.counts = counts, .count = (size_t)r->days * 144, .first_window = FIRST_WINDOW
	};
	double first_s = (double)FIRST_WINDOW * EXPOSURE_WINDOW_S;
	double last_s = first_s + (double)in.count * EXPOSURE_WINDOW_S, from_s, to_s, down_s, hit_s;
	struct philox random;
	struct exposure e;
	struct err err;
	size_t at;

	philox_init(&random, SEED, i, (uint32_t)(r - rows));
	at = philox_below(&random, (uint32_t)(in.count - r->outage));
	draw(r, &random, at, counts);
	if (!exposure_find(&in, first_s, last_s, &e, &err))
		return false;
	from_s = first_s + (double)at * EXPOSURE_WINDOW_S;
	to_s = from_s + (double)r->outage * EXPOSURE_WINDOW_S;
	down_s = last_s - first_s - exposure_live(&e, first_s, last_s);
	hit_s = r->outage > 0 ? to_s - from_s - exposure_live(&e, from_s, to_s) : 0;
	t->drawn++;
	t->with_false += down_s - hit_s > 0;
	t->false_share += (down_s - hit_s) / (last_s - first_s);
	t->found_share += r->outage > 0 ? hit_s / (to_s - from_s) : 0;
	exposure_release(&e);
	return true;
}

int main(int argc, char **argv)
{
	unsigned count = argc > 1 && strcmp(argv[1], "--long") == 0 ? LONG_COUNT : SHORT_COUNT;
	uint32_t *counts = malloc(WINDOWS_MAX * sizeof(*counts));
	bool fine = counts != NULL;

	printf("%u sensors a row, seed %d\n\n", count, SEED);
	puts("| sensor | with a false outage | live time called down | outage time found | |\n"
	     "|---|---|---|---|---|");
	for (size_t i = 0; counts != NULL && i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		struct tally t = { .drawn = 0 };
		bool good = true;

		for (unsigned j = 0; good && j < count; j++)
			good = measure(r, j, counts, &t);
		/* where an outage is, its edges are uncertain: by half its length at most */
		good = good && t.found_share / count >= r->found_min &&
		       (r->outage > 0 ? t.false_share / count * r->days * 144 <= .5 * r->outage
				      : t.with_false <= .05 * count + 1);
		printf("| %s | %.3f | %.2e | %.3f | %s |\n", r->name,
		    t.with_false / (double)t.drawn, t.false_share / t.drawn,
		    t.found_share / t.drawn, good ? "" : "OFF");
		fine = fine && good;
	}
	free(counts);
	return fine ? 0 : 1;
}
