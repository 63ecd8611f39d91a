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

void classifier_whiten(const struct classifier *c, const float inputs[static NET_INPUTS],
    float ret[static TRAIT_COUNT])
{
	for (size_t i = 0; i < TRAIT_COUNT; i++) {
		ret[i] = 0;
		for (size_t j = 0; j <= i; j++)
			ret[i] += c->whiten[i][j] * inputs[j];
	}
}

float classifier_distance(
    const struct classifier *c, size_t class, const float point[static TRAIT_COUNT])
{
	float nearest[CLASSIFIER_NEIGHBOR];
	size_t count = 0;

	for (size_t r = 0; r < CLASSIFIER_REFERENCES; r++) {
		const int8_t *other = c->references[class][r];
		float square = 0;
		size_t at;

		for (size_t i = 0; i < TRAIT_COUNT; i++) {
			float d = point[i] - (float)other[i] / CLASSIFIER_GRAIN;

			square += d * d;
		}
		if (count == CLASSIFIER_NEIGHBOR && square >= nearest[count - 1])
			continue;
		at = count < CLASSIFIER_NEIGHBOR ? count++ : count - 1;
		for (; at > 0 && nearest[at - 1] > square; at--)
			nearest[at] = nearest[at - 1];
		nearest[at] = square;
	}
	return nearest[CLASSIFIER_NEIGHBOR - 1];
}

void classifier_weigh(
    const struct classifier *c, const struct traits *f, struct classification *ret)
{
	float inputs[NET_INPUTS], point[TRAIT_COUNT];

	classifier_inputs(c, f, inputs);
	classifier_probabilities(c, inputs, ret->probability);
	classifier_whiten(c, inputs, point);
	ret->is_new = true;
	for (size_t i = 0; i < NET_CLASSES; i++) {
		ret->in_set[i] = ret->probability[i] >= (double)c->least[i];
		if (classifier_distance(c, i, point) <= c->farthest[i])
			ret->is_new = false;
	}
}

static double log_odds(double p)
{
	return log((p + 1e-9) / (1 - p + 1e-9));
}

void classifier_moves(const struct classifier *c, const struct traits *f, size_t class,
    double ret[static TRAIT_COUNT])
{
	float inputs[NET_INPUTS];
	double p[NET_CLASSES], whole;

	classifier_inputs(c, f, inputs);
	classifier_probabilities(c, inputs, p);
	whole = log_odds(p[class]);
	for (size_t i = 0; i < TRAIT_COUNT; i++) {
		float kept = inputs[i];

		ret[i] = 0;
		if (inputs[TRAIT_COUNT + i] != 0)
			continue;
		inputs[i] = 0;
		inputs[TRAIT_COUNT + i] = 1;
		classifier_probabilities(c, inputs, p);
		ret[i] = whole - log_odds(p[class]);
		inputs[i] = kept;
		inputs[TRAIT_COUNT + i] = 0;
	}
}
