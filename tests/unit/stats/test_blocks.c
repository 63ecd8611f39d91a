/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "base/philox.h"
#include "stats/blocks.h"

#define CELLS 300

static void draw(struct blocks_cell *cells, size_t count, double level, struct philox *random)
{
	for (size_t i = 0; i < count; i++)
		cells[i] = (struct blocks_cell){ 1, philox_exponential(random) / level };
}

/* The best of all partitions into at most three runs, by trying each. */
static double best_of_three(const double *clock, size_t n, double price)
{
	double best = -INFINITY;

	for (size_t i = 0; i <= n; i++)
		for (size_t j = i; j <= n; j++) {
			const size_t ends[4] = { 0, i, j, n };
			double value = 0;

			for (unsigned k = 0; k < 3; k++) {
				double sum = 0, events = (double)(ends[k + 1] - ends[k]);

				for (size_t at = ends[k]; at < ends[k + 1]; at++)
					sum += clock[at];
				if (events > 0)
					value += events * log(events / sum) - price;
			}
			best = fmax(best, value);
		}
	return best;
}

static double value_of(
    const struct blocks_cell *cells, size_t n, const size_t *starts, size_t blocks, double price)
{
	double value = 0;

	for (size_t b = 0; b < blocks; b++) {
		size_t upto = b + 1 < blocks ? starts[b + 1] : n;
		double sum = 0, events = (double)(upto - starts[b]);

		for (size_t i = starts[b]; i < upto; i++)
			sum += cells[i].clock;
		value += events * log(events / sum) - price;
	}
	return value;
}

static void finds_no_worse_than_every_try(void **state)
{
	struct blocks_cell cells[40];
	double clock[40], price = 4 - log(73.53 * .05 * pow(40, -.478));
	size_t starts[40], blocks;
	struct philox random;

	(void)state;
	philox_init(&random, 1, 2, 3);
	for (unsigned turn = 0; turn < 30; turn++) {
		draw(cells, 20, 1, &random);
		draw(cells + 20, 20, turn % 3 * 3 + .5, &random);
		for (size_t i = 0; i < 40; i++)
			clock[i] = cells[i].clock;
		assert_true(blocks_find(cells, 40, 1, starts, &blocks, NULL));
		assert_int_equal(starts[0], 0);
		assert_true(value_of(cells, 40, starts, blocks, price) >=
			    best_of_three(clock, 40, price) - 1e-9);
	}
}

static void a_step_is_cut_where_it_is(void **state)
{
	struct blocks_cell cells[CELLS];
	size_t starts[CELLS], blocks;
	struct philox random;

	(void)state;
	philox_init(&random, 1, 1, 1);
	draw(cells, 150, 1, &random);
	draw(cells + 150, 150, 4, &random);
	assert_true(blocks_find(cells, CELLS, 1, starts, &blocks, NULL));
	assert_int_equal(blocks, 2);
	assert_true(starts[1] > 140 && starts[1] < 160);
	/* counts that vary forty times as much as Poisson's could do that by chance */
	assert_true(blocks_find(cells, CELLS, 40, starts, &blocks, NULL));
	assert_int_equal(blocks, 1);
}

static void many_cells_are_put_together(void **state)
{
	size_t count = 3 * BLOCKS_CELLS_MAX + 1, blocks;
	struct blocks_cell *cells = malloc(count * sizeof(*cells));
	size_t *starts = malloc(count * sizeof(*starts));
	struct philox random;

	(void)state;
	assert_true(cells != NULL && starts != NULL);
	philox_init(&random, 1, 1, 2);
	draw(cells, 9000, 1, &random);
	draw(cells + 9000, count - 9000, 3, &random);
	assert_true(blocks_find(cells, count, 1, starts, &blocks, NULL));
	assert_int_equal(blocks, 2);
	assert_true(starts[1] > 8960 && starts[1] < 9040);
	free(cells);
	free(starts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_no_worse_than_every_try),
		cmocka_unit_test(a_step_is_cut_where_it_is),
		cmocka_unit_test(many_cells_are_put_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
