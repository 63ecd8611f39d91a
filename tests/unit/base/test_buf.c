/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"

static void keeps_what_is_put(void **state)
{
	static const uint8_t want[] = { 'a', 'b', 0x12, 0x34, 0xde, 0xad, 0xbe, 0xef, '4', '2' };
	struct buf b;

	(void)state;
	buf_init(&b, 1000);
	buf_text(&b, "ab");
	buf_be16(&b, 0x1234);
	buf_be32(&b, 0xdeadbeef);
	buf_printf(&b, "%d", 42);
	assert_true(buf_ok(&b));
	assert_int_equal(b.len, sizeof(want));
	assert_memory_equal(b.bytes, want, sizeof(want));
	buf_release(&b);
	assert_int_equal(b.len, 0);
}

static void a_write_over_the_maximum_fails_for_good(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 300);
	for (int i = 0; i < 300; i++)
		buf_u8(&b, 'x');
	assert_true(buf_ok(&b));
	buf_u8(&b, 'y');
	assert_false(buf_ok(&b));
	assert_int_equal(b.len, 300);
	buf_clear(&b);
	assert_true(buf_ok(&b));
	buf_u8(&b, 'z');
	assert_int_equal(b.bytes[0], 'z');
	buf_put(&b, b.bytes, SIZE_MAX);
	assert_false(buf_ok(&b));
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_what_is_put),
		cmocka_unit_test(a_write_over_the_maximum_fails_for_good),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
