/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Are two records of one thing? The log likelihood ratio of Fellegi & Sunter ("A theory for record
 * linkage", JASA 64, 1969) over features that are binned: sum of ln m(bin) / u(bin), where m is
 * how often pairs of one thing fall into the bin, and u how often random pairs do. u is counted
 * for each band of pairs apart; m is estimated by expectation and maximization (Winkler, Census
 * Bureau rr2000-05) from pairs whose truth is not known, held by counts that are known before.
 */
#ifndef STATS_LINKAGE_H
#define STATS_LINKAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINKAGE_FEATURES_MAX 10
#define LINKAGE_BINS         8
#define LINKAGE_BANDS        16
#define LINKAGE_MISSING      UINT8_MAX /* the feature is not known of one of the two: says nothing */

struct linkage_pair {
	uint8_t bins[LINKAGE_FEATURES_MAX];
	uint8_t band;
	/* where the first feature's chance is known better than by its bin; NAN: it is not */
	double own_u;
};

struct linkage {
	size_t features;
	double u[LINKAGE_BANDS][LINKAGE_FEATURES_MAX][LINKAGE_BINS];
	double m[LINKAGE_FEATURES_MAX][LINKAGE_BINS];
};

/* Count u from random pairs, half a pair added to every one of a feature's bins. */
void linkage_count_u(struct linkage *l, const struct linkage_pair *pairs, size_t count);

/*
 * Set m to prior, then move it towards the pairs: weight is the number of pairs that prior is
 * worth. Features from `learned` on are moved; those before are what the pairs were chosen by.
 */
void linkage_learn_m(struct linkage *l, const double prior[][LINKAGE_BINS], double weight,
    const struct linkage_pair *pairs, size_t count, size_t learned);

/* W of the pair. */
double linkage_weight(const struct linkage *l, const struct linkage_pair *pair);

#endif
