/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A mark as somebody words it, on the command line or in the page: the same checks for both. */
#ifndef CASEFILE_MARK_WORDING_H
#define CASEFILE_MARK_WORDING_H

#include "casefile/mark.h"
#include "contact/endpoint.h"

/* All are texts; "" where nothing was said. */
struct mark_wording {
	const char *target;
	const char *kind;
	const char *word;
	const char *text;
	const char *until; /* a day: "2026-01-31" */
};

/*
 * Make a mark of *w: target as endpoint_format() writes it goes to its array, which *ret borrows,
 * as it does word and text. When it was made is left to the caller. False, with ERR_INPUT: the
 * message says what is wrong, in words for whoever worded it.
 */
bool mark_wording_read(const struct mark_wording *w, char target[static ENDPOINT_TEXT_MAX],
    struct mark *ret, struct err *reterr) MUST_USE;

#endif
