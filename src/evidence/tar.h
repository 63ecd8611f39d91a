/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The regular files of a tar archive (POSIX.1-2017, pax, ustar and what GNU tar writes), one after the
 * other, as lines. Names, links and all else that a header says are of no use here.
 *
 *	while ((status = tar_entry(&t, reterr)) == NEXT_ITEM)
 *		while (tar_line(&t, max, &line, reterr) && line.bytes != NULL)
 *			...
 */
#ifndef EVIDENCE_TAR_H
#define EVIDENCE_TAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "evidence/reader.h"
#include "evidence/stream.h"

#define TAR_BLOCK_BYTES 512

/* Begins as zeros but for the stream, which stands at a header. */
struct tar {
	struct stream *stream;
	uint64_t left; /* of the file under way */
	uint64_t pad;  /* behind it, to the next header */
	bool is_cut;   /* the rest of the last line is to be passed over */
};

/* Are these, TAR_BLOCK_BYTES of them, the header of a regular file that is not empty? */
bool tar_is_header(const uint8_t *block) MUST_USE;

/*
 * Stand at the first byte of the next regular file that is not empty. NEXT_END: there is none;
 * NEXT_SKIPPED: what stands where a header should is none, and nothing more will come.
 */
enum next tar_entry(struct tar *t, struct err *reterr) MUST_USE;

/* As stream_line(), of the file under way. */
bool tar_line(struct tar *t, size_t max, struct stream_line *ret, struct err *reterr) MUST_USE;

/* Are there as many bytes of the file as its header says? False at the cut end of an archive. */
static inline bool tar_is_whole(const struct tar *t)
{
	return t->left == 0;
}

#endif
