/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decoding on a thread of its own, a bounded way ahead of whoever reads what is decoded:
 *
 *	source --pull, by the thread--> ring of blocks --ahead_read(), by the caller--> window
 *
 * The bytes, their end and a failure come in the order in which the source gives them, so that
 * nothing that is read depends on which thread was faster.
 */
#ifndef EVIDENCE_AHEAD_H
#define EVIDENCE_AHEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "evidence/decoder.h"

struct ahead;

/*
 * Begin to read ahead. Until ahead_free() the source belongs to the thread, and what it works with
 * may not be looked at elsewhere, but for raw_offset, a count that it keeps: ahead_raw_offset()
 * tells it as of the block that was read last. The source may not wait for long, as ahead_free()
 * waits for it. NULL, with the source as it was: memory or a thread is short, which is
 * no failure, as the caller can read the source itself.
 */
struct ahead *ahead_new(decoder_pull *pull, void *source, const uint64_t *raw_offset);

/* Stop and join the thread, and clear what it decoded. What it had read ahead is gone. */
void ahead_free(struct ahead *a);

/* A decoder_pull: waits for the thread where it has to. */
bool ahead_read(void *ahead, uint8_t *to, size_t len, size_t *ret_len, struct err *reterr);

uint64_t ahead_raw_offset(const struct ahead *a);

#endif
