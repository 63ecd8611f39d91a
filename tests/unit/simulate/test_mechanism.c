/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "explain/traits.h"
#include "simulate/mechanism.h"

static void a_series_is_a_function_of_its_number(void **state)
{
	struct scene a = { .days = 0 }, b = { .days = 0 };
	struct err err;

	(void)state;
	for (int m = 0; m < MECHANISM_COUNT; m++) {
		assert_true(mechanism_simulate((enum mechanism)m, 3, 7, 1, &a, &err));
		/* another one before it leaves nothing behind */
		assert_true(mechanism_simulate((enum mechanism)m, 3, 8, 1, &b, &err));
		assert_true(mechanism_simulate((enum mechanism)m, 3, 7, 1, &b, &err));
		assert_int_equal(a.subject.peer_count, b.subject.peer_count);
		assert_int_equal(a.row_count, b.row_count);
		assert_memory_equal(a.times_s, b.times_s, a.row_count * sizeof(*a.times_s) / 2);
	}
	scene_release(&a);
	scene_release(&b);
}

static void subjects_are_sorted_and_inside_their_record(void **state)
{
	struct scene s = { .days = 0 };
	struct err err;

	(void)state;
	for (int m = 0; m < MECHANISM_COUNT; m++)
		for (uint64_t n = 0; n < 5; n++) {
			uint64_t contacts = 0, types = 0;

			assert_true(mechanism_simulate((enum mechanism)m, 5, n, 1, &s, &err));
			for (size_t i = 0; i < s.subject.peer_count; i++) {
				const struct subject_peer *p = &s.subject.peers[i];

				assert_true(p->count > 0);
				assert_true(p->times_s[0] >= s.exposure.first_s);
				assert_true(p->times_s[p->count - 1] <= s.exposure.last_s);
				for (size_t j = 1; j < p->count; j++)
					assert_true(p->times_s[j] >= p->times_s[j - 1]);
				contacts += p->count;
			}
			for (size_t i = 0; i < SUBJECT_TYPES; i++)
				types += s.subject.types[i];
			assert_int_equal(contacts, types);
		}
	scene_release(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_series_is_a_function_of_its_number),
		cmocka_unit_test(subjects_are_sorted_and_inside_their_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
