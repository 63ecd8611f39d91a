/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "explain/net.h"

static void the_exponential_is_exact_to_a_millionth(void **state)
{
	(void)state;
	for (float x = -60; x < 60; x += .37f)
		assert_true(fabs((double)net_exp(x) / exp((double)x) - 1) < 1e-6);
	assert_true(net_exp(-1000) > 0);
	assert_true(isfinite(net_exp(1000)));
	assert_true(fabs((double)net_tanh(.5f) - tanh(.5)) < 1e-6);
	assert_true(net_tanh(50) <= 1 && net_tanh(-50) >= -1);
}

static void probabilities_follow_the_weights(void **state)
{
	static struct net n;
	float inputs[NET_INPUTS] = { 0 }, hidden[NET_HIDDEN], p[NET_CLASSES], sum = 0;

	(void)state;
	n.hidden[3][0] = 1;
	n.output[0][7] = 5;
	net_run(&n, inputs, hidden, p);
	for (size_t i = 0; i < NET_CLASSES; i++)
		assert_true(fabsf(p[i] - 1.f / NET_CLASSES) < 1e-6f);
	inputs[3] = 2;
	net_run(&n, inputs, hidden, p);
	for (size_t i = 0; i < NET_CLASSES; i++)
		sum += p[i];
	assert_true(fabsf(sum - 1) < 1e-6f);
	assert_true(p[7] > .9f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_exponential_is_exact_to_a_millionth),
		cmocka_unit_test(probabilities_follow_the_weights),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
