/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Compressed bytes in, plain bytes out: gzip, bzip2, xz and zstd by libarchive, with several
 * members in a row and one inside another. The raw bytes are pulled through a callback, so that
 * they can be counted and digested on the way.
 */
#ifndef EVIDENCE_DECODER_H
#define EVIDENCE_DECODER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/attr.h"
#include "base/err.h"

struct decoder;

/*
 * The next raw bytes: their number, 0 at the end, -1 when they cannot be read. *ret stays valid
 * until the next call.
 */
typedef ssize_t decoder_pull(void *source, const void **ret);

/* Do these first bytes begin compressed data? */
bool decoder_wanted(const uint8_t *head, size_t len);

/* False only when out of memory: data that cannot be decoded show in decoder_damage(). */
bool decoder_new(decoder_pull *pull, void *source, struct decoder **ret, struct err *reterr)
    MUST_USE;
void decoder_free(struct decoder *d);

/* Up to len decoded bytes to *to; 0 at the end, and after damage. */
size_t decoder_read(struct decoder *d, uint8_t *to, size_t len);

/* NULL, or why the decoded bytes end before their time. The decoder's own text. */
const char *decoder_damage(const struct decoder *d);

/* "gzip", "xz", ...: the outermost compression. */
const char *decoder_name(const struct decoder *d);

#endif
