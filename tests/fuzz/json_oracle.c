/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "json_oracle.h"

#include <stdlib.h>

#include <jansson.h>

/* A struct json_oracle is a json_t under another name. */
static json_t *json_of(const struct json_oracle *o)
{
	return (json_t *)(uintptr_t)o;
}

static struct json_oracle *oracle_of(json_t *j)
{
	return (struct json_oracle *)j;
}

struct json_oracle *json_oracle_new(const uint8_t *bytes, size_t len, bool *ret_excused)
{
	json_error_t error;
	json_t *j =
	    json_loadb((const char *)bytes, len, JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, &error);

	*ret_excused = false;
	if (j == NULL) {
		enum json_error_code code = json_error_code(&error);

		*ret_excused =
		    code == json_error_numeric_overflow || code == json_error_null_byte_in_key;
		return NULL;
	}
	if (!json_is_object(j)) {
		json_decref(j);
		return NULL;
	}
	return oracle_of(j);
}

void json_oracle_free(struct json_oracle *o)
{
	json_decref(json_of(o));
}

static unsigned depth_of(json_t *j)
{
	unsigned deepest = 0;
	unsigned depth;
	const char *key;
	json_t *value;
	size_t i;

	if (json_is_object(j)) {
		json_object_foreach(j, key, value)
		{
			depth = depth_of(value);
			deepest = depth > deepest ? depth : deepest;
		}
	} else if (json_is_array(j)) {
		json_array_foreach(j, i, value)
		{
			depth = depth_of(value);
			deepest = depth > deepest ? depth : deepest;
		}
	} else {
		return 0;
	}
	return deepest + 1;
}

unsigned json_oracle_depth(const struct json_oracle *o)
{
	return depth_of(json_of(o));
}

const struct json_oracle *json_oracle_get(const struct json_oracle *o, const char *key)
{
	return oracle_of(json_object_get(json_of(o), key));
}

const struct json_oracle *json_oracle_at(const struct json_oracle *array, size_t i)
{
	return oracle_of(json_array_get(json_of(array), i));
}

char json_oracle_kind(const struct json_oracle *o)
{
	switch (json_typeof(json_of(o))) {
	case JSON_OBJECT:
		return '{';
	case JSON_ARRAY:
		return '[';
	case JSON_STRING:
		return '"';
	case JSON_INTEGER:
	case JSON_REAL:
		return '0';
	case JSON_TRUE:
		return 't';
	case JSON_FALSE:
		return 'f';
	case JSON_NULL:
		return 'n';
	}
	return '?';
}

double json_oracle_number(const struct json_oracle *o)
{
	return json_number_value(json_of(o));
}

const char *json_oracle_text(const struct json_oracle *o, size_t *ret_len)
{
	*ret_len = json_string_length(json_of(o));
	return json_string_value(json_of(o));
}

size_t json_oracle_count(const struct json_oracle *o)
{
	return json_array_size(json_of(o));
}
