/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The facts that a writer has met. Each keeps one sum over the sources that have ended and one
 * for the source under way, so that a source can be forgotten.
 */
#ifndef HAYSTACK_FACTLOG_H
#define HAYSTACK_FACTLOG_H

#include "base/err.h"
#include "contact/factset.h"
#include "haystack/keytable.h"

struct factlog {
	struct keytable keys; /* KEY_TAG_FACT */
	struct region sums;   /* struct fact_sums of each key */
	/* facts whose keys are not yet numbered, all of one source */
	struct key pending_keys[KEYTABLE_BATCH];
	struct factset pending_sets[KEYTABLE_BATCH];
	size_t pending;
	bool pending_ended; /* that source has ended */
};

void factlog_init(struct factlog *l, uint64_t seed);
void factlog_release(struct factlog *l);
void factlog_clear(struct factlog *l);
uint64_t factlog_bytes(const struct factlog *l);
bool factlog_add(struct factlog *l, const struct fact *f) MUST_USE;

/* Number what is pending: before facts of another source come, and before they are emitted. */
bool factlog_flush(struct factlog *l) MUST_USE;

/* The source under way has ended, or is to be forgotten. */
void factlog_end(struct factlog *l);
void factlog_drop(struct factlog *l);

/* Hand over the facts of ended sources, or of the one under way, under both keys, in order. */
bool factlog_emit(const struct factlog *l, bool ended,
    bool (*take)(
	void *context, const struct keytable_key *key, const struct buf *value, struct err *reterr),
    void *context, struct err *reterr) MUST_USE;

#endif
