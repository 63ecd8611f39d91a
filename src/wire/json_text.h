/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the two halves of the JSON parser share: grammar in json_line.c, text in json_text.c. */
#ifndef WIRE_JSON_TEXT_H
#define WIRE_JSON_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/cursor.h"

/* The byte at the cursor; 0, which no grammar rule takes, at the end. */
static inline uint8_t json_peek(const struct cursor *c)
{
	return c->pos < c->len ? c->base[c->pos] : 0;
}

static inline bool json_accept(struct cursor *c, uint8_t want)
{
	if (json_peek(c) != want)
		return false;
	c->pos++;
	return true;
}

/* Record the failure; a cursor at its end was cut. Always false. */
static inline bool json_fail(struct cursor *c, const char *why)
{
	cursor_fail(c, c->pos >= c->len ? "cut JSON" : why);
	return false;
}

/* What follows a backslash, as a code point; both halves of a surrogate pair as one. */
bool json_text_escape(struct cursor *c, uint32_t *ret) MUST_USE;

#endif
