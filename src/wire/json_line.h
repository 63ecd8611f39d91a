/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One line of a JSON log: an object of RFC 8259, read in one pass without allocation. The caller
 * names the top-level keys that it wants and gets their values as spans of the line; the whole
 * line is validated all the same, so that half a record is never taken for a record.
 *
 * Strict: nothing behind the object but white space, no control characters in strings, UTF-8
 * without overlong forms and surrogates, escaped surrogates only in pairs, at most
 * LIMIT_JSON_DEPTH objects and arrays inside each other. Of a key that occurs twice the last
 * value counts, as in most parsers.
 */
#ifndef WIRE_JSON_LINE_H
#define WIRE_JSON_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/attr.h"
#include "base/cursor.h"
#include "wire/json_keys.h"

enum json_kind {
	JSON_ABSENT,
	JSON_NULL,
	JSON_FALSE,
	JSON_TRUE,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT,
};

struct json_value {
	const uint8_t *bytes; /* borrowed from the line: as written; a string without its quotes */
	size_t len;
	enum json_kind kind;
	bool escaped; /* a string with a backslash in it: see json_text() */
};

/*
 * Read the line; k learns its keys' order. values has k's number of slots; those without a value become JSON_ABSENT. False:
 * line->err, a static text that can serve as a reason, says what is wrong; the values are then
 * undefined.
 */
bool json_line_read(struct json_keys *k, struct cursor *line, struct json_value *values) MUST_USE;

/* The elements of an array value, one after the other; false at its end. */
struct cursor json_array_open(const struct json_value *array);
bool json_array_next(struct cursor *array, struct json_value *ret) MUST_USE;

/* The same; an element that is an object is read like a line, by k's keys into values. */
bool json_array_next_object(struct cursor *array, struct json_keys *k, struct json_value *values,
    struct json_value *ret) MUST_USE;

/* A string value of just these letters, none of them escaped? */
static inline bool json_is_text(const struct json_value *v, const char *text)
{
	return v->kind == JSON_STRING && v->len == strlen(text) &&
	       memcmp(v->bytes, text, v->len) == 0;
}

/* A number value that is whole, not negative and at most max. False: anything else. */
bool json_whole(const struct json_value *v, uint32_t max, uint32_t *ret) MUST_USE;

/*
 * The text of a string value in UTF-8: the line's own bytes where nothing is escaped, else
 * decoded into room. False, nothing written: no string, or longer than max.
 */
bool json_text(const struct json_value *v, uint8_t *room, size_t max, const uint8_t **ret,
    size_t *ret_len) MUST_USE;

#endif
