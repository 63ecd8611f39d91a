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
