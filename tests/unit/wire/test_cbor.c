/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CBOR, by the examples of RFC 8949 (appendices A and F) and by what hostile bytes may try. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/limits.h"
#include "wire/cbor.h"

#define CURSOR(...)                                                                                \
	cursor_of((const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ }))

static void reads_numbers_of_every_length(void **state)
{
	struct cursor c = CURSOR(0x17, 0x18, 0x18, 0x19, 0x03, 0xe8, 0x1a, 0, 0x0f, 0x42, 0x40,
	    0x1b, 0, 0, 0, 0xe8, 0xd4, 0xa5, 0x10, 0, 0x20, 0x39, 0x03, 0xe7);

	(void)state;
	assert_int_equal(cbor_uint(&c), 23);
	assert_int_equal(cbor_uint(&c), 24);
	assert_int_equal(cbor_uint(&c), 1000);
	assert_int_equal(cbor_uint(&c), 1000000);
	assert_int_equal(cbor_uint(&c), 1000000000000);
	assert_int_equal(cbor_int(&c), -1);
	assert_int_equal(cbor_int(&c), -1000);
	assert_int_equal(cursor_left(&c), 0);
	assert_null(c.err);
}

static void refuses_a_number_that_does_not_fit(void **state)
{
	struct cursor c = CURSOR(0x3b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff);
	struct cursor negative = CURSOR(0x20);

	(void)state;
	assert_int_equal(cbor_int(&c), 0);
	assert_non_null(c.err);
	assert_int_equal(cbor_uint(&negative), 0);
	assert_non_null(negative.err);
}

/* {_ 0: [_ 1, "ab"], 1: 2} and the same with counts */
static void walks_maps_and_arrays_open_or_not(void **state)
{
	struct cursor both[] = {
		CURSOR(0xbf, 0, 0x9f, 1, 0x62, 'a', 'b', 0xff, 1, 2, 0xff),
		CURSOR(0xa2, 0, 0x82, 1, 0x62, 'a', 'b', 1, 2),
	};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct cursor c = both[i];
		struct cbor_items pairs = cbor_map(&c);
		struct cbor_items items;
		const uint8_t *text;
		size_t len;

		assert_true(cbor_more(&c, &pairs));
		assert_int_equal(cbor_int(&c), 0);
		assert_int_equal(cbor_peek(&c), CBOR_ARRAY);
		items = cbor_array(&c);
		assert_true(cbor_more(&c, &items));
		assert_int_equal(cbor_uint(&c), 1);
		assert_true(cbor_more(&c, &items));
		text = cbor_bytes(&c, &len);
		assert_int_equal(len, 2);
		assert_memory_equal(text, "ab", 2);
		assert_false(cbor_more(&c, &items));
		assert_true(cbor_more(&c, &pairs));
		assert_int_equal(cbor_int(&c), 1);
		assert_int_equal(cbor_uint(&c), 2);
		assert_false(cbor_more(&c, &pairs));
		assert_false(cbor_more(&c, &pairs));
		assert_null(c.err);
		assert_int_equal(cursor_left(&c), 0);
	}
}

static void steps_over_whole_items(void **state)
{
	struct cursor items[] = {
		CURSOR(0xf6),
		CURSOR(0xfb, 1, 2, 3, 4, 5, 6, 7, 8),
		CURSOR(0xc1, 0x1a, 0x51, 0x4b, 0x67, 0xb0),
		CURSOR(0x5f, 0x42, 1, 2, 0x41, 3, 0xff),
		CURSOR(0xa1, 0xc1, 1, 0x9f, 0x80, 0xa0, 0xbf, 0xff, 0xff),
		CURSOR(0x82, 0x83, 1, 2, 3, 0x81, 0x81, 0xf8, 0x20),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++) {
		const size_t len = items[i].len;

		cbor_skip(&items[i]);
		assert_null(items[i].err);
		assert_int_equal(items[i].pos, len);
		/* less of it is too little, and is said to be just that */
		for (size_t n = 0; n < len; n++) {
			struct cursor cut = cursor_of(items[i].base, n);

			cbor_skip(&cut);
			assert_string_equal(cut.err, CURSOR_TRUNCATED);
		}
	}
}

static void refuses_what_is_not_well_formed(void **state)
{
	struct cursor items[] = {
		CURSOR(0xff),                /* a break for nothing */
		CURSOR(0x82, 1, 0xff),       /* in an array with a count */
		CURSOR(0xbf, 1, 0xff),       /* between key and value */
		CURSOR(0x9f, 0xc1, 0xff),    /* in place of what is tagged */
		CURSOR(0x1c), CURSOR(0x1f),  /* lengths that do not exist */
		CURSOR(0xf8, 0x1f),          /* a longer form of 0xff */
		CURSOR(0x5f, 0x61, 1, 0xff), /* text among bytes */
		CURSOR(0x5f, 0x5f, 0xff, 0xff),
		CURSOR(0xbb, 0x80, 0, 0, 0, 0, 0, 0, 0, 1), /* 2^63 pairs are 2^64 items */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++) {
		cbor_skip(&items[i]);
		assert_non_null(items[i].err);
		assert_string_not_equal(items[i].err, CURSOR_TRUNCATED);
	}
}

static void refuses_what_is_nested_too_deeply(void **state)
{
	uint8_t deep[LIMIT_CBOR_DEPTH + 2];
	struct cursor c;

	(void)state;
	memset(deep, 0x81, sizeof(deep));
	deep[LIMIT_CBOR_DEPTH] = 0;
	c = cursor_of(deep, sizeof(deep));
	cbor_skip(&c);
	assert_null(c.err);
	assert_int_equal(c.pos, LIMIT_CBOR_DEPTH + 1);
	deep[LIMIT_CBOR_DEPTH] = 0x81;
	c = cursor_of(deep, sizeof(deep));
	cbor_skip(&c);
	assert_string_equal(c.err, "CBOR nested too deeply");
}

static void tells_kinds_apart(void **state)
{
	struct cursor number = CURSOR(1);
	struct cursor array = CURSOR(0x80);
	struct cursor pieces = CURSOR(0x5f, 0x41, 1, 0xff);
	struct cursor end = CURSOR(0x9f);
	struct cbor_items items = cbor_array(&end);
	size_t len;

	(void)state;
	(void)cbor_array(&number);
	assert_string_equal(number.err, "CBOR of another kind than expected");
	(void)cbor_uint(&array);
	assert_string_equal(array.err, "CBOR of another kind than expected");
	assert_null(cbor_bytes(&pieces, &len));
	assert_int_equal(cbor_peek(&end), CBOR_SIMPLE);
	assert_false(cbor_more(&end, &items));
	assert_string_equal(end.err, CURSOR_TRUNCATED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_numbers_of_every_length),
		cmocka_unit_test(refuses_a_number_that_does_not_fit),
		cmocka_unit_test(walks_maps_and_arrays_open_or_not),
		cmocka_unit_test(steps_over_whole_items),
		cmocka_unit_test(refuses_what_is_not_well_formed),
		cmocka_unit_test(refuses_what_is_nested_too_deeply),
		cmocka_unit_test(tells_kinds_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
