/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which of eleven mechanisms makes such a pattern? An ensemble of nets that learnt from
 * simulations (METHODS 2.g): its mean probability, tempered, is the posterior given the traits
 * for mechanisms that are equally likely beforehand. Beside it a set that holds the true mechanism
 * in 90 % of series, whichever it is (class-conditional conformal prediction: Vovk, Gammerman &
 * Shafer 2005), and whether the pattern is unlike all that was learnt. Nets tell classes apart, but
 * not what is of none of them; so a class leaves the set, too, when the pattern is odd for it: its
 * series are hardly ever there, by a mixture of Gaussians.
 */
#ifndef EXPLAIN_CLASSIFIER_H
#define EXPLAIN_CLASSIFIER_H

#include "explain/net.h"

#define CLASSIFIER_NETS   8
#define CLASSIFIER_CUT    4.0f /* standard deviations from the mean that are told apart */
#define CLASSIFIER_PARTS  4
#define CLASSIFIER_SPREAD ((size_t)TRAIT_COUNT * (TRAIT_COUNT + 1) / 2)

/* A cloud of series of a class. */
struct classifier_part {
	float middle[TRAIT_COUNT];
	float whiten[CLASSIFIER_SPREAD]; /* rows of a lower triangle */
	float rare;                      /* ln of its volume over its share of the class, squared */
};

struct classifier {
	float mean[TRAIT_COUNT];
	float scale[TRAIT_COUNT]; /* 1 / standard deviation */
	struct net nets[CLASSIFIER_NETS];
	float temperature;
	float least[NET_CLASSES]; /* probability from which a class is in the set */
	struct classifier_part parts[NET_CLASSES][CLASSIFIER_PARTS];
	float odd[NET_CLASSES];      /* distance: 95 % of the class lie nearer */
	float farthest[NET_CLASSES]; /* 99 % */
};

struct classification {
	double probability[NET_CLASSES];
	bool in_set[NET_CLASSES];
	bool is_new; /* farther from every class than 99 % of its own series */
};

/* The table that was trained, in the program. Release with free(). ERR_DAMAGED: not its digest. */
bool classifier_load(struct classifier **ret, struct err *reterr) MUST_USE;

void classifier_weigh(
    const struct classifier *c, const struct traits *f, struct classification *ret);

/*
 * What each trait did to each class' log odds: them, less the same with the trait not known;
 * 0 where it is not known.
 */
void classifier_moves(const struct classifier *c, const struct traits *f,
    double ret[static NET_CLASSES][TRAIT_COUNT]);

/* ---- for the trainer ---- */

void classifier_inputs(
    const struct classifier *c, const struct traits *f, float ret[static NET_INPUTS]);

/* Mean of the nets, tempered. */
void classifier_probabilities(const struct classifier *c, const float inputs[static NET_INPUTS],
    double ret[static NET_CLASSES]);

/* -2 ln of the density of a part at the traits, weighed by its share, but for a constant. */
float classifier_part_distance(
    const struct classifier_part *p, const float inputs[static NET_INPUTS]);

/* The least of those of a class. */
float classifier_distance(
    const struct classifier *c, size_t class, const float inputs[static NET_INPUTS]);

#endif
