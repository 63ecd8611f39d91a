/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Are the evidence files still what was ingested? */
#ifndef CLI_CUSTODY_H
#define CLI_CUSTODY_H

#include "base/buf.h"
#include "casefile/case.h"

/* Counts of sources. Zeroed is empty. */
struct custody {
	uint64_t whole;
	uint64_t grown;   /* begins with what was ingested */
	uint64_t missing; /* not to be opened any more, no regular file, or standard input */
	uint64_t changed;
};

/*
 * Read the file of a source again, by the path that it was given by, and count what was found; one
 * that differs, or ends early, is named in a line of out and counts as changed. False: out of
 * memory.
 */
bool custody_check(
    struct custody *c, const struct source *s, struct buf *out, struct err *reterr) MUST_USE;

/* One line of the counts. */
void custody_print(const struct custody *c, struct buf *out);

#endif
