/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Compressed bytes in, plain bytes out: one layer of gzip, bzip2, xz or zstd, with any number of
 * members in a row. The compressed bytes are pulled through a callback: the raw file, or the
 * decoder of the layer around this one.
 */
#ifndef EVIDENCE_DECODER_H
#define EVIDENCE_DECODER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "evidence/codec.h"

struct decoder;

/* Up to len bytes to *to; *ret_len is 0 only at the end. False: they cannot be read. */
typedef bool decoder_pull(
    void *source, uint8_t *to, size_t len, size_t *ret_len, struct err *reterr);

/* head: compressed bytes that were already read, which are copied. */
bool decoder_new(const struct codec *codec, const uint8_t *head, size_t head_len,
    decoder_pull *pull, void *source, struct decoder **ret, struct err *reterr) MUST_USE;
void decoder_free(struct decoder *d);

/*
 * Up to len decoded bytes to *to; *ret_len is 0 only at the end, and after damage. False: the
 * source cannot be read, or memory is short.
 */
bool decoder_read(
    struct decoder *d, uint8_t *to, size_t len, size_t *ret_len, struct err *reterr) MUST_USE;

/* NULL, or why the decoded bytes end before their time, a static text. */
const char *decoder_damage(const struct decoder *d);

#endif
