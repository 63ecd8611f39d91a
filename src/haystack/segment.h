/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A segment: one immutable MTBL file (format 2, blocks of 64 KiB, not compressed), written once
 * from the first key to the last, then only read. Spilled runs are such files without a name.
 */
#ifndef HAYSTACK_SEGMENT_H
#define HAYSTACK_SEGMENT_H

#include "base/digest.h"
#include "base/err.h"
#include "haystack/block.h"

/* ---- writing ---- */

struct segment_writer;

/*
 * Write to fd, which stays the caller's; name is for messages. A write that fails, on a full
 * disk for one, is an error of this or a later call.
 */
bool segment_writer_new(
    int fd, const char *name, struct segment_writer **ret, struct err *reterr) MUST_USE;
void segment_writer_free(struct segment_writer *w);

/* In strictly increasing order of keys. */
bool segment_writer_add(struct segment_writer *w, const uint8_t *key, size_t key_len,
    const uint8_t *value, size_t value_len, struct err *reterr) MUST_USE;

/* What the manifest says of a segment. */
struct segment_info {
	struct digest digest; /* of the file */
	uint64_t bytes;
	uint64_t entries;
};

/* Write what is left. Nothing is synced. */
bool segment_writer_finish(
    struct segment_writer *w, struct segment_info *ret, struct err *reterr) MUST_USE;

/* ---- reading ---- */

struct segment {
	uint8_t *map; /* NULL: not open; never written to */
	size_t len;
	struct cursor index; /* the block of the last keys and offsets of the data blocks */
	uint64_t entries;
	char name[256]; /* for messages */
};

/* Map the file. Its contents are not trusted, here or later. */
bool segment_open(int fd, const char *name, struct segment *ret, struct err *reterr) MUST_USE;
void segment_close(struct segment *s);

struct segment_iter {
	const struct segment *segment;
	const struct key *below; /* len 0: no bound */
	bool within;             /* the whole block is below it */
	struct block_iter index;
	struct block_iter block; /* block.value is NULL: no entry is current */
};

/*
 * At the first entry whose key is not below `from`; len 0: at the first. The entry is it->block.key
 * and it->block.value, borrowed until the next step, and it->block.shared counts from the entry
 * before it in the segment; at the end, and at `below` (borrowed as long as the iterator), the
 * value is NULL.
 */
bool segment_iter_init(struct segment_iter *it, const struct segment *s, const struct key *from,
    const struct key *below, struct err *reterr) MUST_USE;

/* Step to the next entry. False: damage. */
bool segment_iter_next(struct segment_iter *it, struct err *reterr) MUST_USE;

/* The keys that part the segment into blocks, one by one: step it->index with this. */
bool segment_index_next(struct segment_iter *it, struct err *reterr) MUST_USE;

#endif
