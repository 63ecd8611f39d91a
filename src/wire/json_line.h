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

#include "base/attr.h"
#include "base/cursor.h"

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

/* A wanted key and the place of its value; several keys may share a place. */
struct json_key {
	const char *text; /* borrowed as long as the table */
	unsigned slot;
};

#define JSON_KEYS_MAX     48
#define JSON_KEY_TEXT_MAX 64
#define JSON_BUCKETS      64

/* Wanted keys, ready for lookup. No members for callers. */
struct json_keys {
	const struct json_key *keys;
	size_t slots;
	uint8_t lens[JSON_KEYS_MAX];
	uint8_t next[JSON_KEYS_MAX];  /* key of the same bucket, + 1; 0 ends */
	uint8_t bucket[JSON_BUCKETS]; /* first key, + 1 */
};

/* At most JSON_KEYS_MAX keys, shorter than JSON_KEY_TEXT_MAX, with slots below the number given. */
void json_keys_init(struct json_keys *k, const struct json_key *keys, size_t count, size_t slots);

/*
 * Read the line. values has k's number of slots; those without a value become JSON_ABSENT. False:
 * line->err, a static text that can serve as a reason, says what is wrong; the values are then
 * undefined.
 */
bool json_line_read(
    const struct json_keys *k, struct cursor *line, struct json_value *values) MUST_USE;

/* The elements of an array value, one after the other; false at its end. */
struct cursor json_array_open(const struct json_value *array);
bool json_array_next(struct cursor *array, struct json_value *ret) MUST_USE;

/*
 * The text of a string value in UTF-8: the line's own bytes where nothing is escaped, else
 * decoded into room. False, nothing written: no string, or longer than max.
 */
bool json_text(const struct json_value *v, uint8_t *room, size_t max, const uint8_t **ret,
    size_t *ret_len) MUST_USE;

#endif
