/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a commit needs of a writer. */
#ifndef HAYSTACK_WRITER_H
#define HAYSTACK_WRITER_H

#include "haystack/store.h"

/* Digests of the ended sources, sorted, each once; released by the caller. */
bool writer_sources(const struct haystack_writer *w, struct digest **ret, size_t *ret_count,
    struct err *reterr) MUST_USE;

/* Everything of the ended sources, in key order, with indexes into those digests. */
bool writer_write(struct haystack_writer *w, const struct digest *sources, size_t count,
    struct segment_writer *out, struct err *reterr) MUST_USE;

/* Empty it. */
void writer_clear(struct haystack_writer *w);

#endif
