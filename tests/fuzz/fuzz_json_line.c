/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * wire/json_line against jansson: both take the same inputs and see the same values. The
 * differences that are allowed:
 *   - more than LIMIT_JSON_DEPTH containers inside each other: we refuse, jansson does at 2048;
 *   - a number that overflows a double ("1e999"): jansson refuses; it is a number in RFC 8259;
 *   - an escaped NUL in a key ("\u0000"): jansson refuses, as its keys are C strings.
 *   - a raw NUL: it has no place in JSON, but jansson 2.14 steps over one that follows a token.
 * Where jansson refuses for such a reason it says nothing about the rest. Only objects are compared: a
 * top-level array is no line of a log. Of duplicate keys both keep the last.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "json_oracle.h"
#include "wire/json_line.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static const struct json_key wanted[] = {
	{ "a", 0 },
	{ "ts", 1 },
	{ "id.orig_h", 2 },
	{ "query", 3 },
	{ "answers", 4 },
	{ "b", 5 },
};

static void must(bool ok)
{
	if (!ok)
		abort();
}

static char letter_of(enum json_kind kind)
{
	return "-nft0\"[{"[kind];
}

static void compare_number(const struct json_value *v, const struct json_oracle *o)
{
	char *text = strndup((const char *)v->bytes, v->len);

	must(text != NULL && strtod(text, NULL) == json_oracle_number(o));
	free(text);
}

static void compare_text(const struct json_value *v, const struct json_oracle *o)
{
	uint8_t *room = malloc(v->len + 1);
	const uint8_t *text = NULL;
	size_t want_len;
	const char *want = json_oracle_text(o, &want_len);
	size_t len = 0;

	/* no escape is shorter than what it stands for */
	must(room != NULL && json_text(v, room, v->len, &text, &len));
	must(len == want_len && memcmp(text, want, len) == 0);
	if (v->escaped && len > 0)
		must(!json_text(v, room, len - 1, &text, &len));
	free(room);
}

static void compare_value(const struct json_value *v, const struct json_oracle *o)
{
	must((v->kind == JSON_ABSENT) == (o == NULL));
	if (o == NULL)
		return;
	must(letter_of(v->kind) == json_oracle_kind(o));
	if (v->kind == JSON_NUMBER)
		compare_number(v, o);
	if (v->kind == JSON_STRING)
		compare_text(v, o);
}

static void compare_array(const struct json_value *v, const struct json_oracle *o)
{
	struct cursor array = json_array_open(v);
	struct json_value element;
	size_t count = 0;

	while (json_array_next(&array, &element))
		compare_value(&element, json_oracle_at(o, count++));
	must(array.err == NULL && count == json_oracle_count(o));
}

static void must_be_same(const struct json_value *a, const struct json_value *b)
{
	must(a->kind == b->kind);
	must(a->kind == JSON_ABSENT ||
	     (a->bytes == b->bytes && a->len == b->len && a->escaped == b->escaped));
}

/* An inner object's values are those that it has when it is read alone. */
static void compare_object(const struct json_value *object, const struct json_value *inner)
{
	struct cursor line = cursor_of(object->bytes, object->len);
	struct json_value alone[COUNT_OF(wanted)];
	struct json_keys keys;

	json_keys_init(&keys, wanted, COUNT_OF(wanted), COUNT_OF(wanted));
	must(json_line_read(&keys, &line, alone));
	for (size_t i = 0; i < COUNT_OF(wanted); i++)
		must_be_same(&inner[i], &alone[i]);
}

/* The same line with the objects in it read as they are passed, which changes nothing. */
static void read_nested(
    struct cursor line, const char *why, const struct json_value values[static COUNT_OF(wanted)])
{
	struct json_value outer[COUNT_OF(wanted)];
	struct json_value inner[COUNT_OF(wanted)];
	struct json_value element, same;
	struct json_keys keys[2];
	struct cursor array, plain;

	for (size_t i = 0; i < COUNT_OF(keys); i++)
		json_keys_init(&keys[i], wanted, COUNT_OF(wanted), COUNT_OF(wanted));
	json_keys_nest(&keys[0], 0, &keys[1], inner);
	must(json_line_read(&keys[0], &line, outer) == (why == NULL) && line.err == why);
	for (size_t i = 0; why == NULL && i < COUNT_OF(wanted); i++)
		must_be_same(&outer[i], &values[i]);
	if (why != NULL)
		return;
	if (outer[0].kind == JSON_OBJECT)
		compare_object(&outer[0], inner);
	array = json_array_open(&outer[4]);
	plain = json_array_open(&outer[4]);
	while (json_array_next(&plain, &same)) {
		must(json_array_next_object(&array, &keys[1], inner, &element));
		must_be_same(&element, &same);
		if (same.kind == JSON_OBJECT)
			compare_object(&same, inner);
	}
	must(!json_array_next_object(&array, &keys[1], inner, &element));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct json_value values[COUNT_OF(wanted)];
	struct cursor line = cursor_of(bytes, len);
	struct cursor again = line;
	struct json_oracle *oracle;
	struct json_keys keys;
	const char *why;
	bool excused;
	bool ok;

	json_keys_init(&keys, wanted, COUNT_OF(wanted), COUNT_OF(wanted));
	ok = json_line_read(&keys, &line, values);
	must(ok == (line.err == NULL));
	why = line.err;
	/* with its keys as they are expected now; these values are the ones compared */
	must(json_line_read(&keys, &again, values) == ok && again.err == why);
	read_nested(cursor_of(bytes, len), why, values);
	if (len > 0 && memchr(bytes, '\0', len) != NULL) {
		must(!ok);
		return 0;
	}
	oracle = json_oracle_new(bytes, len, &excused);
	if (oracle == NULL) {
		must(!ok || excused);
		return 0;
	}
	must(ok == (json_oracle_depth(oracle) <= LIMIT_JSON_DEPTH));
	for (size_t i = 0; ok && i < COUNT_OF(wanted); i++) {
		const struct json_oracle *o = json_oracle_get(oracle, wanted[i].text);

		compare_value(&values[i], o);
		if (values[i].kind == JSON_ARRAY)
			compare_array(&values[i], o);
	}
	json_oracle_free(oracle);
	return 0;
}
