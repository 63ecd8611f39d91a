/* SPDX-License-Identifier: GPL-3.0-or-later */
/* jansson, seen through a slit: its enumerators have the same names as ours. */
#ifndef TESTS_FUZZ_JSON_ORACLE_H
#define TESTS_FUZZ_JSON_ORACLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_oracle;

/* NULL: jansson refuses it, or it is no object; *ret_excused: for a reason that RFC 8259 has not.
 */
struct json_oracle *json_oracle_new(const uint8_t *bytes, size_t len, bool *ret_excused);
void json_oracle_free(struct json_oracle *o);

/* How many objects and arrays are inside each other at most. */
unsigned json_oracle_depth(const struct json_oracle *o);

/* The value of a top-level key, or an element of an array; borrowed. NULL: none. */
const struct json_oracle *json_oracle_get(const struct json_oracle *o, const char *key);
const struct json_oracle *json_oracle_at(const struct json_oracle *array, size_t i);

/* One of: { [ " 0 t f n, as its text would begin. */
char json_oracle_kind(const struct json_oracle *o);
double json_oracle_number(const struct json_oracle *o);
const char *json_oracle_text(const struct json_oracle *o, size_t *ret_len);
size_t json_oracle_count(const struct json_oracle *o);

#endif
