/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "contact/factset.h"

static const struct factset samples[] = {
	{ 1, INT64_C(1700000000000000000), INT64_C(1700000000000000000), 0, TTL_NONE, TTL_NONE },
	{ 70000, INT64_C(1700000000123456000), INT64_C(1700009999123456000), 6, 0, 86400 },
	{ UINT64_MAX, INT64_MIN, INT64_MAX, 9, 0, TTL_NONE - 1 },
	{ 2, -5, -5, 9, 300, 300 },
};

static void reads_what_it_writes_and_nothing_shorter(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(samples); i++) {
		struct factset back;
		struct buf out;

		buf_init(&out, 100);
		factset_encode(&samples[i], &out);
		for (size_t n = 0; n <= out.len; n++) {
			uint8_t *copy = malloc(n + 1);

			assert_non_null(copy);
			memcpy(copy, out.bytes, n);
			assert_int_equal(factset_decode(copy, n, &back), n == out.len);
			free(copy);
		}
		assert_int_equal(back.count, samples[i].count);
		assert_int_equal(back.first_ns, samples[i].first_ns);
		assert_int_equal(back.last_ns, samples[i].last_ns);
		assert_int_equal(back.digits, samples[i].digits);
		assert_int_equal(back.ttl_min, samples[i].ttl_min);
		assert_int_equal(back.ttl_max, samples[i].ttl_max);
		buf_release(&out);
	}
}

static void adds_in_any_order(void **state)
{
	struct buf first;
	struct buf other;

	(void)state;
	buf_init(&first, 100);
	buf_init(&other, 100);
	for (size_t start = 0; start < COUNT_OF(samples); start++) {
		struct factset sum = samples[start];

		for (size_t i = 1; i < COUNT_OF(samples); i++)
			factset_add(&sum, &samples[(start + i) % COUNT_OF(samples)]);
		buf_clear(&other);
		factset_encode(&sum, start == 0 ? &first : &other);
		if (start == 0)
			continue;
		assert_int_equal(first.len, other.len);
		assert_memory_equal(first.bytes, other.bytes, first.len);
	}
	buf_release(&other);
	buf_release(&first);
}

static void a_fact_is_seen_as_often_as_it_says(void **state)
{
	struct fact f = {
		.type = 1, .ttl = 60, .count = 3, .first_ns = 5, .last_ns = 9, .digits = 9
	};
	struct factset s;

	(void)state;
	factset_of(&s, &f);
	factset_add(&s, &s);
	assert_int_equal(s.count, 6);
	assert_int_equal(s.ttl_min, 60);
	assert_int_equal(s.first_ns, 5);
	assert_int_equal(s.last_ns, 9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_it_writes_and_nothing_shorter),
		cmocka_unit_test(adds_in_any_order),
		cmocka_unit_test(a_fact_is_seen_as_often_as_it_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
