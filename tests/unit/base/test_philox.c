/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/philox.h"

/* Known answers from the authors' own distribution, Random123, tests/kat_vectors: philox4x32 10. */
static void gives_the_published_answers(void **state)
{
	static const uint32_t cases[][10] = {
		{ 0, 0, 0, 0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 },
		{ 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff,
		    0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd },
		{ 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0,
		    0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct philox p = { .key = { cases[i][4], cases[i][5] },
			.counter = { cases[i][0], cases[i][1], cases[i][2], cases[i][3] } };

		philox_block(&p);
		for (int word = 0; word < 4; word++)
			assert_int_equal(p.out[word], cases[i][6 + word]);
	}
}

static void streams_are_apart_and_repeatable(void **state)
{
	struct philox a, b, c;

	(void)state;
	philox_init(&a, 1, 2, 3);
	philox_init(&b, 1, 2, 3);
	philox_init(&c, 1, 2, 4);
	for (int i = 0; i < 1000; i++) {
		uint64_t draw = philox_u64(&a);

		assert_true(draw == philox_u64(&b));
		assert_true(draw != philox_u64(&c));
	}
}

/* Mean and variance of each kind of draw, within five standard errors of n = 200,000. */
static void draws_have_their_moments(void **state)
{
	const int n = 200000;
	double sum[3] = { 0 }, squares[3] = { 0 };
	const double mean[3] = { 0.5, 1, 0 };
	const double variance[3] = { 1.0 / 12, 1, 1 };
	const double variance_error[3] = { 0.00017, 0.0064, 0.0032 }; /* sqrt((m4 - v^2) / n) */
	struct philox p;

	(void)state;
	philox_init(&p, 42, 0, 0);
	for (int i = 0; i < n; i++) {
		const double draw[3] = { philox_uniform(&p), philox_exponential(&p),
			philox_normal(&p) };

		assert_true(draw[0] > 0 && draw[0] < 1);
		for (int k = 0; k < 3; k++) {
			sum[k] += draw[k];
			squares[k] += draw[k] * draw[k];
		}
	}
	for (int k = 0; k < 3; k++) {
		double m = sum[k] / n;

		assert_true(fabs(m - mean[k]) < 5 * sqrt(variance[k] / n));
		assert_true(fabs(squares[k] / n - m * m - variance[k]) < 5 * variance_error[k]);
	}
}

static void below_covers_its_range_evenly(void **state)
{
	unsigned seen[7] = { 0 };
	struct philox p;

	(void)state;
	philox_init(&p, 42, 1, 0);
	for (int i = 0; i < 70000; i++)
		seen[philox_below(&p, 7)]++;
	for (int k = 0; k < 7; k++)
		assert_in_range(seen[k], 10000 - 5 * 93, 10000 + 5 * 93);
	assert_int_equal(philox_below(&p, 1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_the_published_answers),
		cmocka_unit_test(streams_are_apart_and_repeatable),
		cmocka_unit_test(draws_have_their_moments),
		cmocka_unit_test(below_covers_its_range_evenly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
