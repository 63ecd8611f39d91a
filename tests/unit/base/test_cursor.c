/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/cursor.h"

static void reads_both_byte_orders(void **state)
{
	static const uint8_t bytes[] = { 0x01, 0x02, 0x03, 0x04 };
	struct cursor c = cursor_of(bytes, sizeof(bytes));

	(void)state;
	assert_int_equal(cursor_be32(&c), 0x01020304);
	c = cursor_of(bytes, sizeof(bytes));
	assert_int_equal(cursor_le32(&c), 0x04030201);
	c = cursor_of(bytes, sizeof(bytes));
	assert_int_equal(cursor_be16(&c), 0x0102);
	assert_int_equal(cursor_le16(&c), 0x0403);
	assert_null(c.err);
	assert_int_equal(cursor_left(&c), 0);
}

static void the_first_failure_stays_and_reads_as_zero(void **state)
{
	static const uint8_t bytes[] = { 0xff, 0xff, 0xff };
	struct cursor c = cursor_of(bytes, sizeof(bytes));

	(void)state;
	assert_int_equal(cursor_be32(&c), 0);
	assert_string_equal(c.err, "truncated");
	assert_int_equal(cursor_u8(&c), 0); /* there would be bytes left */
	cursor_fail(&c, "something else");
	assert_string_equal(c.err, "truncated");
	assert_int_equal(c.pos, 0);
}

static void a_window_cannot_be_left(void **state)
{
	static const uint8_t bytes[] = { 1, 2, 3, 4 };
	struct cursor c = cursor_of(bytes, sizeof(bytes));
	struct cursor sub = cursor_sub(&c, 2);

	(void)state;
	assert_int_equal(cursor_be16(&sub), 0x0102);
	assert_int_equal(cursor_u8(&sub), 0);
	assert_string_equal(sub.err, "truncated");
	assert_int_equal(cursor_u8(&c), 3);
	sub = cursor_sub(&c, 2);
	assert_string_equal(sub.err, "truncated");
	assert_string_equal(c.err, "truncated");
}

static void numbers_come_back_and_no_cut_one_is_read(void **state)
{
	static const uint64_t values[] = { 0, 1, 127, 128, 16383, 16384, UINT32_MAX, INT64_MAX,
		UINT64_MAX };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(values); i++) {
		struct buf b;
		struct cursor c;

		buf_init(&b, 64);
		buf_varint(&b, values[i]);
		c = cursor_of(b.bytes, b.len);
		assert_true(cursor_varint(&c) == values[i]);
		assert_int_equal(cursor_left(&c), 0);
		for (size_t n = 0; n < b.len; n++) {
			c = cursor_of(b.bytes, n);
			assert_int_equal(cursor_varint(&c), 0);
			assert_string_equal(c.err, "truncated");
		}
		buf_clear(&b);
		buf_zigzag(&b, (int64_t)values[i]);
		c = cursor_of(b.bytes, b.len);
		assert_true(cursor_zigzag(&c) == (int64_t)values[i]);
		buf_release(&b);
	}
}

static void a_number_ends_where_it_ends_whatever_follows(void **state)
{
	(void)state;
	for (unsigned bits = 0; bits < 64; bits++) {
		for (unsigned next = 0; next < 256; next += 15) {
			uint64_t value = (UINT64_C(0xb7e151628aed2a6b) | UINT64_C(1) << 63) >> bits;
			struct buf b;
			struct cursor c;
			size_t len;

			buf_init(&b, 64);
			buf_varint(&b, value);
			len = b.len;
			for (int i = 0; i < 9; i++)
				buf_u8(&b, (uint8_t)next);
			c = cursor_of(b.bytes, b.len);
			assert_true(cursor_varint(&c) == value);
			assert_int_equal(c.pos, len);
			buf_release(&b);
		}
	}
}

static void refuses_numbers_over_64_bits(void **state)
{
	static const uint8_t eleven[11] = { 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
		0x80, 1 };
	static const uint8_t bit_65[10] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0x02 };
	struct cursor c = cursor_of(eleven, sizeof(eleven));

	(void)state;
	assert_int_equal(cursor_varint(&c), 0);
	assert_string_equal(c.err, "number too long");
	c = cursor_of(bit_65, sizeof(bit_65));
	assert_int_equal(cursor_varint(&c), 0);
	assert_string_equal(c.err, "number too long");
}

static void cuts_at_a_stop_byte(void **state)
{
	struct cursor c = cursor_of("a\t\tbc", 5);
	size_t len;

	(void)state;
	assert_memory_equal(cursor_until(&c, '\t', &len), "a", 1);
	assert_int_equal(len, 1);
	assert_non_null(cursor_until(&c, '\t', &len));
	assert_int_equal(len, 0);
	assert_memory_equal(cursor_until(&c, '\t', &len), "bc", 2);
	assert_int_equal(len, 2);
	assert_null(cursor_until(&c, '\t', &len));
	assert_null(c.err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_both_byte_orders),
		cmocka_unit_test(the_first_failure_stays_and_reads_as_zero),
		cmocka_unit_test(a_window_cannot_be_left),
		cmocka_unit_test(numbers_come_back_and_no_cut_one_is_read),
		cmocka_unit_test(a_number_ends_where_it_ends_whatever_follows),
		cmocka_unit_test(refuses_numbers_over_64_bits),
		cmocka_unit_test(cuts_at_a_stop_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
