/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "evidence/ahead.h"

/* Bytes that are known by their offset, in pieces of odd lengths, and then an end or a failure. */
struct source {
	uint64_t len;
	uint64_t at;
	bool fails;
};

static uint8_t byte_at(uint64_t offset)
{
	return (uint8_t)(offset * UINT64_C(0x9e3779b97f4a7c15) >> 56);
}

static bool give(void *context, uint8_t *to, size_t len, size_t *ret_len, struct err *reterr)
{
	struct source *s = context;
	size_t n = 1 + s->at % 70001;

	if (s->at == s->len && s->fails) {
		err_set_at(reterr, ERR_SYSTEM, s->at, "broken at %llu", (unsigned long long)s->at);
		return false;
	}
	n = n < len ? n : len;
	n = n < s->len - s->at ? n : (size_t)(s->len - s->at);
	for (size_t i = 0; i < n; i++)
		to[i] = byte_at(s->at + i);
	s->at += n;
	*ret_len = n;
	return true;
}

/* Read up to that offset, by pieces of up to len; false at a failure. */
static bool take(struct ahead *a, uint64_t *offset, uint64_t until, size_t len, struct err *reterr)
{
	uint8_t *to = malloc(len);
	size_t n = 1;

	assert_non_null(to);
	while (*offset < until && n > 0) {
		if (!ahead_read(a, to, len, &n, reterr)) {
			free(to);
			return false;
		}
		for (size_t i = 0; i < n; i++)
			assert_int_equal(to[i], byte_at(*offset + i));
		*offset += n;
	}
	free(to);
	return true;
}

static void gives_all_bytes_in_order_and_then_the_end(void **state)
{
	/* none, one, around one block and around all of the ring */
	static const uint64_t lengths[] = { 0, 1, (256 << 10) - 1, 256 << 10, (256 << 10) + 1,
		1 << 20, (1 << 20) + 1, 5000011 };
	static const size_t pieces[] = { 1000, 65536, 1 << 20 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(lengths); i++) {
		for (size_t k = 0; k < COUNT_OF(pieces); k++) {
			struct source s = { .len = lengths[i] };
			struct ahead *a = ahead_new(give, &s, &s.at);
			uint64_t offset = 0;

			assert_non_null(a);
			assert_true(take(a, &offset, UINT64_MAX, pieces[k], NULL));
			assert_int_equal(offset, lengths[i]);
			assert_int_equal(ahead_raw_offset(a), lengths[i]);
			/* an end stays one */
			assert_true(take(a, &offset, UINT64_MAX, pieces[k], NULL));
			assert_int_equal(offset, lengths[i]);
			ahead_free(a);
		}
	}
}

static void tells_of_a_failure_behind_the_bytes_before_it(void **state)
{
	static const uint64_t lengths[] = { 0, 100, 256 << 10, 3000001 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(lengths); i++) {
		struct source s = { .len = lengths[i], .fails = true };
		struct ahead *a = ahead_new(give, &s, &s.at);
		struct err e = { .code = ERR_NONE };
		uint64_t offset = 0;

		for (int again = 0; again < 2; again++) {
			assert_false(take(a, &offset, UINT64_MAX, 50000, &e));
			assert_int_equal(offset, lengths[i]);
			assert_int_equal(e.code, ERR_SYSTEM);
			assert_int_equal(e.offset, lengths[i]);
		}
		ahead_free(a);
	}
}

static void runs_no_further_ahead_than_its_ring(void **state)
{
	struct source s = { .len = 20 << 20 };
	struct ahead *a = ahead_new(give, &s, &s.at);
	uint64_t offset = 0;

	(void)state;
	assert_true(take(a, &offset, 1 << 20, 1 << 20, NULL));
	assert_true(ahead_raw_offset(a) <= offset + (256 << 10));
	ahead_free(a); /* joins the thread: what it has read can be looked at */
	assert_true(s.at >= offset);
	assert_true(s.at <= offset + (1 << 20) + (256 << 10));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_all_bytes_in_order_and_then_the_end),
		cmocka_unit_test(tells_of_a_failure_behind_the_bytes_before_it),
		cmocka_unit_test(runs_no_further_ahead_than_its_ring),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
