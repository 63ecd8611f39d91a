/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The store of all series and facts of a case: immutable, sorted segments and a manifest. A
 * segment is in the haystack if and only if the manifest names it; the manifest is replaced by
 * rename, and that is the one point at which anything is committed. This folder is the only
 * one that knows the store engine (libmtbl).
 */
#ifndef HAYSTACK_HAYSTACK_H
#define HAYSTACK_HAYSTACK_H

#include "base/digest.h"
#include "base/err.h"
#include "contact/contact.h"
#include "contact/factset.h"
#include "contact/key.h"
#include "contact/series.h"

/* ---- what is there ---- */

struct haystack;

/*
 * Open the haystack in folder dir, which is made when it is not there. Every segment's length
 * and digest are checked against the manifest before the file is mapped; a damaged one is
 * ERR_DAMAGED and the message names the file and the way out. check_digests false checks lengths
 * alone (for `show`, after a verified open in the same version of the file).
 */
bool haystack_open(
    const char *dir, bool check_digests, struct haystack **ret, struct err *reterr) MUST_USE;
void haystack_close(struct haystack *h);

/* Sources of all segments, sorted by digest, each once; indexes into it are "global" sources. */
size_t haystack_source_count(const struct haystack *h);
const struct digest *haystack_source(const struct haystack *h, size_t i);
bool haystack_has_source(const struct haystack *h, const struct digest *d);
size_t haystack_segment_count(const struct haystack *h);
uint64_t haystack_bytes(const struct haystack *h); /* of all segment files */

/* ---- putting in ---- */

struct haystack_writer;

/*
 * Gather contacts and facts in memory, at most about memory_bytes, spilling sorted runs to
 * temporary files in dir. Nothing is in the haystack until haystack_commit(). A writer of which a
 * call has failed can only be freed.
 */
bool haystack_writer_new(const char *dir, uint64_t memory_bytes, struct haystack_writer **ret,
    struct err *reterr) MUST_USE;
void haystack_writer_free(struct haystack_writer *w); /* without a commit: leaves no file behind */

/* Rows from now on belong to a new source, numbered 0, 1, 2, ... within the writer. */
bool haystack_writer_begin(struct haystack_writer *w, struct err *reterr) MUST_USE;

/* Its digest is known: keep its rows. */
void haystack_writer_end(struct haystack_writer *w, const struct digest *content);

/* Does it hold the rows of a source with that content, which a commit will put in? */
bool haystack_writer_has(const struct haystack_writer *w, const struct digest *content);

/* Forget the rows of the source that is under way: it failed, or was there before. */
void haystack_writer_drop(struct haystack_writer *w);

/* What one record of evidence says: a contact, or NULL, and facts, whose owners it often shares. */
bool haystack_writer_record(struct haystack_writer *w, const struct contact *c,
    const struct fact *facts, size_t fact_count, struct err *reterr) MUST_USE;
bool haystack_writer_contact(
    struct haystack_writer *w, const struct contact *c, struct err *reterr) MUST_USE;
bool haystack_writer_fact(
    struct haystack_writer *w, const struct fact *f, struct err *reterr) MUST_USE;

/* Has it spilled, so that a commit at the next boundary of sources bounds the work at risk? */
bool haystack_writer_full(const struct haystack_writer *w);

/*
 * Write one segment with all ended sources, sync it, and name it in the manifest. All or
 * nothing: killed at any point, the haystack holds all of these sources or none. *h is
 * reopened. The writer is empty afterwards and can go on. Does nothing when it holds no source.
 */
bool haystack_commit(struct haystack *h, struct haystack_writer *w, struct err *reterr) MUST_USE;

/* Merge segments into one while there are more than max_segments, smallest first. */
bool haystack_compact(
    struct haystack *h, size_t max_segments, unsigned jobs, struct err *reterr) MUST_USE;

/* ---- reading ---- */

/* Part `part` of `parts` of the keys, cut between targets, so that several threads can scan. */
struct haystack_range {
	uint8_t tag;              /* KEY_TAG_* */
	const struct key *prefix; /* NULL: all; else only keys that begin so */
	unsigned part;
	unsigned parts; /* 1: all */
};

struct haystack_scan;

/* An entry; all pointers are borrowed until the next call. */
struct haystack_entry {
	const uint8_t *key;
	size_t key_len;
	size_t shared; /* how many bytes it and the last entry's of the scan begin with alike */
	const uint8_t *value; /* merged over segments; source indexes are global */
	size_t value_len;
};

/* In key order. Several scans may run at once on one haystack, in different threads. */
bool haystack_scan_new(struct haystack *h, const struct haystack_range *range,
    struct haystack_scan **ret, struct err *reterr) MUST_USE;
void haystack_scan_free(struct haystack_scan *s);

/* True with an entry; true with *ret_end at the end; false on failure. */
bool haystack_scan_next(struct haystack_scan *s, struct haystack_entry *ret, bool *ret_end,
    struct err *reterr) MUST_USE;

#endif
