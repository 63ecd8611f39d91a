/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A softmax net with one hidden layer of tanh units: weights to probabilities. In single
 * precision with an exponential of our own, so that every machine gives the same bits.
 */
#ifndef EXPLAIN_NET_H
#define EXPLAIN_NET_H

#include <stdint.h>
#include <string.h>

#include "explain/traits.h"

#define NET_INPUTS  (2 * TRAIT_COUNT) /* each trait, and whether it is missing */
#define NET_HIDDEN  64
#define NET_CLASSES 11

struct net {
	float hidden[NET_INPUTS][NET_HIDDEN];
	float hidden_bias[NET_HIDDEN];
	float output[NET_HIDDEN][NET_CLASSES];
	float output_bias[NET_CLASSES];
};

/* exp(x) to some 1e-7, by the usual steps: 2^k times a polynomial. x is cut to [-80, 80]. */
static inline float net_exp(float x)
{
	const float ln2_high = 0.693359375f, ln2_low = -2.12194440e-4f;
	float k, r, p;
	int32_t power;
	uint32_t bits;

	x = x > 80 ? 80 : x < -80 ? -80 : x;
	power = (int32_t)(x * 1.44269504f + (x < 0 ? -.5f : .5f));
	k = (float)power;
	r = x - k * ln2_high - k * ln2_low;
	p = 1.f / 720;
	p = p * r + 1.f / 120;
	p = p * r + 1.f / 24;
	p = p * r + 1.f / 6;
	p = p * r + .5f;
	p = p * r + 1;
	p = p * r + 1;
	bits = (uint32_t)(power + 127) << 23;
	memcpy(&k, &bits, sizeof(k));
	return p * k;
}

static inline float net_tanh(float x)
{
	return 1 - 2 / (net_exp(2 * x) + 1);
}

/* Values of the hidden units, and the probabilities of the classes. */
void net_run(const struct net *n, const float inputs[static NET_INPUTS],
    float ret_hidden[static NET_HIDDEN], float ret_probability[static NET_CLASSES]);

#endif
