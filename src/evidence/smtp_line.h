/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line of SMTP or of a header, put together from pieces, as far as it is looked at, and wiped. */
#ifndef EVIDENCE_SMTP_LINE_H
#define EVIDENCE_SMTP_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/cursor.h"
#include "base/limits.h"

/* Begins as zeros. */
struct smtp_line {
	uint16_t len;
	bool is_long; /* it goes on */
	uint8_t bytes[LIMIT_SMTP_LINE_BYTES];
};

/* The next octets up to a line feed, with it, or as many as there are of max: one at least. */
const uint8_t *smtp_line_piece(struct cursor *bytes, uint64_t max, size_t *ret_len);

/* Add what fits. */
void smtp_line_add(struct smtp_line *l, const uint8_t *bytes, size_t len);

/* Add a piece. True: the line has ended, and its end is taken off. */
bool smtp_line_collect(struct smtp_line *l, const uint8_t *piece, size_t len) MUST_USE;

/* The next word behind spaces, from *at on, which steps over it; of length 0 at the end. */
const uint8_t *smtp_line_word(const struct smtp_line *l, size_t *at, size_t *ret_len);

/* Is that text this word, in any case? */
bool smtp_line_is(const uint8_t *text, size_t len, const char *word) MUST_USE;

void smtp_line_wipe(struct smtp_line *l);

#endif
