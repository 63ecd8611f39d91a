/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "explain/net.h"

static void softmax(float values[static NET_CLASSES])
{
	float highest = values[0], sum = 0;

	for (size_t i = 1; i < NET_CLASSES; i++)
		highest = values[i] > highest ? values[i] : highest;
	for (size_t i = 0; i < NET_CLASSES; i++) {
		values[i] = net_exp(values[i] - highest);
		sum += values[i];
	}
	for (size_t i = 0; i < NET_CLASSES; i++)
		values[i] /= sum;
}

void net_run(const struct net *n, const float inputs[static NET_INPUTS],
    float ret_hidden[static NET_HIDDEN], float ret_probability[static NET_CLASSES])
{
	memcpy(ret_hidden, n->hidden_bias, sizeof(n->hidden_bias));
	for (size_t i = 0; i < NET_INPUTS; i++) {
		if (inputs[i] == 0)
			continue;
		for (size_t j = 0; j < NET_HIDDEN; j++)
			ret_hidden[j] += inputs[i] * n->hidden[i][j];
	}
	for (size_t j = 0; j < NET_HIDDEN; j++)
		ret_hidden[j] = net_tanh(ret_hidden[j]);
	memcpy(ret_probability, n->output_bias, sizeof(n->output_bias));
	for (size_t j = 0; j < NET_HIDDEN; j++)
		for (size_t c = 0; c < NET_CLASSES; c++)
			ret_probability[c] += ret_hidden[j] * n->output[j][c];
	softmax(ret_probability);
}
