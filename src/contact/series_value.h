/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The layout of a series value, shared by the files that write it. lodestone-haystack(5) is its
 * description for everybody else.
 *
 *   shape   u8      how each column is stored
 *   form    u8      digits | VIEW_DIFFERS | VISITS_GIVEN | TXIDS_GIVEN
 *   rows    varint
 *   first   zigzag  ticks
 *   span    varint  ticks, to the last row   \ where rows > 1
 *   days    varint                           /
 *   contacts, tail  varints: of the view, and ticks from its last to the last row; VIEW_DIFFERS
 *   visits  varint  VISITS_GIVEN; else as many as contacts
 *   ttl     varint  least TTL + 1, or 0; then the range to the greatest, where TTLs are in runs
 *   outcome varint  the one value; in runs: answered, nxdomain
 *   traits, source  varint where one value
 *   runs    of precision, outcome, TTL, traits, source: (length, value) until all rows are covered
 *   txids   TXIDS_GIVEN: (rows without, rows with, be16 each) until all rows are covered
 *   times   rows - 2 varints: ticks from row to row, without the last, which follows from span
 */
#ifndef CONTACT_SERIES_VALUE_H
#define CONTACT_SERIES_VALUE_H

#include "contact/series.h"

enum column {
	COLUMN_PRECISION,
	COLUMN_OUTCOME, /* + 1, so that none is 0 */
	COLUMN_TTL,     /* + 1, so that none is 0; in runs less the least, + 1 */
	COLUMN_TRAITS,
	COLUMN_SOURCE,
	COLUMN_COUNT,
};

/* How a column is stored: two bits for outcome, traits and source, one for the others. */
#define SHAPE_RUNS  0u
#define SHAPE_ONE   1u
#define SHAPE_USUAL 2u /* one value, the usual one, not written */

#define FORM_DIGITS       0x0fu
#define FORM_VIEW_DIFFERS 0x10u
#define FORM_VISITS_GIVEN 0x20u
#define FORM_TXIDS_GIVEN  0x40u

/* What a value says before its runs. */
struct series_head {
	struct series_summary summary;
	uint64_t rows;
	int64_t row_last_ns; /* of the rows; the view may end earlier */
	int64_t first_ticks; /* as written: what is joined needs no division */
	uint64_t span_ticks; /* from the first to the last row */
	bool one[COLUMN_COUNT];
	uint32_t value[COLUMN_COUNT]; /* where one */
	bool has_txids;
};

/* Stands before the runs afterwards. False: damage, told by value->err. */
bool series_head_read(struct cursor *value, struct series_head *ret) MUST_USE;
void series_head_write(const struct series_head *h, struct buf *out);

/* The code of a column in a row, as one value. */
uint32_t series_column_code(const struct series_row *row, enum column column);

/* The next run of a column in runs; *left counts the rows not yet covered. */
struct series_run {
	uint64_t len;
	uint32_t code;
};
struct series_run series_run_read(
    struct cursor *c, enum column column, const struct series_head *h, uint64_t left);

/* Writes runs so that no two neighbors are equal. */
struct series_run_writer {
	struct buf *out;
	const struct series_head *head;
	enum column column;
	struct series_run run; /* under way; len 0 at first */
};
void series_run_add(struct series_run_writer *w, struct series_run run);
void series_run_end(struct series_run_writer *w);

/* Order of rows as stored: time, precision, TTL, outcome, traits, txid, source. */
int series_row_cmp(const struct series_row *a, const struct series_row *b);

/* The same row, told by another source or twice by one. */
bool series_row_same(const struct series_row *a, const struct series_row *b);

/* An unanswered query, or a response without its query, that may yet meet its other half. */
bool series_row_is_open_query(const struct series_row *row);
bool series_row_is_orphan(const struct series_row *row);

void series_rows_sort(struct series_row *rows, size_t count);

#endif
