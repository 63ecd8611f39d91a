/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * r = X2 / df of each series against the shares of all others together (Pearson's X2, whose mean
 * is df also where counts are small, unlike that of G). Were events independent and all series
 * alike, r would be chi2 / df. They are neither, so that r's mean and variance are taken from the
 * other series: r is a gamma variable with that mean and at least that of chi2 / df for its
 * relative variance. A series that strays by shares, not by bunches, has an r that grows with its
 * events: the mean is the larger of the plain one and 1 + n * (sum (r - 1)) / (sum n). And no series
 * is taken for more independent than it shows itself: where its events hang on those before them (the
 * second of a look-up that a busy cache repeats every hour drifts through the minute), its stretches
 * stray from its own whole, by the same factor.
 */
#include "stats/homogeneity.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <math.h>

#define EXPECTED_MIN 5.0 /* of the target's events in a cell */
#define EVENTS_MIN   10  /* of another series that tells how far they stray */

struct cells {
	unsigned count;
	uint8_t of[HOMOGENEITY_CELLS_MAX]; /* merged cell of each */
	double share[HOMOGENEITY_CELLS_MAX];
};

static double total(const uint32_t *counts, unsigned cells)
{
	double sum = 0;

	for (unsigned c = 0; c < cells; c++)
		sum += counts[c];
	return sum;
}

/* Shares of all others; neighboring cells are put together until each expects enough. */
static void make_cells(
    const uint32_t *others, size_t count, unsigned cells, double events, struct cells *ret)
{
	double pool[HOMOGENEITY_CELLS_MAX] = { 0 }, sum = 0, under_way = 0;

	*ret = (struct cells){ .count = 0 };
	for (size_t i = 0; i < count; i++)
		for (unsigned c = 0; c < cells; c++)
			pool[c] += others[i * cells + c];
	for (unsigned c = 0; c < cells; c++)
		sum += pool[c];
	if (!(sum > 0))
		return;
	for (unsigned c = 0; c < cells; c++) {
		ret->of[c] = (uint8_t)ret->count;
		under_way += pool[c] / sum;
		if (under_way * events < EXPECTED_MIN && c + 1 < cells)
			continue;
		ret->share[ret->count++] = under_way;
		under_way = 0;
	}
	/* the last one may have stayed too small */
	if (ret->count > 1 && ret->share[ret->count - 1] * events < EXPECTED_MIN) {
		ret->count--;
		ret->share[ret->count - 1] += ret->share[ret->count];
		for (unsigned c = 0; c < cells; c++)
			if (ret->of[c] == ret->count)
				ret->of[c]--;
	}
}

/* X2 / df, and the share of the events that stand in the wrong cell. */
static double stray(
    const struct cells *k, const uint32_t *counts, unsigned cells, double *ret_moved)
{
	double merged[HOMOGENEITY_CELLS_MAX] = { 0 };
	double n = total(counts, cells), x2 = 0, moved = 0;

	for (unsigned c = 0; c < cells; c++)
		merged[k->of[c]] += counts[c];
	for (unsigned c = 0; c < k->count; c++) {
		double expected = n * k->share[c];

		x2 += (merged[c] - expected) * (merged[c] - expected) / expected;
		moved += fabs(merged[c] - expected) / 2;
	}
	*ret_moved = moved / n;
	return x2 / (k->count - 1);
}

/* By what factor the stretches of the target stray more from their whole than independent events. */
static double own_stray(const struct homogeneity_input *in, const uint32_t *target)
{
	double sum = 0, used = 0, moved;
	struct cells k;

	make_cells(target, 1, in->cells, total(target, in->cells), &k);
	if (k.count < 2)
		return 1;
	for (size_t i = 0; i < in->block_count; i++) {
		const uint32_t *block = in->blocks + i * in->cells;

		if (!(total(block, in->cells) > 0))
			continue;
		sum += stray(&k, block, in->cells, &moved);
		used++;
	}
	return used > 1 ? sum / (used - 1) : 1;
}

/* The mean and the relative variance of r among the others. False: too few. */
static bool fit_others(const struct homogeneity_input *in, const struct cells *k, double n,
    struct homogeneity *ret, double *ret_mean, double *ret_relative)
{
	double sum = 0, sum2 = 0, beyond = 0, events = 0, used = 0;

	for (size_t i = 0; i < in->other_count; i++) {
		const uint32_t *row = in->others + i * in->cells;
		double other = total(row, in->cells), moved, r;

		if (other < EVENTS_MIN)
			continue;
		r = stray(k, row, in->cells, &moved);
		/* a share that strays by chance alone goes with the root of the events */
		ret->moved_usual += moved * sqrt(other / n);
		used++;
		sum += r;
		sum2 += r * r;
		beyond += r - 1;
		events += other;
	}
	if (used < HOMOGENEITY_SERIES_MIN)
		return false;
	ret->moved_usual = fmin(ret->moved_usual / used, 1);
	*ret_mean = fmax(fmax(1, sum / used), 1 + n * beyond / events);
	*ret_relative = (sum2 / used) / (sum / used * sum / used) - 1;
	/* both are themselves estimates from so many series */
	*ret_relative = fmax(*ret_relative, 2.0 / (k->count - 1)) * (1 + 2 / used);
	return true;
}

void homogeneity_test(const struct homogeneity_input *in, struct homogeneity *ret)
{
	uint32_t target[HOMOGENEITY_CELLS_MAX] = { 0 };
	double n, mean, relative;
	struct cells k;

	(void)gsl_set_error_handler_off();
	*ret = (struct homogeneity){ .tested = false };
	for (size_t i = 0; i < in->block_count; i++)
		for (unsigned c = 0; c < in->cells; c++)
			target[c] += in->blocks[i * in->cells + c];
	n = total(target, in->cells);
	make_cells(in->others, in->other_count, in->cells, n, &k);
	if (k.count < 2 || !fit_others(in, &k, n, ret, &mean, &relative))
		return;
	mean = fmax(mean, own_stray(in, target));
	ret->tested = true;
	ret->cells = k.count;
	ret->p = gsl_cdf_gamma_Q(
	    stray(&k, target, in->cells, &ret->moved), 1 / relative, mean * relative);
}
