/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A series as it is stored: all contacts of one (target, kind, type, peer), packed. The value
 * holds a summary that can be read without the rest, then the run-length columns, then the
 * times as delta varints; lodestone-haystack(5) has the layout. Merging is a multiset union, so
 * it is associative and commutative, and the encoding of a given multiset is unique: segments
 * merge in any order to the same bytes.
 *
 * What is stored is what the sources said, row by row. What is analyzed is the view of it:
 *   - rows equal in two sources are one contact; equal rows within one source stay as many;
 *   - an unanswered query and an orphan response with the same transaction ID at most
 *     LIMIT_PAIR_WINDOW_S later, from two sources, are one contact; of several such queries the
 *     latest.
 * The summary describes the view.
 */
#ifndef CONTACT_SERIES_H
#define CONTACT_SERIES_H

#include "base/buf.h"
#include "base/cursor.h"
#include "base/err.h"
#include "contact/contact.h"

/* One stored row, without its key. Sorted by time, then by every other field. */
struct series_row {
	int64_t time_ns;
	uint32_t ttl;
	uint32_t source; /* index into the segment's list of sources */
	uint16_t outcome;
	uint8_t digits;
	uint8_t traits; /* seen | direction << 2 */
	int32_t txid;   /* -1: none */
};

struct series_summary {
	uint64_t contacts; /* of the view */
	uint64_t visits;   /* LIMIT_VISIT_GAP_S, LIMIT_VISIT_SPAN_S */
	uint64_t days;     /* distinct UTC days */
	int64_t first_ns;
	int64_t last_ns;
	uint8_t digits;   /* the finest precision: the unit of time is 10^-digits s */
	uint32_t ttl_min; /* TTL_NONE where no row has one */
	uint32_t ttl_max;
	uint64_t answered; /* outcome is not OUTCOME_NONE */
	uint64_t nxdomain; /* outcome is 3 */
};

/* A growable array of rows; release with series_rows_release(). */
struct series_rows {
	struct series_row *rows;
	size_t count;
	size_t capacity;
};

void series_rows_release(struct series_rows *r);

/* Sort rows into stored order and append their value to *out. rows may be reordered, count > 0. */
bool series_encode(
    struct series_row *rows, size_t count, struct buf *out, struct err *reterr) MUST_USE;

/* Read the summary alone; the cursor then stands in the middle of the value. */
bool series_read_summary(struct cursor *value, struct series_summary *ret) MUST_USE;

/* All stored rows of a value, appended to *ret. Damage is an error with its offset. */
bool series_decode(
    const uint8_t *value, size_t len, struct series_rows *ret, struct err *reterr) MUST_USE;

/* Turn stored rows, sorted, into the view, in place. source of a joined row: the query's. */
void series_view(struct series_rows *r);

/*
 * Merge values of one key. maps[i] turns the source indexes of value i into those of the merged
 * segment. Values that do not overlap in time (by more than the pairing and visit windows) are
 * joined without decoding their times.
 */
struct series_part {
	const uint8_t *value;
	size_t len;
	const uint32_t *map; /* of map_count entries */
	size_t map_count;
};
bool series_merge(
    const struct series_part *parts, size_t count, struct buf *out, struct err *reterr) MUST_USE;

#endif
