/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The contacts that a writer has met, in order of arrival: sixteen bytes each, because what a row
 * says beside its time is one of few combinations, which are numbered. They are put in order of
 * their keys only when they are written.
 */
#ifndef HAYSTACK_EVENTLOG_H
#define HAYSTACK_EVENTLOG_H

#include "contact/series.h"
#include "haystack/linktable.h"
#include "haystack/segment.h"

struct event {
	int64_t time_ns;
	uint32_t traits; /* number of its combination */
	uint32_t series; /* its number; later its rank */
};

struct eventlog {
	struct region events;
	size_t count;
	struct region traits; /* struct series_row, times zero: the combinations */
	uint32_t traits_count;
	struct region slots; /* uint32_t: number + 1 of a combination */
	uint32_t slots_mask;
	uint64_t seed;
	uint32_t most; /* events of the longest series */
};

/* The record of a series in its linktable. */
struct eventlog_series {
	struct link link;
	uint32_t events;
};

void eventlog_init(struct eventlog *l, struct stock *stock, uint64_t seed);
void eventlog_release(struct eventlog *l);

/* Forget all events, keep the memory. */
void eventlog_clear(struct eventlog *l);

/* Forget the events from number count on. */
void eventlog_cut(struct eventlog *l, size_t count, const struct linktable *series);

/* Bytes in use, with what eventlog_emit() will take for so many series. */
uint64_t eventlog_bytes(const struct eventlog *l, uint32_t series_count);

#define EVENTLOG_BATCH 64

/* Rows, at most EVENTLOG_BATCH, of series that are numbered. False: out of memory. */
bool eventlog_add(struct eventlog *l, const struct linktable *series,
    const struct linktable_query *batch, const struct series_row *rows, size_t count) MUST_USE;

/* The series in order: count of them. */
struct eventlog_order {
	const struct ranking *ranking;
	const struct linkitem *items;
	uint32_t count;
};

/*
 * Write the events from number from to number to as encoded series, in order of their keys.
 * map, if any, turns source numbers. No more may be added or written of the same events: their
 * numbers are turned where they are.
 */
bool eventlog_emit(struct eventlog *l, size_t from, size_t to, const struct eventlog_order *order,
    const uint32_t *map, struct segment_writer *out, struct err *reterr) MUST_USE;

#endif
