/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "explain/classifier.h"

static struct classifier *load(void)
{
	struct classifier *c = NULL;
	struct err err;

	if (!classifier_load(&c, &err))
		fail_msg("%s", err.text);
	return c;
}

/* classifier_load() compares the digest: a changed letter of the table fails here. */
static void the_table_is_the_one_that_was_trained(void **state)
{
	struct classifier *c = load();

	(void)state;
	assert_true(c->temperature > .3f && c->temperature < 3);
	for (size_t i = 0; i < NET_CLASSES; i++)
		assert_true(c->least[i] > 0 && c->least[i] < 1 && isfinite(c->odd[i]) &&
			    c->farthest[i] > c->odd[i]);
	free(c);
}

static void a_name_of_which_nothing_is_known_has_probabilities(void **state)
{
	struct classifier *c = load();
	struct classification r;
	struct traits t;
	double sum = 0;

	(void)state;
	for (size_t i = 0; i < TRAIT_COUNT; i++)
		t.value[i] = NAN;
	classifier_weigh(c, &t, &r);
	for (size_t i = 0; i < NET_CLASSES; i++)
		sum += r.probability[i];
	assert_float_equal(sum, 1, 1e-9);
	free(c);
}

static void what_is_far_from_everything_is_new(void **state)
{
	struct classifier *c = load();
	struct classification r;
	struct traits t;

	(void)state;
	for (size_t i = 0; i < TRAIT_COUNT; i++)
		t.value[i] = i % 2 ? 1e6 : -1e6;
	classifier_weigh(c, &t, &r);
	assert_true(r.is_new);
	free(c);
}

/* The nets alone would have it: in the middle of one class, and odd for it by a hair. */
static void what_is_odd_for_a_class_is_not_in_its_set(void **state)
{
	struct classifier *c = load();
	struct classification r;
	struct traits t;
	size_t class = 3;

	(void)state;
	for (size_t i = 0; i < TRAIT_COUNT; i++)
		t.value[i] = c->mean[i] + c->parts[class][0].middle[i] / c->scale[i];
	for (size_t i = 0; i < NET_CLASSES; i++)
		c->least[i] = 0;
	classifier_weigh(c, &t, &r);
	assert_true(r.in_set[class]);
	assert_false(r.is_new);
	c->odd[class] = -INFINITY;
	classifier_weigh(c, &t, &r);
	assert_false(r.in_set[class]);
	free(c);
}

static void a_trait_that_is_not_known_moves_nothing(void **state)
{
	struct classifier *c = load();
	double all[NET_CLASSES][TRAIT_COUNT];
	const double *moves = all[2];
	struct traits t;
	bool moved = false;

	(void)state;
	for (size_t i = 0; i < TRAIT_COUNT; i++)
		t.value[i] = i % 3 == 0 ? NAN : c->mean[i] + 1 / c->scale[i];
	classifier_moves(c, &t, all);
	for (size_t i = 0; i < TRAIT_COUNT; i++) {
		if (i % 3 == 0)
			assert_float_equal(moves[i], 0, 0);
		else
			moved = moved || fabs(moves[i]) > .01;
	}
	assert_true(moved);
	free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_is_the_one_that_was_trained),
		cmocka_unit_test(a_name_of_which_nothing_is_known_has_probabilities),
		cmocka_unit_test(what_is_far_from_everything_is_new),
		cmocka_unit_test(what_is_odd_for_a_class_is_not_in_its_set),
		cmocka_unit_test(a_trait_that_is_not_known_moves_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
