/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "wire/dns_name.h"

static const uint8_t compressed[] = {
	3, 'c', 'o', 'm', 0,                  /*  0: com.                          */
	3, 'W', 'w', 'W',                     /*  5: WwW, in capitals              */
	7, 'e', 'X', 'a', '-', '@', '[', 'Z', /* 9: ASCII around letters */
	0xc0, 0x00,                           /* 17: pointer back to offset 0      */
	0xff,                                 /* 19: what follows                  */
};

static void assert_name(const struct dns_name *n, const char *bytes, size_t len)
{
	assert_int_equal(n->len, len);
	assert_memory_equal(n->bytes, bytes, len);
}

static void follows_a_pointer_and_stops_behind_it(void **state)
{
	struct cursor c = cursor_of(compressed, sizeof(compressed));
	struct dns_name name;

	(void)state;
	cursor_skip(&c, 5);
	assert_true(dns_name_read(&c, &name));
	assert_name(&name, "\3www\7exa-@[z\3com", 17);
	assert_int_equal(c.pos, 19);
}

static void skips_to_where_it_reads_to(void **state)
{
	struct cursor c = cursor_of(compressed, sizeof(compressed));

	(void)state;
	assert_true(dns_name_skip(&c));
	assert_int_equal(c.pos, 5);
	assert_true(dns_name_skip(&c));
	assert_int_equal(c.pos, 19);
}

static void refuses_every_truncation(void **state)
{
	struct dns_name name;

	(void)state;
	for (size_t n = 5; n < 19; n++) {
		/* its own block, so that a sanitizer sees one octet too far */
		uint8_t *copy = malloc(n);
		struct cursor c = cursor_of(copy, n), s;

		memcpy(copy, compressed, n);
		cursor_skip(&c, 5);
		s = c;
		assert_false(dns_name_read(&c, &name));
		assert_string_equal(c.err, "truncated");
		assert_false(dns_name_skip(&s));
		assert_string_equal(s.err, "truncated");
		free(copy);
	}
}

static void refuses_pointers_that_do_not_lead_back(void **state)
{
	static const struct {
		uint8_t bytes[8];
		size_t len;
		size_t at;
	} bad[] = {
		{ { 0xc0, 0x00 }, 2, 0 },                     /* to itself            */
		{ { 1, 'a', 0xc0, 0x00 }, 4, 0 },             /* to its own run       */
		{ { 1, 'a', 0xc0, 0x02 }, 4, 0 },             /* to the pointer       */
		{ { 0xc0, 0x02, 1, 'a', 0 }, 5, 0 },          /* forward              */
		{ { 1, 'a', 0xc0, 0x04, 0xc0, 0x00 }, 6, 4 }, /* back, then forward   */
		{ { 0xc0, 0x02, 0xc0, 0x00 }, 4, 2 },         /* two, at each other   */
	};
	struct dns_name name;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct cursor c = cursor_of(bad[i].bytes, bad[i].len);

		cursor_skip(&c, bad[i].at);
		assert_false(dns_name_read(&c, &name));
		assert_string_equal(c.err, "compression pointer does not lead back");
	}
}

static void refuses_label_kinds_that_are_not_in_use(void **state)
{
	static const uint8_t kinds[] = { 0x40, 0x7f, 0x80, 0xbf };
	struct dns_name name;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		const uint8_t bytes[] = { 1, 'a', kinds[i], 0, 0 };
		struct cursor c = cursor_of(bytes, sizeof(bytes)), s = c;

		assert_false(dns_name_read(&c, &name));
		assert_string_equal(c.err, "unknown kind of label");
		assert_false(dns_name_skip(&s));
		assert_string_equal(s.err, "unknown kind of label");
	}
}

/* count labels of one octet, then the root */
static size_t put_short_labels(uint8_t *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		bytes[2 * i] = 1;
		bytes[2 * i + 1] = 'x';
	}
	bytes[2 * count] = 0;
	return 2 * count + 1;
}

static void holds_255_octets_and_no_more(void **state)
{
	uint8_t bytes[300];
	struct dns_name name;
	struct cursor c;
	size_t len;

	(void)state;
	len = put_short_labels(bytes, 127);
	assert_int_equal(len, 255);
	c = cursor_of(bytes, len);
	assert_true(dns_name_read(&c, &name));
	assert_int_equal(name.len, 255);
	len = put_short_labels(bytes, 128);
	c = cursor_of(bytes, len);
	assert_false(dns_name_read(&c, &name));
	assert_string_equal(c.err, "name longer than 255 octets");
	/* the same across a pointer: 2 + 254 + 1 */
	memmove(bytes + 10, bytes, put_short_labels(bytes, 127));
	memcpy(bytes + 265, "\2ab\xc0\x0a", 5);
	c = cursor_of(bytes, 270);
	cursor_skip(&c, 265);
	assert_false(dns_name_read(&c, &name));
	assert_string_equal(c.err, "name longer than 255 octets");
}

static void gives_up_long_chains_of_pointers(void **state)
{
	uint8_t bytes[1024] = { 1, 'a', 0 };
	struct dns_name name;
	struct cursor c;

	(void)state;
	/* each pointer leads to the one before */
	for (size_t i = 0; i < 200; i++) {
		size_t to = i == 0 ? 0 : 3 + 2 * (i - 1);

		bytes[3 + 2 * i] = (uint8_t)(0xc0 | to >> 8);
		bytes[4 + 2 * i] = (uint8_t)to;
	}
	c = cursor_of(bytes, sizeof(bytes));
	cursor_skip(&c, 3 + 2 * 126);
	assert_true(dns_name_read(&c, &name));
	assert_name(&name, "\1a", 3);
	c = cursor_of(bytes, sizeof(bytes));
	cursor_skip(&c, 3 + 2 * 127);
	assert_false(dns_name_read(&c, &name));
	assert_string_equal(c.err, "too many compression pointers");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(follows_a_pointer_and_stops_behind_it),
		cmocka_unit_test(skips_to_where_it_reads_to),
		cmocka_unit_test(refuses_every_truncation),
		cmocka_unit_test(refuses_pointers_that_do_not_lead_back),
		cmocka_unit_test(refuses_label_kinds_that_are_not_in_use),
		cmocka_unit_test(holds_255_octets_and_no_more),
		cmocka_unit_test(gives_up_long_chains_of_pointers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
