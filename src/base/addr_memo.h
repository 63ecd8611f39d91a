/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Addresses that were read before, by their text: logs name the same ones over and over, and
 * finding one again costs a fifth of reading it. Only texts of 8 to 16 bytes are kept, which two
 * words hold. Nothing depends on what is in it but time.
 */
#ifndef BASE_ADDR_MEMO_H
#define BASE_ADDR_MEMO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/attr.h"

#define ADDR_MEMO_PLACES 4096 /* of 48 bytes: they stay in the second-level cache */
#define ADDR_MEMO_WAYS   2    /* places where a text may be, side by side */

/* Zeros are an empty one. */
struct addr_memo {
	struct addr_memo_place {
		uint64_t head; /* the first eight bytes of the text */
		uint64_t tail; /* the last eight */
		uint8_t len;   /* of the text */
		struct addr addr;
	} places[ADDR_MEMO_PLACES];
};

/* As addr_parse() does. */
bool addr_memo_parse(struct addr_memo *m, const char *text, size_t len, struct addr *ret) MUST_USE;

#endif
