/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which of eleven mechanisms makes such a pattern? An ensemble of nets that learnt from
 * simulations (METHODS 2.g): its mean probability, tempered, is the posterior given the traits
 * for mechanisms that are equally likely beforehand. Beside it a set that holds the true mechanism
 * in 90 % of series, whichever it is (class-conditional conformal prediction: Vovk, Gammerman &
 * Shafer 2005), and whether the pattern is unlike all that was learnt.
 */
#ifndef EXPLAIN_CLASSIFIER_H
#define EXPLAIN_CLASSIFIER_H

#include "explain/net.h"

#define CLASSIFIER_NETS       8
#define CLASSIFIER_REFERENCES 200   /* series of each class that a new one is compared with */
#define CLASSIFIER_NEIGHBOR   20    /* whose distance counts */
#define CLASSIFIER_CUT        4.0f  /* standard deviations from the mean that are told apart */
#define CLASSIFIER_GRAIN      16.0f /* of references, whitened: steps of a unit */

struct classifier {
	float mean[TRAIT_COUNT];
	float scale[TRAIT_COUNT]; /* 1 / standard deviation */
	struct net nets[CLASSIFIER_NETS];
	float temperature;
	float least[NET_CLASSES];               /* probability from which a class is in the set */
	float whiten[TRAIT_COUNT][TRAIT_COUNT]; /* lower triangle */
	int8_t references[NET_CLASSES][CLASSIFIER_REFERENCES][TRAIT_COUNT];
	float farthest
	    [NET_CLASSES]; /* square distance to the neighbor: 99 % of the class lie nearer */
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
 * What each trait did to a class' log odds: them, less the same with the trait not known;
 * 0 where it is not known.
 */
void classifier_moves(const struct classifier *c, const struct traits *f, size_t class,
    double ret[static TRAIT_COUNT]);

/* ---- for the trainer ---- */

void classifier_inputs(
    const struct classifier *c, const struct traits *f, float ret[static NET_INPUTS]);

/* Mean of the nets, tempered. */
void classifier_probabilities(const struct classifier *c, const float inputs[static NET_INPUTS],
    double ret[static NET_CLASSES]);

/* Traits as a point that distances are measured from. */
void classifier_whiten(const struct classifier *c, const float inputs[static NET_INPUTS],
    float ret[static TRAIT_COUNT]);

/* Square distance of a point to its neighbor among the references of a class. */
float classifier_distance(
    const struct classifier *c, size_t class, const float point[static TRAIT_COUNT]);

#endif
