/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The share of true pairs is estimated along with m, from one in a hundred upward, since pairs
 * that were chosen for what they share hold more of them than pairs at large.
 */
#include "stats/linkage.h"

#include <math.h>
#include <string.h>

#define TURNS       20
#define SHARE_FIRST .01
#define ADDED       .5

void linkage_count_u(struct linkage *l, const struct linkage_pair *pairs, size_t count)
{
	memset(l->u, 0, sizeof(l->u));
	for (size_t i = 0; i < count; i++)
		for (size_t f = 0; f < l->features; f++)
			if (pairs[i].bins[f] != LINKAGE_MISSING)
				l->u[pairs[i].band][f][pairs[i].bins[f]]++;
	for (size_t band = 0; band < LINKAGE_BANDS; band++) {
		for (size_t f = 0; f < l->features; f++) {
			double *u = l->u[band][f], sum = 0;

			for (size_t bin = 0; bin < LINKAGE_BINS; bin++)
				sum += u[bin] + ADDED;
			for (size_t bin = 0; bin < LINKAGE_BINS; bin++)
				u[bin] = (u[bin] + ADDED) / sum;
		}
	}
}

double linkage_weight(const struct linkage *l, const struct linkage_pair *pair)
{
	double w = 0;

	for (size_t f = 0; f < l->features; f++) {
		uint8_t bin = pair->bins[f];

		if (bin == LINKAGE_MISSING)
			continue;
		if (f == 0 && !isnan(pair->own_u))
			w += log(l->m[f][bin] / pair->own_u);
		else
			w += log(l->m[f][bin] / l->u[pair->band][f][bin]);
	}
	return w;
}

/* One turn: how likely is each pair to be of one thing, and what do those look like? */
static double turn(struct linkage *l, const double prior[][LINKAGE_BINS], double weight,
    const struct linkage_pair *pairs, size_t count, size_t learned, double share)
{
	double sums[LINKAGE_FEATURES_MAX][LINKAGE_BINS] = { 0 }, of_one = 0;

	for (size_t i = 0; i < count; i++) {
		double odds = share / (1 - share) * exp(linkage_weight(l, &pairs[i]));
		double r = isfinite(odds) ? odds / (1 + odds) : 1;

		of_one += r;
		for (size_t f = learned; f < l->features; f++)
			if (pairs[i].bins[f] != LINKAGE_MISSING)
				sums[f][pairs[i].bins[f]] += r;
	}
	for (size_t f = learned; f < l->features; f++) {
		double all = weight;

		for (size_t bin = 0; bin < LINKAGE_BINS; bin++)
			all += sums[f][bin];
		for (size_t bin = 0; bin < LINKAGE_BINS; bin++)
			l->m[f][bin] = (weight * prior[f][bin] + sums[f][bin]) / all;
	}
	return (of_one + 1) / ((double)count + 1 / SHARE_FIRST);
}

void linkage_learn_m(struct linkage *l, const double prior[][LINKAGE_BINS], double weight,
    const struct linkage_pair *pairs, size_t count, size_t learned)
{
	double share = SHARE_FIRST;

	for (size_t f = 0; f < l->features; f++)
		memcpy(l->m[f], prior[f], sizeof(l->m[f]));
	for (unsigned i = 0; i < TURNS; i++)
		share = turn(l, prior, weight, pairs, count, learned, share);
}
