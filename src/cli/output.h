/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The result, on standard output: gathered in a buffer, written in large pieces. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"

#define OUTPUT_FLUSH_BYTES (64u << 10)
#define OUTPUT_MAX_BYTES   (1u << 30)

struct output {
	struct buf buf; /* what is not written yet */
	int fd;
	bool broken; /* the reader of the pipe went away: nothing more is wanted */
};

/* Of standard output. */
void output_init(struct output *o);
void output_release(struct output *o);

/* Write what is gathered, if it is much. False: it cannot be written, or broken without a message.
 */
bool output_step(struct output *o, struct err *reterr) MUST_USE;

/* Write all that is gathered. */
bool output_flush(struct output *o, struct err *reterr) MUST_USE;

#endif
