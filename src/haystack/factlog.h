/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The facts that a writer has met, each with its sum. The source under way can be forgotten: the
 * facts that it is the first to show are the last in the table, and of the others the sums of the
 * sources that have ended are put aside while it lasts.
 */
#ifndef HAYSTACK_FACTLOG_H
#define HAYSTACK_FACTLOG_H

#include "base/err.h"
#include "contact/factset.h"
#include "haystack/linktable.h"
#include "haystack/segment.h"

/* The record of a fact in its linktable: a line of the cache. */
struct factlog_fact {
	struct link link;
	uint32_t source;    /* whose sum it is while that source is under way */
	struct factset sum; /* count 0: of none, the source was forgotten */
};

struct factlog {
	struct linktable facts;
	struct region aside; /* struct factlog_aside */
	uint32_t aside_count;
	uint32_t source;
	bool under_way; /* it has not ended */
	uint32_t known; /* facts when it began */
};

/* The sum of ended sources of a fact that the one under way shows too. */
struct factlog_aside {
	uint32_t number;
	struct factset sum;
};

void factlog_init(struct factlog *l, struct stock *stock, uint64_t seed);
void factlog_release(struct factlog *l);

/* Forget all facts, keep the memory. A source under way stays so. */
void factlog_clear(struct factlog *l);
uint64_t factlog_bytes(const struct factlog *l);

/* Facts from now on are of that source. A source has ended, or is to be forgotten. */
void factlog_begin(struct factlog *l, uint32_t source);
void factlog_end(struct factlog *l);
void factlog_drop(struct factlog *l);

/* Sightings of one source: of links, of which sets say the rest. False: out of memory. */
bool factlog_add(struct factlog *l, struct linktable_query *batch, const struct factset *sets,
    size_t count) MUST_USE;

/* Write the facts of ended sources, or of the one under way, under both keys, in order. */
bool factlog_emit(struct factlog *l, bool ended, const struct ranking *ranking,
    struct segment_writer *out, struct err *reterr) MUST_USE;

#endif
