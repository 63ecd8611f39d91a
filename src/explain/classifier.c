/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "explain/classifier.h"

#include <math.h>

void classifier_inputs(
    const struct classifier *c, const struct traits *f, float ret[static NET_INPUTS])
{
	for (size_t i = 0; i < TRAIT_COUNT; i++) {
		bool missing = isnan(f->value[i]);
		float x = missing ? 0 : ((float)f->value[i] - c->mean[i]) * c->scale[i];

		ret[i] = x > CLASSIFIER_CUT    ? CLASSIFIER_CUT
			 : x < -CLASSIFIER_CUT ? -CLASSIFIER_CUT
					       : x;
		ret[TRAIT_COUNT + i] = missing ? 1 : 0;
	}
}

void classifier_probabilities(const struct classifier *c, const float inputs[static NET_INPUTS],
    double ret[static NET_CLASSES])
{
	float hidden[NET_HIDDEN], one[NET_CLASSES], mean[NET_CLASSES] = { 0 };
	double sum = 0;

	for (size_t n = 0; n < CLASSIFIER_NETS; n++) {
		net_run(&c->nets[n], inputs, hidden, one);
		for (size_t i = 0; i < NET_CLASSES; i++)
			mean[i] += one[i] / CLASSIFIER_NETS;
	}
	for (size_t i = 0; i < NET_CLASSES; i++) {
		ret[i] = pow((double)mean[i] + 1e-9, 1 / (double)c->temperature);
		sum += ret[i];
	}
	for (size_t i = 0; i < NET_CLASSES; i++)
		ret[i] /= sum;
}

float classifier_part_distance(
    const struct classifier_part *p, const float inputs[static NET_INPUTS])
{
	const float *w = p->whiten;
	float square = p->rare;

	for (size_t i = 0; i < TRAIT_COUNT; i++) {
		float sum = 0;

		for (size_t j = 0; j <= i; j++)
			sum += *w++ * (inputs[j] - p->middle[j]);
		square += sum * sum;
	}
	return square;
}

float classifier_distance(
    const struct classifier *c, size_t class, const float inputs[static NET_INPUTS])
{
	float least = classifier_part_distance(&c->parts[class][0], inputs);

	for (size_t i = 1; i < CLASSIFIER_PARTS; i++) {
		float distance = classifier_part_distance(&c->parts[class][i], inputs);

		least = distance < least ? distance : least;
	}
	return least;
}

void classifier_weigh(
    const struct classifier *c, const struct traits *f, struct classification *ret)
{
	float inputs[NET_INPUTS];

	classifier_inputs(c, f, inputs);
	classifier_probabilities(c, inputs, ret->probability);
	ret->is_new = true;
	for (size_t i = 0; i < NET_CLASSES; i++) {
		float distance = classifier_distance(c, i, inputs);

		ret->in_set[i] =
		    ret->probability[i] >= (double)c->least[i] && distance <= c->odd[i];
		if (distance <= c->farthest[i])
			ret->is_new = false;
	}
}

static double log_odds(double p)
{
	return log((p + 1e-9) / (1 - p + 1e-9));
}

void classifier_moves(
    const struct classifier *c, const struct traits *f, double ret[static NET_CLASSES][TRAIT_COUNT])
{
	float inputs[NET_INPUTS];
	double whole[NET_CLASSES], p[NET_CLASSES];

	memset(ret, 0, NET_CLASSES * sizeof(*ret));
	classifier_inputs(c, f, inputs);
	classifier_probabilities(c, inputs, whole);
	for (size_t i = 0; i < TRAIT_COUNT; i++) {
		float kept = inputs[i];

		if (inputs[TRAIT_COUNT + i] != 0)
			continue;
		inputs[i] = 0;
		inputs[TRAIT_COUNT + i] = 1;
		classifier_probabilities(c, inputs, p);
		for (size_t class = 0; class < NET_CLASSES; class ++)
			ret[class][i] = log_odds(whole[class]) - log_odds(p[class]);
		inputs[i] = kept;
		inputs[TRAIT_COUNT + i] = 0;
	}
}
