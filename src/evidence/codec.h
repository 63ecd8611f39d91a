/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kinds of compression that evidence comes in, each as a const table of three functions over
 * its own library. A member is what one run of the compressor wrote: a gzip member, an xz
 * stream, a zstd frame.
 */
#ifndef EVIDENCE_CODEC_H
#define EVIDENCE_CODEC_H

#include <stddef.h>
#include <stdint.h>

enum codec_status {
	CODEC_MORE,    /* it wants more input, or more room */
	CODEC_END,     /* the member has ended, its checksum agrees */
	CODEC_DAMAGED, /* what was written before is good */
	CODEC_MEMORY,
	CODEC_LIMIT, /* it would need more than LIMIT_DECODER_BYTES */
};

/* As zlib has it: both pairs are advanced over what was read and written. */
struct codec_io {
	uint8_t *in; /* read only, but not every library says so */
	size_t in_len;
	uint8_t *out;
	size_t out_len;
};

#define CODEC_MAGIC_MAX 6

struct codec {
	const char *name;
	uint8_t magic[CODEC_MAGIC_MAX]; /* that a member begins with */
	uint8_t magic_len;
	/* A decoder for one member; NULL: out of memory. */
	void *(*begin)(void);
	enum codec_status (*run)(void *state, struct codec_io *io);
	void (*end)(void *state);
};

/* By magic number; NULL: not compressed, or in a way that is not ours. */
const struct codec *codec_detect(const uint8_t *head, size_t len);

#endif
