/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/attr.h"
#include "wire/protobuf.h"

static const uint8_t message[] = {
	0x08, 0x96, 0x01,                   /*  0: 1, varint 150                     */
	0x11, 8, 7, 6, 5, 4, 3, 2, 1,       /*  3: 2, fixed64                        */
	0x1a, 3, 'a', 'b', 'c',             /* 12: 3, three bytes                    */
	0x25, 4, 3, 2, 1,                   /* 17: 4, fixed32                        */
	0x2a, 0,                            /* 22: 5, no bytes                       */
	0xf8, 0xff, 0xff, 0xff, 0x0f, 0x01, /* 24: the largest number, varint 1      */
};

static void reads_every_wire_form(void **state)
{
	struct cursor c = cursor_of(message, sizeof(message));
	struct protobuf_field f;

	(void)state;
	assert_true(protobuf_next(&c, &f));
	assert_int_equal(f.number, 1);
	assert_int_equal(f.wire, PROTOBUF_VARINT);
	assert_int_equal(f.value, 150);
	assert_null(f.bytes);
	assert_true(protobuf_next(&c, &f));
	assert_int_equal(f.wire, PROTOBUF_FIXED64);
	assert_int_equal(f.value, 0x0102030405060708);
	assert_true(protobuf_next(&c, &f));
	assert_int_equal(f.number, 3);
	assert_int_equal(f.wire, PROTOBUF_BYTES);
	assert_int_equal(f.len, 3);
	assert_memory_equal(f.bytes, "abc", 3);
	assert_true(protobuf_next(&c, &f));
	assert_int_equal(f.wire, PROTOBUF_FIXED32);
	assert_int_equal(f.value, 0x01020304);
	assert_true(protobuf_next(&c, &f));
	assert_int_equal(f.len, 0);
	assert_true(protobuf_next(&c, &f));
	assert_int_equal(f.number, 0x1fffffff);
	assert_int_equal(f.value, 1);
	assert_false(protobuf_next(&c, &f));
	assert_null(c.err);
}

/* Each cut ends cleanly between two fields, and with a reason within one. */
static void ends_at_every_cut(void **state)
{
	static const size_t ends[] = { 0, 3, 12, 17, 22, 24 };
	struct protobuf_field f;

	(void)state;
	for (size_t cut = 0; cut < sizeof(message); cut++) {
		struct cursor c = cursor_of(message, cut);
		bool is_between = false;

		while (protobuf_next(&c, &f))
			assert_true(c.pos <= cut);
		for (size_t i = 0; i < COUNT_OF(ends); i++)
			is_between = is_between || ends[i] == cut;
		assert_int_equal(c.err == NULL, is_between);
	}
}

static void refuses_what_no_writer_makes(void **state)
{
	static const struct {
		uint8_t bytes[12];
		size_t len;
	} bad[] = {
		{ { 0x00, 1 }, 2 },    /* number 0 */
		{ { 0x0b, 0x0c }, 2 }, /* a group begins */
		{ { 0x0e, 1 }, 2 },    /* wire form 6 */
		{ { 0x0f, 1 }, 2 },    /* wire form 7 */
		{ { 0x0a, 2, 1 }, 3 }, /* longer than the message */
		{ { 0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 0 }, 12 },
		{ { 0xf8, 0xff, 0xff, 0xff, 0x1f, 1 }, 6 }, /* number over 29 bits */
	};
	struct protobuf_field f;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct cursor c = cursor_of(bad[i].bytes, bad[i].len);

		assert_false(protobuf_next(&c, &f));
		assert_non_null(c.err);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_wire_form),
		cmocka_unit_test(ends_at_every_cut),
		cmocka_unit_test(refuses_what_no_writer_makes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
