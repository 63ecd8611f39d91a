/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The contacts that a writer has met, in order of arrival: sixteen bytes each, because what a row
 * says beside its time is one of few combinations, which are numbered. They are put in order of
 * their keys only when they are written.
 */
#ifndef HAYSTACK_EVENTLOG_H
#define HAYSTACK_EVENTLOG_H

#include "contact/series.h"
#include "haystack/keytable.h"

struct event {
	int64_t time_ns;
	uint32_t traits; /* number of its combination */
	uint32_t key;    /* number in the keytable; later its rank */
};

struct eventlog {
	struct region events;
	size_t count;
	struct region traits; /* struct series_row, times zero: the combinations */
	uint32_t traits_count;
	struct region slots; /* uint32_t: number + 1 of a combination */
	uint32_t slots_mask;
	uint64_t seed;
	struct region per_key; /* uint32_t: events of each key */
	uint32_t most_per_key;
};

void eventlog_init(struct eventlog *l, uint64_t seed);
void eventlog_release(struct eventlog *l);

/* Forget all events, keep the memory. */
void eventlog_clear(struct eventlog *l);

/* Forget the events from number count on. */
void eventlog_cut(struct eventlog *l, size_t count);

/* Bytes in use, with what eventlog_emit() will take for keys keys. */
uint64_t eventlog_bytes(const struct eventlog *l, uint32_t keys);

/* The key's number is given; row->time_ns and what else it says. False: out of memory. */
bool eventlog_add(struct eventlog *l, uint32_t key, const struct series_row *row) MUST_USE;

/* Order of the keys: their places, and of each number the rank. */
struct keyorder {
	const struct keytable *table;
	const struct keytable_item *items;
	const uint32_t *ranks;
};

/*
 * Hand over the events from number from to number to as encoded series, in order of their keys.
 * map, if any, turns source numbers.
 */
bool eventlog_emit(struct eventlog *l, size_t from, size_t to, const struct keyorder *order,
    const uint32_t *map,
    bool (*take)(
	void *context, const struct keytable_key *key, const struct buf *value, struct err *reterr),
    void *context, struct err *reterr) MUST_USE;

#endif
