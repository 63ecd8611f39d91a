/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The figures that were measured when the methods were chosen, measured again on what was built:
 * tails of the H-test and of Rayleigh's, the Cauchy combination under dependence, ranks and the
 * beta-binomial among sticky names, the Monte Carlo tail.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/philox.h"
#include "stats/combine.h"
#include "stats/htest.h"
#include "stats/monte_carlo.h"
#include "stats/rank.h"

#define SEED           5
#define SHORT_HUNDREDS 50 /* hundreds of draws */
#define LONG_HUNDREDS  2000

/* Is `seen` of n within four standard errors of [low, high] as a rate? */
static bool is_within(double seen, double n, double low, double high)
{
	return seen >= low * n - 4 * sqrt(low * n) - 1 && seen <= high * n + 4 * sqrt(high * n) + 1;
}

static bool print(const char *what, double level, double seen, double n, double low, double high)
{
	bool fine = is_within(seen, n, low, high);

	printf("| %s | %g | %.3g | %g..%g | %s |\n", what, level, seen / n, low, high,
	    fine ? "" : "OFF");
	return fine;
}

static bool check_htest(unsigned draws, unsigned count, const char *what)
{
	struct philox random;
	double times_s[128];
	double h3 = 0, h4 = 0, r3 = 0, r4 = 0;
	bool fine;

	philox_init(&random, SEED, count, 0);
	for (unsigned i = 0; i < draws; i++) {
		struct htest_result r;

		for (unsigned j = 0; j < count; j++)
			times_s[j] = 3600 * (j + philox_uniform(&random));
		htest_at(times_s, count, 3600, &r);
		h3 += r.p <= 1e-3;
		h4 += r.p <= 1e-4;
		r3 += r.rayleigh_p <= 1e-3;
		r4 += r.rayleigh_p <= 1e-4;
	}
	printf("| H-test and Rayleigh, %s | | | | |\n", what);
	fine = print("H", 1e-3, h3, draws, 3e-4, 1.3e-3);
	fine = print("H", 1e-4, h4, draws, 2e-5, 1.6e-4) && fine;
	fine = print("Rayleigh", 1e-3, r3, draws, .8e-3, 1.1e-3) && fine;
	return print("Rayleigh", 1e-4, r4, draws, .7e-4, 1.2e-4) && fine;
}

static bool check_cauchy(unsigned draws, double correlation)
{
	struct philox random;
	double at2 = 0, at4 = 0;
	bool fine;

	philox_init(&random, SEED, (uint64_t)(correlation * 100), 1);
	for (unsigned i = 0; i < draws; i++) {
		double common = philox_normal(&random);
		double p[8], all;

		for (unsigned j = 0; j < 8; j++) {
			double own = philox_normal(&random);
			double z = sqrt(correlation) * common + sqrt(1 - correlation) * own;

			p[j] = .5 * erfc(z / sqrt(2));
		}
		all = combine_cauchy(p, 8);
		at2 += all <= 1e-2;
		at4 += all <= 1e-4;
	}
	printf("| Cauchy combination of 8, correlation %g | | | | |\n", correlation);
	fine = print("CCT", 1e-2, at2, draws, .95e-2, 1.2e-2);

	return print("CCT", 1e-4, at4, draws, .7e-4, 1.2e-4) && fine;
}

/* Names with lognormal stickiness (Chinese restaurant process): spikes' e10, on the built ranks. */
static void draw_name(struct philox *random, struct rank_name *ret)
{
	uint64_t n = (uint64_t)exp(log(64) + philox_uniform(random) * (log(1024) - log(64)));
	double stick = exp(log(8) + 1.3 * philox_normal(random));

	*ret = (struct rank_name){ .contacts = n };
	for (uint64_t j = 0; j < n; j++)
		ret->peers += philox_uniform(random) < stick / (stick + (double)j);
	/* peers' shares are not drawn: D2 is taken to be k, with which it rises */
	ret->peers_effective = (double)ret->peers;
	ret->active_days = 1 + philox_below(random, 142);
}

static bool check_ranks(unsigned count)
{
	struct rank_name *names = calloc(count, sizeof(*names));
	struct rank_table *t = NULL;
	struct philox random;
	struct err err;
	double at1 = 0, at2 = 0, tail3 = 0, persistent2 = 0;
	bool fine;

	philox_init(&random, SEED, 0, 2);
	for (unsigned i = 0; names != NULL && i < count; i++)
		draw_name(&random, &names[i]);
	if (names == NULL || !rank_table_new(names, count, 5000, SEED, &t, &err))
		return false;
	for (unsigned i = 0; i < count; i++) {
		struct rank_result r;

		rank_name(t, i, &r);
		at1 += r.p_narrow_random <= .1;
		at2 += r.p_narrow_random <= .01;
		persistent2 += r.p_persistent <= .01;
		if (r.p_narrow < .01)
			rank_refine(t, i, &r);
		tail3 += r.p_narrow <= 1.01e-3;
	}
	puts("| ranks among sticky names | | | | |");
	/* the larger of two p's of the same ranks, with ties broken apart */
	fine = print("p_narrow, randomised", .1, at1, count, .07, .101);
	fine = print("p_narrow, randomised", .01, at2, count, .002, .0105) && fine;
	fine = print("p_narrow, beta-binomial", 1e-3, tail3, count, 0, 1e-3) && fine;
	fine = print("p_persistent", .01, persistent2, count, .0045, .0105) && fine;
	rank_table_free(t);
	free(names);
	return fine;
}

/* Operators of which the first has the most peers: its share falls as 1 / (number + 20). */
#define OPERATORS 1000

static uint64_t count_operators(struct philox *random, uint64_t peers)
{
	bool seen[OPERATORS] = { false };
	uint64_t different = 0;

	for (uint64_t i = 0; i < peers; i++) {
		double span = log((OPERATORS + 20.0) / 20);
		unsigned o = (unsigned)(20 * exp(philox_uniform(random) * span) - 20) % OPERATORS;

		different += !seen[o];
		seen[o] = true;
	}
	return different;
}

/* The same names in their own bands, their peers counted by operators. */
static bool check_operators(unsigned count)
{
	struct rank_name *names = calloc(2 * (size_t)count, sizeof(*names));
	struct rank_name *units = names + count, band[RANK_NEIGHBORS];
	size_t numbers[RANK_NEIGHBORS];
	struct rank_table *t = NULL;
	struct philox random;
	struct err err;
	double at1 = 0, at2 = 0, tail3 = 0;
	bool fine;

	philox_init(&random, SEED, 0, 3);
	for (unsigned i = 0; names != NULL && i < count; i++) {
		draw_name(&random, &names[i]);
		units[i] = names[i];
		units[i].peers = count_operators(&random, names[i].peers);
		units[i].peers_effective = (double)units[i].peers;
	}
	if (names == NULL || !rank_table_new(names, count, 5000, SEED, &t, &err))
		return false;
	for (unsigned i = 0; i < count; i++) {
		struct rank_result r;
		size_t n = rank_band(t, i, numbers);

		for (size_t k = 0; k < n; k++)
			band[k] = units[numbers[k]];
		rank_among(&units[i], band, n, OPERATORS, &r);
		at1 += r.p_narrow <= .1;
		at2 += r.p_narrow <= .01;
		tail3 += r.p_narrow <= 1.01e-3;
	}
	puts("| the same by operators | | | | |");
	fine = print("p_operators", .1, at1, count, .06, .101);
	fine = print("p_operators", .01, at2, count, 0, .0105) && fine;
	fine = print("p_operators", 1e-3, tail3, count, 0, 1e-3) && fine;
	rank_table_free(t);
	free(names);
	return fine;
}

/* Values whose upper tail is known: the share of runs whose p is far too small must be small. */
static bool check_tail(unsigned runs, bool heavy)
{
	static const struct monte_carlo_plan plan = { .surrogates_max = 9999 };
	struct monte_carlo m = { .values = NULL };
	struct philox random;
	double small = 0, fitted = 0;
	bool fine;
	const double truth = 2e-5;
	double z = 4.1074899; /* P(N > z) = 2e-5 */
	double observed = heavy ? exp(z) : -log(truth);

	philox_init(&random, SEED, heavy, 3);
	for (unsigned i = 0; i < runs; i++) {
		struct monte_carlo_result r;

		monte_carlo_begin(&m, observed);
		while (monte_carlo_goes_on(&m, &plan))
			if (!monte_carlo_add(&m,
				heavy ? exp(philox_normal(&random)) : philox_exponential(&random)))
				return false;
		monte_carlo_p(&m, &r);
		small += r.p < truth / 3;
		fitted += r.tail;
	}
	monte_carlo_release(&m);
	printf(
	    "| Monte Carlo tail at p = 2e-5, %s | | | | |\n", heavy ? "lognormal" : "exponential");
	fine = print("more than threefold too small", 2e-5, small, runs, 0, .05);
	return print("tail fitted", 2e-5, fitted, runs, .5, 1) && fine;
}

int main(int argc, char **argv)
{
	unsigned hundreds =
	    argc > 1 && strcmp(argv[1], "--long") == 0 ? LONG_HUNDREDS : SHORT_HUNDREDS;
	bool fine;

	printf("%u00 draws, seed %d\n\n| what | level | measured | expected | "
	       "|\n|---|---|---|---|---|\n",
	    hundreds, SEED);
	fine = check_htest(100 * hundreds, 100, "100 events, 20 harmonics");
	fine = check_htest(100 * hundreds, 20, "20 events, 4 harmonics") && fine;
	fine = check_cauchy(100 * hundreds, 0) && fine;
	fine = check_cauchy(100 * hundreds, .3) && fine;
	fine = check_cauchy(100 * hundreds, .95) && fine;
	fine = check_ranks(20 * hundreds) && fine;
	fine = check_operators(20 * hundreds) && fine;
	fine = check_tail(hundreds / 10 + 10, false) && fine;
	fine = check_tail(hundreds / 10 + 10, true) && fine;
	return fine ? 0 : 1;
}
