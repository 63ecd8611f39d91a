/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "trainer.h"

#define SERIES 50

static struct sample *make(uint64_t first, unsigned jobs)
{
	struct sample *samples = NULL;
	struct err err;

	if (!samples_make(3, first, SERIES, 1, jobs, &samples, &err))
		fail_msg("%s", err.text);
	return samples;
}

static struct classifier *train(const struct plan *plan, const struct sample *learn)
{
	struct classifier *c = calloc(1, sizeof(*c));
	struct err err;

	assert_non_null(c);
	assert_true(trainer_run(plan, learn, learn, c, &err));
	return c;
}

static struct plan plan_of(unsigned jobs, int without)
{
	return (struct plan){ .seed = 3,
		.series = SERIES,
		.held_out = SERIES,
		.epochs = 2,
		.nets = 2,
		.jobs = jobs,
		.without = without };
}

static void the_same_plan_gives_the_same_table(void **state)
{
	const struct plan one = plan_of(1, -1), two = plan_of(2, -1);
	struct sample *a = make(0, 1), *b = make(0, 2);
	struct classifier *x = train(&one, a), *y = train(&two, b);
	struct buf text, again;
	struct err err;

	(void)state;
	buf_init(&text, SIZE_MAX);
	buf_init(&again, SIZE_MAX);
	assert_true(trainer_write(x, &text, &err));
	assert_true(trainer_write(y, &again, &err));
	assert_int_equal(text.len, again.len);
	assert_memory_equal(text.bytes, again.bytes, text.len);
	buf_release(&text);
	buf_release(&again);
	free(x);
	free(y);
	free(a);
	free(b);
}

static void a_class_that_is_left_out_is_in_no_set(void **state)
{
	const struct plan plan = plan_of(1, MECHANISM_CRAWLER);
	struct sample *samples = make(0, 1);
	struct classifier *c = train(&plan, samples);

	(void)state;
	for (size_t i = 0; i < plan.series * NET_CLASSES; i++) {
		struct classification r;

		classifier_weigh(c, &samples[i].traits, &r);
		assert_false(r.in_set[MECHANISM_CRAWLER]);
	}
	free(samples);
	free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_plan_gives_the_same_table),
		cmocka_unit_test(a_class_that_is_left_out_is_in_no_set),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
