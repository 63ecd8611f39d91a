/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/philox.h"
#include "contact/endpoint.h"

static struct endpoint name(const char *text)
{
	struct endpoint e;

	assert_true(endpoint_from_name(&e, text, strlen(text)));
	return e;
}

static void formats_what_it_reads(void **state)
{
	static const struct {
		const char *in;
		const char *out;
	} cases[] = {
		{ "www.Example.COM", "www.example.com" },
		{ "www.example.com.", "www.example.com" },
		{ ".", "." },
		{ "a\\.b.c", "a\\.b.c" },
		{ "a\\\\b", "a\\092b" },
		{ "a b.c", "a\\032b.c" },
		{ "a\\x1bb.c", "a\\027b.c" },
		{ "\\065\\B.c", "ab.c" },
		{ "\\xzz", "xzz" },
		{ "\\255.de", "\\255.de" },
		{ "192.0.2.1", "192.0.2.1" },
		{ "2001:DB8:0:0:0::1", "2001:db8::1" },
		{ "192.0.2.1.", "192.0.2.1" },
		{ "256.0.2.1", "256.0.2.1" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct endpoint e;
		char text[ENDPOINT_TEXT_MAX];

		assert_true(endpoint_parse(&e, cases[i].in, strlen(cases[i].in)));
		assert_int_equal(endpoint_format(&e, text), strlen(cases[i].out));
		assert_string_equal(text, cases[i].out);
	}
}

static void keeps_names_and_addresses_apart(void **state)
{
	struct endpoint e;

	(void)state;
	assert_true(endpoint_parse(&e, "192.0.2.1", 9));
	assert_int_equal(e.form, ENDPOINT_V4);
	assert_int_equal(e.len, 4);
	assert_true(endpoint_parse(&e, "192.0.2.1.", 10));
	assert_int_equal(e.form, ENDPOINT_NAME);
	assert_true(endpoint_parse(&e, "::", 2));
	assert_int_equal(e.form, ENDPOINT_V6);
}

static void refuses_what_is_no_name(void **state)
{
	static const char *const bad[] = { "", "..", ".a", "a..b", "a..", "a\\", "a\\25", "a\\256",
		"a\\2b4", "a.b\\" };
	struct endpoint e = { .form = ENDPOINT_V4 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_false(endpoint_from_name(&e, bad[i], strlen(bad[i])));
	assert_int_equal(e.form, ENDPOINT_V4);
}

/* 63 + 63 + 63 + last, with dots: last 61 makes 255 octets in wire form */
static size_t long_name(char *text, size_t last)
{
	size_t len = 0;

	for (int i = 0; i < 3; i++) {
		memset(text + len, 'x', 63);
		text[len + 63] = '.';
		len += 64;
	}
	memset(text + len, 'y', last);
	return len + last;
}

static void holds_names_to_their_limits(void **state)
{
	char text[300];
	struct endpoint e;
	size_t len = long_name(text, 61);

	(void)state;
	assert_true(endpoint_from_name(&e, text, len));
	assert_int_equal(e.len, 255);
	text[len] = '.';
	assert_true(endpoint_from_name(&e, text, len + 1));
	assert_int_equal(e.len, 255);
	assert_false(endpoint_from_name(&e, text, long_name(text, 62)));
	memset(text, 'x', 64);
	assert_true(endpoint_from_name(&e, text, 63));
	assert_false(endpoint_from_name(&e, text, 64));
	for (size_t i = 0; i < 128; i++)
		memcpy(text + 2 * i, "a.", 2);
	assert_true(endpoint_from_name(&e, text, 2 * 127));
	assert_int_equal(e.len, 255);
	assert_false(endpoint_from_name(&e, text, 2 * 128));
}

static void reads_exactly_one_wire_name(void **state)
{
	static const uint8_t wire[] = {
		3, 'W', 'w', 'W', /*  0: www     */
		2, 'D', 'E',      /*  4: de      */
		0,                /*  7: root    */
		0,                /*  8: too far */
	};
	struct endpoint e = { .form = ENDPOINT_NONE };
	char text[ENDPOINT_TEXT_MAX];

	(void)state;
	for (size_t n = 0; n <= sizeof(wire); n++) {
		uint8_t *copy =
		    malloc(n + 1); /* its own block, so that ASan sees one byte too far */
		bool whole = n == 8;

		assert_non_null(copy);
		memcpy(copy, wire, n);
		assert_int_equal(endpoint_from_wire(&e, copy, n), whole);
		assert_int_equal(e.form, n >= 8 ? ENDPOINT_NAME : ENDPOINT_NONE);
		free(copy);
	}
	endpoint_format(&e, text);
	assert_string_equal(text, "www.de");
	assert_true(endpoint_from_wire(&e, wire + 7, 1));
	endpoint_format(&e, text);
	assert_string_equal(text, ".");
}

static void refuses_pointers_and_long_labels_in_wire_form(void **state)
{
	static const uint8_t pointer[] = { 1, 'a', 0xc0, 0x00 };
	uint8_t wire[257];
	struct endpoint e;

	(void)state;
	assert_false(endpoint_from_wire(&e, pointer, sizeof(pointer)));
	memset(wire, 'a', sizeof(wire));
	wire[0] = 64;
	wire[65] = 0;
	assert_false(endpoint_from_wire(&e, wire, 66));
	for (size_t i = 0; i < 256; i += 2)
		wire[i] = 1;
	wire[254] = 0;
	assert_true(endpoint_from_wire(&e, wire, 255));
	wire[254] = 1;
	wire[256] = 0;
	assert_false(endpoint_from_wire(&e, wire, 257));
}

static void writes_the_longest_text_within_its_bound(void **state)
{
	char text[ENDPOINT_TEXT_MAX];
	char raw[300];
	struct endpoint e;
	size_t len = long_name(raw, 61);

	(void)state;
	for (size_t i = 0; i < len; i++)
		if (raw[i] != '.')
			raw[i] = (char)0xff;
	assert_true(endpoint_from_name(&e, raw, len));
	assert_int_equal(endpoint_format(&e, text), 4 * 250 + 3);
	assert_int_equal(strlen(text), 4 * 250 + 3);
}

static void orders_by_label_from_the_root(void **state)
{
	/* "192.0.2.1." is a name whose top label is "1" */
	static const char *const order[] = { ".", "192.0.2.1.", "com", "a.com", "z.a.com", "ab.com",
		"b.com", "\\000.b.com", "\\001.b.com", "net", "10.0.0.1", "192.0.2.1",
		"::", "ff::" };
	struct endpoint e[COUNT_OF(order)];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(order); i++)
		assert_true(endpoint_parse(&e[i], order[i], strlen(order[i])));
	for (size_t i = 0; i < COUNT_OF(order); i++)
		for (size_t j = 0; j < COUNT_OF(order); j++) {
			int got = endpoint_cmp(&e[i], &e[j]);

			assert_int_equal((got > 0) - (got < 0), (i > j) - (i < j));
		}
}

static void takes_addresses(void **state)
{
	struct addr a = { .len = 4, .bytes = { 192, 0, 2, 7 } };
	struct endpoint e = name("x");
	char text[ENDPOINT_TEXT_MAX];

	(void)state;
	endpoint_from_addr(&e, &a);
	endpoint_format(&e, text);
	assert_string_equal(text, "192.0.2.7");
	a.len = 0;
	endpoint_from_addr(&e, &a);
	endpoint_format(&e, text);
	assert_int_equal(e.form, ENDPOINT_NONE);
	assert_string_equal(text, "-");
}

/* A name is the same with its octets as they are, by words, and all escaped, one by one. */
static void plain_and_escaped_names_are_the_same(void **state)
{
	static const char alphabet[] = "aZ@[`{z09-_.\x01\x7f\x80\xff";
	struct philox p;

	(void)state;
	philox_init(&p, 1, 0, 0);
	for (int turn = 0; turn < 100000; turn++) {
		char plain[300];
		char escaped[1200];
		struct endpoint a = { .form = ENDPOINT_NONE };
		struct endpoint b = { .form = ENDPOINT_NONE };
		size_t len = philox_below(&p, turn % 2 == 0 ? 24 : 290);
		size_t out = 0;
		/* few dots or many: labels that are too long, and empty ones */
		unsigned dots = 2 + philox_below(&p, 60);

		for (size_t i = 0; i < len; i++) {
			plain[i] = philox_below(&p, dots) == 0
				       ? '.'
				       : alphabet[philox_below(&p, sizeof(alphabet) - 1)];
			if (plain[i] == '.')
				escaped[out++] = '.';
			else
				out += (size_t)sprintf(&escaped[out], "\\%03u", (uint8_t)plain[i]);
		}
		assert_int_equal(
		    endpoint_from_name(&a, plain, len), endpoint_from_name(&b, escaped, out));
		assert_int_equal(a.form, b.form);
		assert_int_equal(a.len, b.len);
		assert_memory_equal(a.bytes, b.bytes, a.len);
	}
}

static void none_is_none_whatever_is_left_in_it(void **state)
{
	const struct endpoint a = { .form = ENDPOINT_NONE, .len = 2, .bytes = { 1, 2 } };
	const struct endpoint b = { .form = ENDPOINT_NONE, .len = 4, .bytes = { 9 } };

	(void)state;
	assert_int_equal(endpoint_cmp(&a, &b), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formats_what_it_reads),
		cmocka_unit_test(keeps_names_and_addresses_apart),
		cmocka_unit_test(refuses_what_is_no_name),
		cmocka_unit_test(holds_names_to_their_limits),
		cmocka_unit_test(reads_exactly_one_wire_name),
		cmocka_unit_test(refuses_pointers_and_long_labels_in_wire_form),
		cmocka_unit_test(writes_the_longest_text_within_its_bound),
		cmocka_unit_test(orders_by_label_from_the_root),
		cmocka_unit_test(takes_addresses),
		cmocka_unit_test(plain_and_escaped_names_are_the_same),
		cmocka_unit_test(none_is_none_whatever_is_left_in_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
