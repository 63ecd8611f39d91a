/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Merging against the plain way: every key looked up in every input. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "folder.h"
#include "haystack/merge.h"

#define INPUTS_MAX 9
#define LEN_MAX    9
#define KEYS       9841 /* all strings of at most eight of three bytes, behind a tag */

struct small_key {
	uint8_t len;
	uint8_t bytes[LEN_MAX];
};

static struct small_key keys[KEYS];
static bool held[INPUTS_MAX][KEYS];
static struct segment segments[INPUTS_MAX];

/* In order: a string comes before what begins with it. Bytes at both ends of their range. */
static size_t make_keys(size_t at, const struct small_key *prefix)
{
	static const uint8_t letters[] = { 0, 'a', UINT8_MAX };

	keys[at++] = *prefix;
	for (size_t i = 0; i < COUNT_OF(letters) && prefix->len < LEN_MAX; i++) {
		struct small_key longer = *prefix;

		longer.bytes[longer.len++] = letters[i];
		at = make_keys(at, &longer);
	}
	return at;
}

/* A segment of the keys that the input holds; each is a fact that was seen once. */
static void make_segment(size_t input)
{
	char path[] = "/tmp/lodestone-test-XXXXXX";
	int fd = mkstemp(path);
	struct segment_writer *w = NULL;
	struct segment_info info;
	struct factset once = { .count = 1 };
	struct buf value;

	assert_true(fd >= 0);
	assert_int_equal(unlink(path), 0);
	assert_true(segment_writer_new(fd, "test", &w, NULL));
	buf_init(&value, SIZE_MAX);
	factset_encode(&once, &value);
	for (size_t i = 0; i < KEYS; i++)
		if (held[input][i])
			assert_true(segment_writer_add(
			    w, keys[i].bytes, keys[i].len, value.bytes, value.len, NULL));
	assert_true(segment_writer_finish(w, &info, NULL));
	assert_true(segment_open(fd, "test", &segments[input], NULL));
	segment_writer_free(w);
	buf_release(&value);
	(void)close(fd);
}

static size_t shared_by(const struct small_key *a, const struct small_key *b)
{
	size_t at = 0;

	while (at < a->len && at < b->len && a->bytes[at] == b->bytes[at])
		at++;
	return at;
}

static uint64_t holders(size_t inputs, size_t key)
{
	uint64_t count = 0;

	for (size_t i = 0; i < inputs; i++)
		count += held[i][key];
	return count;
}

/* Keys from number from up to, not with, number below, KEYS: no bound. */
static void check_merge(size_t inputs, size_t from, size_t below)
{
	struct merge_input in[INPUTS_MAX];
	struct merge_bounds bounds = { .from.len = 0 };
	const struct small_key *last = NULL;
	struct merge *m = NULL;
	struct merge_entry e;

	for (size_t i = 0; i < inputs; i++)
		in[i] = (struct merge_input){ .segment = &segments[i], .identity = inputs == 1 };
	memcpy(bounds.from.bytes, keys[from].bytes, bounds.from.len = keys[from].len);
	if (below < KEYS)
		memcpy(bounds.below.bytes, keys[below].bytes, bounds.below.len = keys[below].len);
	assert_true(merge_new(in, inputs, &bounds, &m, NULL));
	for (size_t i = from; i < below; i++) {
		struct factset sum;

		if (holders(inputs, i) == 0)
			continue;
		assert_true(merge_next(m, &e, NULL));
		assert_non_null(e.value);
		assert_int_equal(e.key_len, keys[i].len);
		assert_memory_equal(e.key, keys[i].bytes, e.key_len);
		assert_int_equal(e.shared, last == NULL ? 0 : shared_by(last, &keys[i]));
		assert_true(factset_decode(e.value, e.value_len, &sum));
		assert_int_equal(sum.count, holders(inputs, i));
		last = &keys[i];
	}
	for (int again = 0; again < 2; again++) {
		assert_true(merge_next(m, &e, NULL));
		assert_null(e.value);
	}
	merge_free(m);
}

/* Inputs that hold many keys and few, and one that may hold none. */
static void merges_as_looked_up_one_by_one(void **state)
{
	static const uint32_t of[] = { 1, 2, 2, 3, 50, 1000, 30000, 1, 4 };
	const struct small_key tag = { 1, { KEY_TAG_FACT } };
	struct philox random;

	(void)state;
	assert_int_equal(make_keys(0, &tag), KEYS);
	philox_init(&random, 5, 0, 0);
	for (size_t i = 0; i < INPUTS_MAX; i++) {
		for (size_t k = 0; k < KEYS; k++)
			held[i][k] = philox_below(&random, of[i]) == 0;
		make_segment(i);
	}
	for (size_t inputs = 1; inputs <= INPUTS_MAX; inputs++) {
		check_merge(inputs, 0, KEYS);
		for (int n = 0; n < 10; n++) {
			size_t from = philox_below(&random, KEYS);

			check_merge(inputs, from, from + philox_below(&random, KEYS - from + 1));
		}
	}
	for (size_t i = 0; i < INPUTS_MAX; i++)
		segment_close(&segments[i]);
}

static void keys_out_of_order_are_damage(void **state)
{
	static const char *const second[] = { "Fa", "F", "Fab", "EF" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(second); i++) {
		struct block_builder b;
		struct block_iter it;

		block_builder_init(&b);
		block_builder_add(&b, (const uint8_t *)"Fab", 3, (const uint8_t *)"1", 1);
		block_builder_add(
		    &b, (const uint8_t *)second[i], strlen(second[i]), (const uint8_t *)"2", 1);
		assert_true(block_builder_finish(&b));
		block_iter_init(&it, cursor_of(b.entries.bytes, b.entries.len));
		assert_true(block_iter_next(&it));
		assert_false(block_iter_next(&it));
		assert_string_equal(it.entries.err, "keys out of order");
		block_builder_release(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(merges_as_looked_up_one_by_one),
		cmocka_unit_test(keys_out_of_order_are_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
