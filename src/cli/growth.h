/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Is this a grown form of a file that was read before? The catalogue keeps, for each source, how
 * far it was read and the digest of that prefix. Candidates are found by the digests of the
 * content's first 1, 2, 4, ... 4096 bytes, which many logs of one kind may share. A prefix that
 * lies within the bytes at hand is compared at once; whether a longer one is right shows when it
 * has been hashed while the reader steps over it.
 */
#ifndef CLI_GROWTH_H
#define CLI_GROWTH_H

#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/digest.h"
#include "base/err.h"
#include "casefile/case.h"

#define GROWTH_TRIES   8 /* prefixes that are tried, the longest first; each costs a reading of it */
#define GROWTH_LENGTHS 64 /* lengths of prefixes that are looked at for each length of head */

struct growth {
	struct case_prefix from[GROWTH_TRIES]; /* longest prefix first */
	size_t count;
};

/* The candidates for content that begins with these bytes, as sources of this format. */
bool growth_find(struct growth *g, struct casefile *c, const char *format, const void *head,
    size_t head_len, struct err *reterr) MUST_USE;

#endif
