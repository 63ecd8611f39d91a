/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The case directory: haystack/ and catalogue.db (SQLite). The catalogue says what each source
 * was; whether its rows are in is decided by the haystack's manifest alone, so a row of the
 * catalogue written before a commit that never came is dropped at the next opening.
 */
#ifndef CASEFILE_CASE_H
#define CASEFILE_CASE_H

#include "base/attr.h"
#include "base/digest.h"
#include "base/err.h"
#include "contact/capture_loss.h"
#include "contact/contact.h"

struct casefile;

enum source_state {
	SOURCE_COMPLETE,
	SOURCE_DAMAGED, /* read as far as it could be; what it held until there is in */
	SOURCE_UNKNOWN, /* no format of ours: listed, nothing read */
};

struct source_skip {
	const char *reason;
	uint64_t count;
	uint64_t first_offset;
};

/* What a source says of its sensor's losses, summed up; intervals 0: nothing. */
struct source_loss {
	uint64_t intervals;
	uint64_t gaps;
	uint64_t acks;
	int64_t first_ns; /* where the first interval begins ... */
	int64_t last_ns;  /* ... and the last one ends */
};

/* One source. Strings and arrays are borrowed from the casefile until the next call on it. */
struct source {
	struct digest content; /* identity: of the decompressed bytes */
	struct digest file;    /* custody: of the file as found */
	const char *name;      /* the path it was given by */
	const char *format;    /* "" when unknown */
	const char *compression;
	const char *vantage; /* DESIGN's words; "unknown" */
	uint64_t file_bytes;
	uint64_t content_bytes;
	uint64_t consumed_bytes; /* growth: up to the last whole record ... */
	struct digest consumed;  /* ... and the digest of that prefix, ... */
	struct digest head;      /* ... and of its first case_head_bytes(), to find it by */
	bool continues;          /* it is a grown form of ... */
	struct digest continued; /* ... this source, whose bytes are not read again */
	uint64_t records;
	uint64_t contacts;
	int64_t first_ns; /* of contacts; meaningless when contacts is 0 */
	int64_t last_ns;
	uint8_t digits;
	enum source_state state;
	const struct source_skip *skips;
	size_t skip_count;
	struct source_loss loss;           /* not looked at by case_add_source(): it is of ... */
	const struct capture_loss *losses; /* ... these; NULL in what the catalogue gives back */
	size_t loss_count;
};

/*
 * Open the case in folder dir. create: make it when it is not there; otherwise a missing case is
 * ERR_USAGE with the way out. A schema that is newer than this program is refused, an older one
 * is migrated. One writer at a time: write takes a lock and says who holds it.
 */
bool case_open(
    const char *dir, bool create, bool write, struct casefile **ret, struct err *reterr) MUST_USE;
void case_close(struct casefile *c);

/* "complete", "damaged", "unknown". Static. */
const char *case_state_name(enum source_state state);

/* CASE/haystack. Borrowed. */
const char *case_haystack_dir(const struct casefile *c);

/*
 * Drop catalogue rows of sources that are not in the haystack (a commit that never came).
 * is_in is asked for each pending source. A case opened without write is left as it is; its
 * pending sources that are in are then counted for as long as it is open.
 */
bool case_reconcile(struct casefile *c, bool (*is_in)(void *context, const struct digest *content),
    void *context, struct err *reterr) MUST_USE;

/*
 * Note a source, and the file that held it, as pending; it counts once case_commit() has run or
 * a reconcile finds it in. A row of the same content, which the haystack does not hold, is
 * replaced.
 */
bool case_add_source(struct casefile *c, const struct source *s, struct err *reterr) MUST_USE;

/* Another file whose content is known already: content, file, name and file_bytes of *s. */
bool case_add_file(struct casefile *c, const struct source *s, struct err *reterr) MUST_USE;

/* The pending rows are on disk: called before haystack_commit(). */
bool case_prepare(struct casefile *c, struct err *reterr) MUST_USE;

/* All pending rows are in: called after haystack_commit(). */
bool case_commit(struct casefile *c, struct err *reterr) MUST_USE;

/* Pending sources are found too. False with code ERR_NONE: there is none. */
bool case_find_content(struct casefile *c, const struct digest *content, struct source *ret,
    struct err *reterr) MUST_USE;
bool case_find_file(struct casefile *c, uint64_t file_bytes, const struct digest *file,
    struct source *ret, struct err *reterr) MUST_USE;
/*
 * Is any known file of this length? If not, a file need not be hashed before it is read. False
 * with code ERR_NONE: there is none. An error is no "yes": it may have undone what is pending.
 */
bool case_has_file_length(struct casefile *c, uint64_t file_bytes, struct err *reterr) MUST_USE;

/*
 * Growth is looked up by the digest of the first bytes: as many as the largest power of two
 * that is at most `consumed` and CASE_HEAD_MAX; 0 for 0.
 */
#define CASE_HEAD_MAX 4096
size_t case_head_bytes(uint64_t consumed);

/* How far a source was read: another content that begins so is a grown form of it. */
struct case_prefix {
	struct digest content;
	struct digest consumed; /* of its first bytes ... */
	uint64_t bytes;         /* ... so many */
};

/*
 * Among the sources of this head and format, the longest prefix that is shorter than `below`; 0:
 * there is none.
 */
bool case_next_prefix(struct casefile *c, const struct digest *head, const char *format,
    uint64_t below, uint64_t *ret_bytes, struct err *reterr) MUST_USE;

/*
 * The prefixes of that length among the sources of this head and format, and, unless it is NULL,
 * of that digest; by their contents, max at most.
 */
bool case_find_prefixes(struct casefile *c, const struct digest *head, const char *format,
    uint64_t bytes, const struct digest *consumed, struct case_prefix *ret, size_t max,
    size_t *ret_count, struct err *reterr) MUST_USE;

/*
 * Walk complete, damaged and unknown sources in order of their names, then digests. visit may
 * not call back into the casefile.
 */
bool case_each_source(struct casefile *c,
    bool (*visit)(void *context, const struct source *s, struct err *reterr), void *context,
    struct err *reterr) MUST_USE;

/*
 * Walk the intervals that the sources of case_each_source() tell of, in order of time, each once
 * however many sources tell of it. visit may not call back into the casefile.
 */
bool case_each_loss(struct casefile *c,
    bool (*visit)(void *context, const struct capture_loss *loss, struct err *reterr),
    void *context, struct err *reterr) MUST_USE;

/* The contents of the sources among them that tell of any loss, in rising order. */
bool case_each_lossy(struct casefile *c,
    bool (*visit)(void *context, const struct digest *content, struct err *reterr), void *context,
    struct err *reterr) MUST_USE;

/* Is the catalogue's file sound? If not: ERR_DAMAGED. */
bool case_check(struct casefile *c, struct err *reterr) MUST_USE;

/* Note a run: its command line words that can change a result, version, seed. For the record. */
bool case_add_run(struct casefile *c, const char *settings_json, const char *version, uint64_t seed,
    struct err *reterr) MUST_USE;

#endif
