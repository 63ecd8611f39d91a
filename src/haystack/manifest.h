/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is in a haystack: a text file that names each segment with its length, digest and
 * sources, and ends with its own digest. Replacing it by rename is the one point of commitment.
 */
#ifndef HAYSTACK_MANIFEST_H
#define HAYSTACK_MANIFEST_H

#include "haystack/segment.h"

#define MANIFEST_NAME "manifest"

struct manifest_segment {
	struct segment_info info; /* its file is named by the digest */
	struct digest *sources;   /* sorted; the rows' source indexes lead here */
	size_t source_count;
};

struct manifest {
	struct manifest_segment *segments; /* sorted by digest, then sources */
	size_t count;
};

#define MANIFEST_FILE_MAX (DIGEST_TEXT_MAX + 5)

/* "<digest>.mtbl" */
void manifest_file_name(const struct segment_info *s, char name[static MANIFEST_FILE_MAX]);

void manifest_release(struct manifest *m);

/* Add a segment; its sources are copied and sorted. */
bool manifest_add(struct manifest *m, const struct segment_info *info, const struct digest *sources,
    size_t source_count, struct err *reterr) MUST_USE;

/* Take segment i out. */
void manifest_remove(struct manifest *m, size_t i);

/* The text, and back: name is for messages. */
bool manifest_write(const struct manifest *m, struct buf *out, struct err *reterr) MUST_USE;
bool manifest_read(const uint8_t *text, size_t len, const char *name, struct manifest *ret,
    struct err *reterr) MUST_USE;

/* From a folder; no file there is an empty manifest. */
bool manifest_load(
    int dir, const char *dir_name, struct manifest *ret, struct err *reterr) MUST_USE;

/* Replace the one in the folder: write, sync, rename, sync the folder. */
bool manifest_store(
    const struct manifest *m, int dir, const char *dir_name, struct err *reterr) MUST_USE;

#endif
