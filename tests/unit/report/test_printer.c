/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/printer.h"

#define ROOM (1 << 20)

static void assert_text(const struct buf *b, const char *want)
{
	assert_true(buf_ok(b));
	assert_int_equal(b->len, strlen(want));
	assert_memory_equal(b->bytes, want, b->len);
}

static void writes_nested_values_in_the_order_called(void **state)
{
	struct buf b;
	struct printer p;

	(void)state;
	buf_init(&b, ROOM);
	printer_init(&p, &b);
	printer_begin_map(&p);
	printer_map_key(&p, "z");
	printer_begin_list(&p);
	printer_uinteger(&p, UINT64_MAX);
	printer_integer(&p, INT64_MIN);
	printer_begin_map(&p);
	printer_end(&p);
	printer_boolean(&p, true);
	printer_null(&p);
	printer_string(&p, NULL);
	printer_end(&p);
	printer_map_key(&p, "a");
	printer_boolean(&p, false);
	printer_map_key(&p, "m");
	printer_begin_map(&p);
	printer_map_key(&p, "k");
	printer_string(&p, "v");
	printer_end(&p);
	printer_end(&p);
	printer_line(&p);
	printer_uinteger(&p, 1);
	printer_line(&p);
	assert_text(&b, "{\"z\":[18446744073709551615,-9223372036854775808,{},true,null,null],"
			"\"a\":false,\"m\":{\"k\":\"v\"}}\n1\n");
	buf_release(&b);
}

/* One string of one byte for each of the 256. */
static void keeps_every_byte_out_of_the_terminal_that_is_not_a_letter(void **state)
{
	(void)state;
	for (unsigned byte = 0; byte < 256; byte++) {
		uint8_t in = (uint8_t)byte;
		char want[16];
		struct buf b;
		struct printer p;

		buf_init(&b, ROOM);
		printer_init(&p, &b);
		printer_string_len(&p, &in, 1);
		if (byte >= 0x80)
			(void)snprintf(want, sizeof(want), "\"\\ufffd\"");
		else if (byte == '"' || byte == '\\')
			(void)snprintf(want, sizeof(want), "\"\\%c\"", (char)byte);
		else if (byte == '\n')
			(void)snprintf(want, sizeof(want), "\"\\n\"");
		else if (byte < 0x20 || byte == 0x7f)
			(void)snprintf(want, sizeof(want), "\"\\u%04x\"", byte);
		else
			(void)snprintf(want, sizeof(want), "\"%c\"", (char)byte);
		assert_text(&b, want);
		buf_release(&b);
	}
}

static void escapes_what_the_eye_cannot_see(void **state)
{
	static const struct {
		const char *in, *want;
	} cases[] = {
		{ "one\n\ntwo\t", "\"one\\n\\ntwo\\u0009\"" },
		{ "\x1b[31mred", "\"\\u001b[31mred\"" },
		{ "a\xe2\x80\xae"
		  "cba",
		    "\"a\\u202ecba\"" },                              /* override */
		{ "\xe2\x81\xa6\xe2\x81\xa9", "\"\\u2066\\u2069\"" }, /* isolates */
		{ "\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c", "\"\\u200e\\u200f\\u061c\"" },
		{ "\xc2\x9b"
		  "31m",
		    "\"\\u009b31m\"" },                       /* C1 CSI */
		{ "\xf3\xa0\x81\x81", "\"\\udb40\\udc41\"" }, /* tag letter */
		{ "\xe2\x80\xa8", "\"\\u2028\"" },
		{ "gr\xc3\xbc\xc3\x9f \xf0\x9f\x90\x98",
		    "\"gr\xc3\xbc\xc3\x9f \xf0\x9f\x90\x98\"" },
		{ "\xc0\xaf", "\"\\ufffd\\ufffd\"" },                       /* overlong */
		{ "\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\"" },            /* surrogate */
		{ "\xf4\x90\x80\x80", "\"\\ufffd\\ufffd\\ufffd\\ufffd\"" }, /* over 10ffff */
		{ "\xe2\x80", "\"\\ufffd\"" },                              /* cut short */
		{ "\xe2(\xa1", "\"\\ufffd(\\ufffd\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf b;
		struct printer p;

		buf_init(&b, ROOM);
		printer_init(&p, &b);
		printer_string(&p, cases[i].in);
		assert_text(&b, cases[i].want);
		buf_release(&b);
	}
}

static void prints_six_digits_or_null(void **state)
{
	static const struct {
		double in;
		const char *want;
	} cases[] = {
		{ 0.0, "0" },
		{ -0.0, "0" },
		{ 3.0, "3" },
		{ 3600.0, "3600" },
		{ 0.395, "0.395" },
		{ 1.2e-13, "1.2e-13" },
		{ -12.5, "-12.5" },
		{ 123456.0, "123456" },
		{ 1234567.0, "1.23457e6" },
		{ 999999.5, "1e6" },
		{ 0.0001, "0.0001" },
		{ 0.00001234567, "1.23457e-5" },
		{ 1.0 / 3, "0.333333" },
		{ 100.0, "100" },
		{ 412.5, "412.5" },
		{ DBL_MAX, "1.79769e308" },
		{ DBL_MIN, "2.22507e-308" },
		{ 4.9406564584124654e-324, "4.94066e-324" },
		{ 0.05, "0.05" },
		{ (double)NAN, "null" },
		{ (double)INFINITY, "null" },
		{ -(double)INFINITY, "null" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf b;
		struct printer p;

		buf_init(&b, ROOM);
		printer_init(&p, &b);
		printer_number(&p, cases[i].in);
		assert_text(&b, cases[i].want);
		buf_release(&b);
	}
}

static void prints_times_as_the_source_wrote_them(void **state)
{
	struct buf b;
	struct printer p;

	(void)state;
	buf_init(&b, ROOM);
	printer_init(&p, &b);
	printer_begin_list(&p);
	printer_time(&p, (struct stamp){ INT64_C(1462320000120525000), 6 });
	printer_time(&p, (struct stamp){ INT64_C(1462320000120525000), 0 });
	printer_epoch(&p, (struct stamp){ INT64_C(1462320000120525000), 6 });
	printer_end(&p);
	assert_text(
	    &b, "[\"2016-05-04T00:00:00.120525Z\",\"2016-05-04T00:00:00Z\",1462320000.120525]");
	buf_release(&b);
}

/* Wherever the memory ends, the loss is told and nothing is written past the end. */
static void tells_of_every_loss(void **state)
{
	(void)state;
	for (size_t max = 0; max < 64; max++) {
		struct buf b;
		struct printer p;

		buf_init(&b, max);
		printer_init(&p, &b);
		printer_begin_list(&p);
		printer_string(&p, "\x1b\xe2\x80\xae");
		printer_number(&p, 1.25);
		printer_uinteger(&p, 77);
		printer_end(&p);
		printer_line(&p);
		assert_true(b.len <= max);
		assert_int_equal(buf_ok(&b), max >= strlen("[\"\\u001b\\u202e\",1.25,77]\n"));
		buf_release(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_nested_values_in_the_order_called),
		cmocka_unit_test(keeps_every_byte_out_of_the_terminal_that_is_not_a_letter),
		cmocka_unit_test(escapes_what_the_eye_cannot_see),
		cmocka_unit_test(prints_six_digits_or_null),
		cmocka_unit_test(prints_times_as_the_source_wrote_them),
		cmocka_unit_test(tells_of_every_loss),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
