/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What contacts and facts have in common: the entries of one kind, in key order, of a case or of
 * evidence that is read for this one listing.
 */
#ifndef CLI_LISTING_H
#define CLI_LISTING_H

#include "base/attr.h"
#include "base/err.h"
#include "cli/output.h"
#include "cli/settings.h"
#include "haystack/haystack.h"

struct listing {
	uint8_t tag;              /* KEY_TAG_* */
	const struct key *prefix; /* only keys that begin so; NULL: all */
	/* Append to out what is to be printed of the entry. */
	bool (*print)(void *context, const struct haystack *h, const struct haystack_entry *e,
	    struct buf *out, struct err *reterr);
	void *context;
	const char *none; /* said where nothing was printed; NULL: nothing */
};

/* Read the operands, if there are any, and print the listing. Returns the exit status. */
int listing_run(const struct listing *l, const struct settings *s);

#endif
