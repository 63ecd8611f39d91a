/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The decompressed bytes of one source, read forward once: a file or standard input, plain or in
 * gzip, bzip2, xz or zstd, also nested and concatenated. Both digests run along: of the file as
 * found (custody) and of the decompressed content (identity).
 */
#ifndef EVIDENCE_STREAM_H
#define EVIDENCE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/digest.h"
#include "base/err.h"
#include "evidence/hints.h"

struct stream;

/* "-" is standard input. The path is kept for messages. */
bool stream_open(const char *path, struct stream **ret, struct err *reterr) MUST_USE;
void stream_close(struct stream *s);

/*
 * The same, and have look asked before each block that comes in, with the bytes of the raw file
 * read so far, and now and then while a pipe or terminal gives nothing. True: reading fails with
 * ERR_STOPPED. Some inputs make a reader go through gigabytes within one call: a capture of
 * zeros, a line without an end.
 */
typedef bool stream_look(void *context, uint64_t raw_offset);
bool stream_open_watched(const char *path, stream_look *look, void *context, struct stream **ret,
    struct err *reterr) MUST_USE;

/* Could the same bytes be read once more by opening the path again? Not so those of a pipe. */
bool stream_is_repeatable(const struct stream *s);

/*
 * At least want bytes at the current place, without moving; fewer only at the end of the input.
 * *ret_len may be more than want. The window is borrowed until the next call on the stream other
 * than stream_consume().
 * want is at most STREAM_WINDOW_MAX. False: the input cannot be read any further: the message
 * names file and offset; what was read before stays valid (a cut .gz is damage, not failure, and
 * shows as the end with stream_damage()).
 */
#define STREAM_WINDOW_MAX (64u << 20)
bool stream_peek(struct stream *s, size_t want, const uint8_t **ret, size_t *ret_len,
    struct err *reterr) MUST_USE;

/* Step over n bytes that a peek has shown. */
void stream_consume(struct stream *s, size_t n);

/*
 * Step forward to that offset of the decompressed content, which may be anywhere ahead, and
 * digest what lies between. *ret_there is false when the input ends before it. A file that has
 * grown is read on this way: stream_digest_here() then tells whether it begins as it did.
 */
bool stream_seek(struct stream *s, uint64_t offset, bool *ret_there, struct err *reterr) MUST_USE;

/*
 * The next line without its newline (and carriage return), stepped over. The last line may lack
 * the newline: *ret_ended tells. At the end *ret is NULL. A line longer than max is cut to max,
 * with *ret_cut true, and stepped over whole.
 */
struct stream_line {
	const uint8_t *bytes; /* borrowed until the next call; NULL at the end */
	size_t len;
	uint64_t offset; /* of its first byte */
	bool ended;      /* a newline was there */
	bool cut;
};
bool stream_line(
    struct stream *s, size_t max, struct stream_line *ret, struct err *reterr) MUST_USE;

/* Offset of the current place in the decompressed content. */
uint64_t stream_offset(const struct stream *s);

/* For progress: bytes of the raw file read so far. */
uint64_t stream_raw_offset(const struct stream *s);

/*
 * NULL, or why the input ended early: "compressed data is cut short". NULL as well before a peek
 * has met the end. Static.
 */
const char *stream_damage(const struct stream *s);

/* What readers may know of the source besides its bytes; copied. Nothing, where it is not set. */
void stream_set_hints(struct stream *s, const struct hints *hints);
const struct hints *stream_hints(const struct stream *s);

/* "none", "gzip", "xz", ... of the outermost filter. */
const char *stream_compression(const struct stream *s);

/* Digest of the decompressed bytes consumed so far (growth goes by it). */
bool stream_digest_here(struct stream *s, struct digest *ret, struct err *reterr) MUST_USE;

/* After the end: read to the end of the raw file, then both digests and lengths. */
struct stream_custody {
	struct digest file; /* as found */
	uint64_t file_bytes;
	struct digest content; /* decompressed */
	uint64_t content_bytes;
};
bool stream_finish(struct stream *s, struct stream_custody *ret, struct err *reterr) MUST_USE;

#endif
