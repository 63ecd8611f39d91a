/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/philox.h"
#include "stats/homogeneity.h"

#define CELLS  10
#define OTHERS 60
#define BLOCKS 20
#define EVENTS 400

static uint32_t blocks[BLOCKS * CELLS], others[OTHERS * CELLS];

/* Events over the cells; a share of them all in cell 0. hold: each stays where the last one was. */
static void draw(uint32_t *counts, int events, double at_0, double hold, struct philox *r)
{
	unsigned cell = philox_below(r, CELLS);

	memset(counts, 0, CELLS * sizeof(*counts));
	for (int i = 0; i < events; i++) {
		if (philox_uniform(r) >= hold)
			cell = philox_uniform(r) < at_0 ? 0 : philox_below(r, CELLS);
		counts[cell]++;
	}
}

static struct homogeneity test(
    double at_0, double others_at_0, double hold, double others_hold, uint64_t seed)
{
	const struct homogeneity_input in = { blocks, BLOCKS, others, OTHERS, CELLS };
	struct homogeneity h;
	struct philox r;

	philox_init(&r, seed, 0, 0);
	for (int i = 0; i < BLOCKS; i++)
		draw(blocks + i * CELLS, EVENTS / BLOCKS, at_0, hold, &r);
	for (int i = 0; i < OTHERS; i++)
		draw(others + i * CELLS, EVENTS, others_at_0, others_hold, &r);
	homogeneity_test(&in, &h);
	assert_true(h.tested);
	return h;
}

static int rejections(double at_0, double others_at_0, double hold, double others_hold)
{
	int count = 0;

	for (uint64_t seed = 1; seed <= 1000; seed++)
		count += test(at_0, others_at_0, hold, others_hold, seed).p <= .05;
	return count;
}

/* 50 are expected of 1000, with a standard deviation of 7. */
static void keeps_its_level_also_where_cells_are_uneven(void **state)
{
	(void)state;
	assert_in_range(rejections(0, 0, 0, 0), 20, 80);
	assert_in_range(rejections(.3, .3, 0, 0), 20, 80);
}

static void events_that_hang_together_are_no_evidence(void **state)
{
	(void)state;
	assert_in_range(rejections(0, 0, .8, .8), 0, 80);
	assert_in_range(rejections(0, 0, .8, 0), 0, 80);
}

static void another_split_is_found(void **state)
{
	(void)state;
	assert_true(test(.3, 0, 0, 0, 1).p < 1e-6);
	assert_true(test(0, .3, 0, 0, 1).p < 1e-6);
	assert_true(test(.3, 0, 0, 0, 1).moved > .2);
}

static void few_others_say_nothing(void **state)
{
	const struct homogeneity_input in = { blocks, BLOCKS, others, HOMOGENEITY_SERIES_MIN - 1,
		CELLS };
	struct homogeneity h;

	(void)state;
	(void)test(0, 0, 0, 0, 1);
	homogeneity_test(&in, &h);
	assert_false(h.tested);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_its_level_also_where_cells_are_uneven),
		cmocka_unit_test(events_that_hang_together_are_no_evidence),
		cmocka_unit_test(another_split_is_found),
		cmocka_unit_test(few_others_say_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
