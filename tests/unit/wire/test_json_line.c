/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "wire/json_line.h"

enum { SLOT_A, SLOT_B, SLOT_LONG, SLOTS };

static const struct json_key wanted[] = {
	{ "a", SLOT_A },
	{ "also.a", SLOT_A },
	{ "b", SLOT_B },
	{ "a_rather_long_key", SLOT_LONG },
};

static bool is_same(const struct json_value *a, const struct json_value *b)
{
	return a->kind == b->kind &&
	       (a->kind == JSON_ABSENT ||
		   (a->bytes == b->bytes && a->len == b->len && a->escaped == b->escaped));
}

/* An object read with the line around it is as if it was read alone. */
static void read_nested(const uint8_t *line, size_t len, unsigned slot, const char *why,
    const struct json_value values[static SLOTS])
{
	struct json_value outer[SLOTS];
	struct json_value inner[SLOTS];
	struct json_value alone[SLOTS];
	struct json_keys keys[3];

	for (size_t i = 0; i < COUNT_OF(keys); i++)
		json_keys_init(&keys[i], wanted, COUNT_OF(wanted), SLOTS);
	json_keys_nest(&keys[0], slot, &keys[1], inner);
	for (size_t i = 0; i < 2; i++) {
		struct cursor c = cursor_of(line, len);

		assert_int_equal(json_line_read(&keys[0], &c, outer), why == NULL);
		assert_ptr_equal(c.err, why);
		for (size_t n = 0; why == NULL && n < SLOTS; n++)
			assert_true(is_same(&outer[n], &values[n]));
		if (why != NULL || outer[slot].kind != JSON_OBJECT)
			continue;
		c = cursor_of(outer[slot].bytes, outer[slot].len);
		assert_true(json_line_read(&keys[2], &c, alone));
		for (size_t n = 0; n < SLOTS; n++)
			assert_true(is_same(&inner[n], &alone[n]));
	}
}

/* NULL, or why the line was refused. The line is in memory of its exact length. */
static const char *read_line(const char *text, size_t len, struct json_value values[static SLOTS])
{
	static uint8_t *line;
	const char *why[2];
	struct json_keys keys;
	struct json_value first[SLOTS];

	free(line);
	line = malloc(len == 0 ? 1 : len);
	memcpy(line, text, len);
	json_keys_init(&keys, wanted, COUNT_OF(wanted), SLOTS);
	/* the second time the keys are the ones expected, which changes nothing */
	for (size_t i = 0; i < 2; i++) {
		struct cursor c = cursor_of(line, len);

		const bool ok = json_line_read(&keys, &c, values);

		assert_int_equal(ok, c.err == NULL);
		why[i] = c.err;
		if (i == 0)
			memcpy(first, values, sizeof(first));
	}
	assert_ptr_equal(why[0], why[1]);
	for (size_t i = 0; why[0] == NULL && i < SLOTS; i++)
		assert_true(is_same(&first[i], &values[i]));
	for (unsigned slot = 0; slot < SLOTS; slot++)
		read_nested(line, len, slot, why[0], values);
	return why[0];
}

static void hands_out_typed_spans(void **state)
{
	static const char line[] = " { \"x\" : [1,{\"a\":2}], \"a\":\"text\" ,\"b\":-1.50e+3, "
				   "\"a_rather_long_key\":[ 1 , {} ] }\r";
	struct json_value v[SLOTS];

	(void)state;
	assert_null(read_line(line, sizeof(line) - 1, v));
	assert_int_equal(v[SLOT_A].kind, JSON_STRING);
	assert_int_equal(v[SLOT_A].len, 4);
	assert_memory_equal(v[SLOT_A].bytes, "text", 4);
	assert_int_equal(v[SLOT_B].kind, JSON_NUMBER);
	assert_memory_equal(v[SLOT_B].bytes, "-1.50e+3", 8);
	assert_int_equal(v[SLOT_LONG].kind, JSON_ARRAY);
	assert_int_equal(v[SLOT_LONG].len, 10);
}

static void knows_every_kind(void **state)
{
	static const struct {
		const char *line;
		enum json_kind kind;
	} cases[] = {
		{ "{\"b\":1}", JSON_ABSENT },
		{ "{\"a\":null}", JSON_NULL },
		{ "{\"a\":false}", JSON_FALSE },
		{ "{\"a\":true}", JSON_TRUE },
		{ "{\"a\":0}", JSON_NUMBER },
		{ "{\"a\":\"\"}", JSON_STRING },
		{ "{\"a\":[]}", JSON_ARRAY },
		{ "{\"a\":{}}", JSON_OBJECT },
		{ "{\"a\":{ } ,\"b\":{\"b\":1,\"a\":2}}", JSON_OBJECT },
		{ "{\"a\":{\"a\":1},\"b\":2,\"a\":{\"b\":3}}", JSON_OBJECT },
		{ "{\"a\":{\"a\":1},\"a\":2}", JSON_NUMBER },
		{ "{\"also.a\":1}", JSON_NUMBER },
		{ "{\"\\u0061\":true}", JSON_TRUE },
		{ "{\"a\":1,\"a\":\"last counts\"}", JSON_STRING },
		{ "{}", JSON_ABSENT },
	};
	struct json_value v[SLOTS];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_null(read_line(cases[i].line, strlen(cases[i].line), v));
		assert_int_equal(v[SLOT_A].kind, cases[i].kind);
	}
}

static void refuses_what_is_no_json(void **state)
{
	static const struct {
		const char *line;
		const char *why;
	} bad[] = {
		{ "", "not a JSON object" },
		{ "[1]", "not a JSON object" },
		{ "\xef\xbb\xbf{}", "not a JSON object" },
		{ "{", "cut JSON" },
		{ "{\"a\":1", "cut JSON" },
		{ "{\"a", "cut JSON" },
		{ "{\"a\":tru", "cut JSON" },
		{ "{\"a\":1}}", "bytes behind the JSON object" },
		{ "{\"a\":1} {\"a\":2}", "bytes behind the JSON object" },
		{ "{\"a\":1,}", "bad JSON" },
		{ "{,\"a\":1}", "bad JSON" },
		{ "{\"a\" 1}", "bad JSON" },
		{ "{a:1}", "bad JSON" },
		{ "{\"a\":1;\"b\":2}", "bad JSON" },
		{ "{\"a\":[1,]}", "bad JSON value" },
		{ "{\"a\":[1}}", "bad JSON" },
		{ "{\"a\":{\"b\"}}", "bad JSON" },
		{ "{\"a\":{\"b\":1]}", "bad JSON" },
		{ "{\"a\":{\"b\":1,}}", "bad JSON" },
		{ "{\"c\":{\"b\":1\"c\":2}}", "bad JSON" },
		{ "{\"a\":{\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff}}",
		    "bad JSON" },
		{ "{\"a\":{\"b\":{\"b\":1}}", "cut JSON" },
		{ "{\"a\":{\"b\":1}}}", "bytes behind the JSON object" },
		{ "{\"a\":'x'}", "bad JSON value" },
		{ "{\"a\":TRUE}", "bad JSON value" },
		{ "{\"a\":nul1}", "bad JSON value" },
		{ "{\"a\":+1}", "bad JSON value" },
		{ "{\"a\":.5}", "bad JSON value" },
		{ "{\"a\":NaN}", "bad JSON value" },
		{ "{\"a\":01}", "bad JSON" },
		{ "{\"a\":1.}", "bad JSON number" },
		{ "{\"a\":-}", "bad JSON number" },
		{ "{\"a\":1e}", "bad JSON number" },
		{ "{\"a\":1e+}", "bad JSON number" },
		{ "{\"a\":\"\t\"}", "control character in JSON" },
		{ "{\"a\":\"\\x41\"}", "bad JSON escape" },
		{ "{\"a\":\"\\u12g4\"}", "bad JSON escape" },
		{ "{\"a\":\"\\ud800\"}", "bad JSON escape" },
		{ "{\"a\":\"\\udc00\"}", "bad JSON escape" },
		{ "{\"a\":\"\\ud800\\u0041\"}", "bad JSON escape" },
		{ "{\"a\":\"\xc0\xaf\"}", "bad UTF-8 in JSON" },         /* overlong */
		{ "{\"a\":\"\xe0\x80\xaf\"}", "bad UTF-8 in JSON" },     /* overlong */
		{ "{\"a\":\"\xed\xa0\x80\"}", "bad UTF-8 in JSON" },     /* surrogate */
		{ "{\"a\":\"\xf4\x90\x80\x80\"}", "bad UTF-8 in JSON" }, /* above U+10FFFF */
		{ "{\"a\":\"\x80\"}", "bad UTF-8 in JSON" },
		{ "{\"a\":\"\xe2\x82\"}", "bad UTF-8 in JSON" },
	};
	struct json_value v[SLOTS];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		const char *why = read_line(bad[i].line, strlen(bad[i].line), v);

		assert_non_null(why);
		assert_string_equal(why, bad[i].why);
	}
	assert_string_equal(read_line("{\0\"a\":1}", 8, v), "bad JSON");
	assert_string_equal(read_line("{\"a\":\"\0\"}", 9, v), "control character in JSON");
}

/* The object itself counts: LIMIT_JSON_DEPTH - 1 arrays fit, one more does not. */
static void depth_is_bounded(void **state)
{
	char line[2 * LIMIT_JSON_DEPTH + 16];
	struct json_value v[SLOTS];

	(void)state;
	for (int depth = LIMIT_JSON_DEPTH - 1; depth <= LIMIT_JSON_DEPTH; depth++) {
		char arrays[2 * LIMIT_JSON_DEPTH + 1] = "";
		const char *why;

		memset(arrays, '[', (size_t)depth);
		memset(arrays + depth, ']', (size_t)depth);
		arrays[2 * depth] = '\0';
		(void)snprintf(line, sizeof(line), "{\"a\":%s}", arrays);
		why = read_line(line, strlen(line), v);
		if (depth < LIMIT_JSON_DEPTH)
			assert_null(why);
		else
			assert_string_equal(why, "JSON nested too deeply");
	}
}

static void mixed_nesting_keeps_its_brackets(void **state)
{
	static const char good[] =
	    "{\"a\":[{\"x\":[[],{},{\"y\":{}}]},[1,[2]]],\"b\":{\"z\":[{}],\"b\":{ }} }";
	struct json_value v[SLOTS];

	(void)state;
	assert_null(read_line(good, sizeof(good) - 1, v));
	assert_int_equal(v[SLOT_B].kind, JSON_OBJECT);
	assert_string_equal(read_line("{\"a\":[{\"x\":[}]}]}", 17, v), "bad JSON value");
}

/* No prefix of an object is one. */
static void every_truncation_is_refused(void **state)
{
	static const char line[] =
	    "{\"ts\":1.5e3,\"a\":\"\\u20ac\xe2\x82\xac\\ud83d\\ude00\\n\",\"b\":[true,"
	    "{\"c\":null}],\"d\":false}";
	struct json_value v[SLOTS];

	(void)state;
	assert_null(read_line(line, sizeof(line) - 1, v));
	for (size_t len = 0; len < sizeof(line) - 1; len++)
		assert_non_null(read_line(line, len, v));
}

static void decodes_escapes(void **state)
{
	static const char line[] =
	    "{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\u20AC\\ud83D\\uDe00\"}";
	static const char text[] = "\"\\/\b\f\n\r\tA\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80";
	struct json_value v[SLOTS];
	const uint8_t *got = NULL;
	uint8_t room[64];
	size_t len;

	(void)state;
	assert_null(read_line(line, sizeof(line) - 1, v));
	assert_true(v[SLOT_A].escaped);
	assert_true(json_text(&v[SLOT_A], room, sizeof(room), &got, &len));
	assert_int_equal(len, sizeof(text) - 1);
	assert_memory_equal(got, text, len);
	for (size_t max = 0; max < sizeof(text) - 1; max++)
		assert_false(json_text(&v[SLOT_A], room, max, &got, &len));
}

static void walks_an_array(void **state)
{
	static const char line[] = "{\"a\":[ 1 ,\"x\",[2,3], {\"k\":4} ,null],\"b\":[]}";
	static const enum json_kind kinds[] = { JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT,
		JSON_NULL };
	struct json_value v[SLOTS];
	struct json_value element;
	struct cursor array;

	(void)state;
	assert_null(read_line(line, sizeof(line) - 1, v));
	array = json_array_open(&v[SLOT_A]);
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		assert_true(json_array_next(&array, &element));
		assert_int_equal(element.kind, kinds[i]);
	}
	assert_false(json_array_next(&array, &element));
	array = json_array_open(&v[SLOT_B]);
	assert_false(json_array_next(&array, &element));
	array = json_array_open(&v[SLOT_LONG]); /* absent */
	assert_false(json_array_next(&array, &element));
}

/* Objects of an array are read where they stand, and what else there is as by json_array_next(). */
static void reads_objects_of_an_array(void **state)
{
	static const char line[] =
	    "{\"a\":[ {\"a\":1,\"b\":[{}]} ,{},7,{ \"b\" : \"x\" },[{\"a\":1}]]}";
	static const enum json_kind kinds[] = { JSON_OBJECT, JSON_OBJECT, JSON_NUMBER, JSON_OBJECT,
		JSON_ARRAY };
	static const enum json_kind b_kinds[] = { JSON_ARRAY, JSON_ABSENT, JSON_ABSENT, JSON_STRING,
		JSON_ABSENT };
	struct json_value v[SLOTS], element, same;
	struct json_value inner[SLOTS];
	struct cursor array, plain;
	struct json_keys keys;

	(void)state;
	json_keys_init(&keys, wanted, COUNT_OF(wanted), SLOTS);
	assert_null(read_line(line, sizeof(line) - 1, v));
	array = json_array_open(&v[SLOT_A]);
	plain = json_array_open(&v[SLOT_A]);
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		assert_true(json_array_next_object(&array, &keys, inner, &element));
		assert_true(json_array_next(&plain, &same));
		assert_true(is_same(&element, &same));
		assert_int_equal(element.kind, kinds[i]);
		if (element.kind == JSON_OBJECT)
			assert_int_equal(inner[SLOT_B].kind, b_kinds[i]);
	}
	assert_false(json_array_next_object(&array, &keys, inner, &element));
}

/* A special byte at each place of a word of eight, behind each number of plain ones. */
static void finds_the_end_of_strings_at_every_offset(void **state)
{
	struct json_value v[SLOTS];

	(void)state;
	for (int before = 0; before < 20; before++) {
		for (int after = 0; after < 20; after++) {
			char line[128];
			int len = snprintf(line, sizeof(line), "{\"b\":1,\"a\":\"%.*s\\\\%.*s\"}",
			    before, "!#[]^~\x7f xyz0123456789", after, "!#[]^~\x7f xyz0123456789");

			assert_null(read_line(line, (size_t)len, v));
			assert_int_equal(v[SLOT_A].len, before + 2 + after);
			line[12 + before] = '\x1f';
			assert_string_equal(
			    read_line(line, (size_t)len, v), "control character in JSON");
		}
	}
}

/* Keys left out, in another order, written otherwise, with other values: all is as if read alone. */
static void what_was_expected_decides_nothing(void **state)
{
	static const char *const lines[] = {
		"{\"x\":\"one more of it\",\"a\":\"text that is "
		"long\",\"b\":12345678,\"z\":[1,\"two\"],\"y\":false}",
		"{\"x\":\"one more of it\",\"b\":1.25,\"y\":true}",
		"{\"a\":\"text\\n\",\"b\":-1e-5,\"x\":null,\"z\":[],\"y\":false}",
		"{\"y\":false,\"b\":[\"one\",2,true],\"a\":{\"b\":3},\"x\":\"\"}",
		"{ \"x\" : \"one more of it\" , \"a\" : \"text\", \"b\": 0 , \"z\":[1], "
		"\"y\":false }",
		"{\"a_rather_long_key\":[1,2],\"a\":7,\"also.a\":8,\"b\":01,\"y\":false}",
		"{\"x\":\"one more of it\",\"a\":\"text\",\"b\":1234567,\"z\":[1,[2]],\"y\":falsx}",
		"{\"b\":1,\"b\":2,\"a\":3,\"b\":4,\"x\":\"some words behind\"}",
		"{\"x\":\"one more of it\",\"a\":\"text\",\"b\":[\"a\",\"b\"}],\"y\":false}",
	};
	struct json_value alone[SLOTS];
	struct json_value v[SLOTS];
	struct json_keys keys;
	struct json_keys fresh;

	(void)state;
	json_keys_init(&keys, wanted, COUNT_OF(wanted), SLOTS);
	for (size_t i = 0; i < COUNT_OF(lines) * COUNT_OF(lines); i++) {
		/* each behind each */
		for (size_t k = 0; k < 2; k++) {
			const char *line =
			    lines[k == 0 ? i / COUNT_OF(lines) : i % COUNT_OF(lines)];
			struct cursor c = cursor_of(line, strlen(line));
			struct cursor d = c;

			json_keys_init(&fresh, wanted, COUNT_OF(wanted), SLOTS);
			assert_int_equal(
			    json_line_read(&keys, &c, v), json_line_read(&fresh, &d, alone));
			assert_ptr_equal(c.err, d.err);
			for (size_t s = 0; c.err == NULL && s < SLOTS; s++)
				assert_true(is_same(&v[s], &alone[s]));
		}
	}
}

/* More keys than are remembered, and longer ones, cost time and nothing else. */
static void more_keys_than_can_be_expected(void **state)
{
	static char line[16384];
	struct json_value v[SLOTS];
	size_t len = 1;

	(void)state;
	line[0] = '{';
	for (int i = 0; i < 4 * JSON_ORDER_MAX; i++)
		len += (size_t)snprintf(line + len, sizeof(line) - len, "\"key%d%.*s\":%d,", i,
		    i % 20, "abcdefghijklmnopqrstuvwxyz", i);
	len += (size_t)snprintf(line + len, sizeof(line) - len, "\"b\":42}");
	assert_null(read_line(line, len, v));
	assert_int_equal(v[SLOT_B].kind, JSON_NUMBER);
	assert_memory_equal(v[SLOT_B].bytes, "42", 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hands_out_typed_spans),
		cmocka_unit_test(knows_every_kind),
		cmocka_unit_test(refuses_what_is_no_json),
		cmocka_unit_test(depth_is_bounded),
		cmocka_unit_test(mixed_nesting_keeps_its_brackets),
		cmocka_unit_test(every_truncation_is_refused),
		cmocka_unit_test(decodes_escapes),
		cmocka_unit_test(walks_an_array),
		cmocka_unit_test(reads_objects_of_an_array),
		cmocka_unit_test(finds_the_end_of_strings_at_every_offset),
		cmocka_unit_test(what_was_expected_decides_nothing),
		cmocka_unit_test(more_keys_than_can_be_expected),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
