/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "stats/rank.h"

static void too_few_neighbors_are_not_testable(void **state)
{
	struct rank_name names[30];
	struct rank_table *t;
	struct rank_result r;

	(void)state;
	for (unsigned i = 0; i < 30; i++)
		names[i] = (struct rank_name){ i < 15 ? 10 : 1000, 5, 5, 3 };
	assert_true(rank_table_new(names, 30, 50, 1, &t, NULL));
	rank_name(t, 0, &r); /* the other half is beyond a factor of 2 */
	assert_int_equal(r.neighbors, 14);
	assert_false(r.tested);
	assert_true(r.p_narrow == 1);
	rank_table_free(t);
	assert_true(rank_table_new(names, 0, 50, 1, &t, NULL));
	rank_table_free(t);
}

static void the_narrowest_of_many_is_first(void **state)
{
	struct rank_name names[1001];
	struct rank_table *t;
	struct rank_result r;

	(void)state;
	for (unsigned i = 0; i < 1001; i++)
		names[i] =
		    (struct rank_name){ 3000 + i, 300 + i % 50, 120.5 + i % 41, 1 + i % 100 };
	names[500] = (struct rank_name){ 3500, 3, 2.2, 140 };
	assert_true(rank_table_new(names, 1001, 5000, 1, &t, NULL));
	rank_name(t, 500, &r);
	assert_int_equal(r.neighbors, RANK_NEIGHBORS);
	assert_float_equal(r.p_narrow, 1.0 / 201, 1e-12);
	assert_true(r.p_narrow_random <= r.p_narrow);
	assert_true(r.p_persistent == 1); /* no name of like D2 */
	assert_true(isnan(r.peers_expected));
	rank_refine(t, 500, &r);
	assert_true(r.tail);
	assert_float_equal(r.p_narrow, 1e-3, 1e-12);
	assert_float_equal(r.peers_expected, 140.5, 10);
	rank_name(t, 40, &r);
	assert_true(r.p_narrow > .05);
	assert_true(r.p_persistent < 1);
	rank_table_free(t);
}

static void the_busiest_is_compared_with_those_below(void **state)
{
	struct rank_name names[200];
	struct rank_table *t;
	struct rank_result r;

	(void)state;
	for (unsigned i = 0; i < 200; i++)
		names[i] = (struct rank_name){ 20 + i, 5 + i % 20, 3.5 + i % 7, 1 + i % 100 };
	names[7] = (struct rank_name){ 9000, 1, 1, 140 };
	names[8] = (struct rank_name){ 9000, 40, 20, 140 };
	assert_true(rank_table_new(names, 200, 5000, 1, &t, NULL));
	rank_name(t, 7, &r);
	assert_true(r.tested);
	assert_int_equal(r.neighbors, RANK_NEIGHBORS_MIN);
	assert_float_equal(r.p_narrow, 1.0 / (1 + RANK_NEIGHBORS_MIN), 1e-12);
	assert_true(r.p_persistent == 1); /* that band has none but one */
	rank_name(t, 8, &r);
	assert_true(r.p_narrow > .9);
	rank_table_free(t);
}

static void equal_names_are_all_alike(void **state)
{
	struct rank_name names[400];
	struct rank_table *t;
	struct rank_result r;
	double sum = 0;

	(void)state;
	for (unsigned i = 0; i < 400; i++)
		names[i] = (struct rank_name){ 12, 2, 1.5, 3 };
	assert_true(rank_table_new(names, 400, 50, 1, &t, NULL));
	for (unsigned i = 0; i < 400; i++) {
		rank_name(t, i, &r);
		assert_true(r.p_narrow == 1);
		sum += r.p_narrow_random;
	}
	/* the larger of two uniforms has mean 2/3, sd .236 / 20 */
	assert_float_equal((sum / 400), 2.0 / 3, .05);
	rank_table_free(t);
}

/* In the units of the table itself it says what the two steps say. */
static void a_band_ranks_as_its_table_does(void **state)
{
	struct rank_name names[500], band[RANK_NEIGHBORS];
	size_t numbers[RANK_NEIGHBORS];
	struct rank_table *t;

	(void)state;
	for (unsigned i = 0; i < 500; i++)
		names[i] = (struct rank_name){ 300 + i % 90, 30 + i * 7 % 50, 12.5 + i * 11 % 41,
			1 + i % 100 };
	names[77] = (struct rank_name){ 350, 2, 1.5, 140 };
	assert_true(rank_table_new(names, 500, 5000, 1, &t, NULL));
	for (unsigned i = 70; i < 90; i++) {
		struct rank_result by_table, among;
		size_t count = rank_band(t, i, numbers);

		assert_int_equal(count, RANK_NEIGHBORS);
		for (size_t k = 0; k < count; k++) {
			assert_true(numbers[k] != i);
			band[k] = names[numbers[k]];
		}
		rank_name(t, i, &by_table);
		rank_refine(t, i, &by_table);
		rank_among(&names[i], band, count, 5000, &among);
		assert_true(among.tested && among.neighbors == by_table.neighbors);
		assert_true(among.p_narrow == by_table.p_narrow);
		assert_true(among.tail == by_table.tail);
		assert_true(among.peers_expected == by_table.peers_expected);
	}
	rank_table_free(t);
}

static void a_band_of_few_or_none_is_not_testable(void **state)
{
	const struct rank_name own = { 10, 2, 1.5, 3 };
	struct rank_name band[RANK_NEIGHBORS_MIN];
	struct rank_result r;

	(void)state;
	for (unsigned i = 0; i < RANK_NEIGHBORS_MIN; i++)
		band[i] = own;
	rank_among(&own, NULL, 0, 50, &r);
	assert_false(r.tested);
	rank_among(&own, band, RANK_NEIGHBORS_MIN - 1, 50, &r);
	assert_false(r.tested);
	rank_among(&own, band, RANK_NEIGHBORS_MIN, 50, &r);
	assert_true(r.tested && r.p_narrow == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(too_few_neighbors_are_not_testable),
		cmocka_unit_test(the_narrowest_of_many_is_first),
		cmocka_unit_test(the_busiest_is_compared_with_those_below),
		cmocka_unit_test(equal_names_are_all_alike),
		cmocka_unit_test(a_band_ranks_as_its_table_does),
		cmocka_unit_test(a_band_of_few_or_none_is_not_testable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
