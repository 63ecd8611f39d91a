/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows in, packed value out, and back. Columns are stored apart because most of them never
 * change within a series: one value is then all that is written, and what is left is about the
 * entropy of the gaps. (Abadi, Madden & Ferreira, "Integrating compression and execution in
 * column-oriented database systems", SIGMOD 2006.)
 */
#include "contact/series.h"

#include <stdlib.h>
#include <string.h>

#include "base/size.h"
#include "base/stamp.h"
#include "contact/series_value.h"
#include "contact/tick.h"

#define RCODE_NXDOMAIN 3

void series_rows_release(struct series_rows *r)
{
	free(r->rows);
	*r = (struct series_rows){ .rows = NULL };
}

/* Room for n more. */
static bool reserve(struct series_rows *r, size_t n)
{
	size_t want = size_add(r->count, n);
	size_t capacity = r->capacity == 0 ? 16 : r->capacity;
	struct series_row *rows;

	if (want <= r->capacity)
		return true;
	while (capacity < want)
		capacity = size_mul(capacity, 2);
	rows = realloc(r->rows, size_mul(capacity, sizeof(*rows)));
	if (rows == NULL)
		return false;
	r->rows = rows;
	r->capacity = capacity;
	return true;
}

/* ---- encode ---- */

/* A time that its precision cannot hold would be lost: raise the precision until it fits. */
static uint8_t finest_digits(struct series_row *rows, size_t count)
{
	uint8_t finest = 0;

	for (size_t i = 0; i < count; i++) {
		rows[i].digits = tick_digits(rows[i].time_ns, rows[i].digits);
		if (rows[i].digits > finest)
			finest = rows[i].digits;
	}
	return finest;
}

/* Might the view of these rows be other than the rows themselves? */
static bool has_view(const struct series_row *rows, size_t count)
{
	bool open = false;
	bool orphan = false;

	for (size_t i = 0; i < count; i++) {
		open = open || series_row_is_open_query(&rows[i]);
		orphan = orphan || series_row_is_orphan(&rows[i]);
		if (i > 0 && rows[i].source != rows[i - 1].source &&
		    series_row_same(&rows[i - 1], &rows[i]))
			return true;
	}
	return open && orphan;
}

/* Counts and times of rows in time order. */
static void summarize(const struct series_row *rows, size_t count, struct series_summary *s)
{
	uint64_t visit_ns = (uint64_t)rows[0].time_ns; /* as unsigned, distances cannot overflow */
	uint64_t day_ns = (uint64_t)stamp_day(rows[0].time_ns) * NS_PER_DAY;
	uint64_t before_ns = visit_ns;

	s->contacts = count;
	s->visits = 1;
	s->days = 1;
	s->first_ns = rows[0].time_ns;
	s->last_ns = rows[count - 1].time_ns;
	for (size_t i = 0; i < count; i++) {
		uint64_t t = (uint64_t)rows[i].time_ns;

		s->answered += rows[i].outcome != OUTCOME_NONE;
		s->nxdomain += rows[i].outcome == RCODE_NXDOMAIN;
		if (t - before_ns > LIMIT_VISIT_GAP_S * NS_PER_S ||
		    t - visit_ns > LIMIT_VISIT_SPAN_S * NS_PER_S) {
			s->visits++;
			visit_ns = t;
		}
		if (t - day_ns >= NS_PER_DAY) {
			s->days++;
			day_ns = (uint64_t)stamp_day(rows[i].time_ns) * NS_PER_DAY;
		}
		before_ns = t;
	}
}

static bool summarize_view(const struct series_row *rows, size_t count, struct series_summary *s)
{
	struct series_rows view = { .rows = NULL };

	if (!reserve(&view, count))
		return false;
	memcpy(view.rows, rows, count * sizeof(*rows));
	view.count = count;
	series_view(&view);
	summarize(view.rows, view.count, s);
	series_rows_release(&view);
	return true;
}

static void find_columns(const struct series_row *rows, size_t count, struct series_head *h)
{
	struct series_summary *s = &h->summary;

	for (enum column k = 0; k < COLUMN_COUNT; k++) {
		h->one[k] = true;
		h->value[k] = series_column_code(&rows[0], k);
	}
	s->ttl_min = TTL_NONE;
	s->ttl_max = TTL_NONE;
	for (size_t i = 0; i < count; i++) {
		const struct series_row *row = &rows[i];

		h->one[COLUMN_PRECISION] &= row->digits == rows[0].digits;
		h->one[COLUMN_OUTCOME] &= row->outcome == rows[0].outcome;
		h->one[COLUMN_TTL] &= row->ttl == rows[0].ttl;
		h->one[COLUMN_TRAITS] &= row->traits == rows[0].traits;
		h->one[COLUMN_SOURCE] &= row->source == rows[0].source;
		h->has_txids = h->has_txids || row->txid >= 0;
		if (row->ttl == TTL_NONE)
			continue;
		if (s->ttl_min == TTL_NONE || row->ttl < s->ttl_min)
			s->ttl_min = row->ttl;
		if (s->ttl_max == TTL_NONE || row->ttl > s->ttl_max)
			s->ttl_max = row->ttl;
	}
}

static void write_runs(const struct series_row *rows, size_t count, enum column column,
    const struct series_head *h, struct buf *out)
{
	struct series_run_writer w = { .out = out, .head = h, .column = column };

	for (size_t i = 0; i < count; i++)
		series_run_add(&w, (struct series_run){ 1, series_column_code(&rows[i], column) });
	series_run_end(&w);
}

static void write_txids(const struct series_row *rows, size_t count, struct buf *out)
{
	size_t i = 0;

	while (i < count) {
		size_t start = i;
		size_t with;

		while (i < count && rows[i].txid < 0)
			i++;
		with = i;
		while (i < count && rows[i].txid >= 0)
			i++;
		buf_varint(out, with - start);
		buf_varint(out, i - with);
		for (; with < i; with++)
			buf_be16(out, (uint16_t)rows[with].txid);
	}
}

/* Most series are of one contact, about which there is nothing to count. */
static void describe_one(struct series_row *row, struct series_head *h)
{
	row->digits = tick_digits(row->time_ns, row->digits);
	for (enum column k = 0; k < COLUMN_COUNT; k++) {
		h->one[k] = true;
		h->value[k] = series_column_code(row, k);
	}
	h->summary = (struct series_summary){ .contacts = 1,
		.visits = 1,
		.days = 1,
		.first_ns = row->time_ns,
		.last_ns = row->time_ns,
		.digits = row->digits,
		.ttl_min = row->ttl,
		.ttl_max = row->ttl,
		.answered = row->outcome != OUTCOME_NONE,
		.nxdomain = row->outcome == RCODE_NXDOMAIN };
	h->row_last_ns = row->time_ns;
	h->first_ticks = row->time_ns / tick_ns(row->digits);
	h->has_txids = row->txid >= 0;
}

/* All that the head says, of rows that are sorted meanwhile. False: out of memory. */
static bool describe(struct series_row *rows, size_t count, struct series_head *h)
{
	struct series_summary *s = &h->summary;

	/* before the sort, which orders by precision too */
	s->digits = finest_digits(rows, count);
	series_rows_sort(rows, count);
	find_columns(rows, count, h);
	h->row_last_ns = rows[count - 1].time_ns;
	h->first_ticks = rows[0].time_ns / tick_ns(s->digits);
	h->span_ticks = tick_between(rows[0].time_ns, h->row_last_ns, s->digits);
	if (has_view(rows, count))
		return summarize_view(rows, count, s);
	summarize(rows, count, s);
	return true;
}

bool series_encode(struct series_row *rows, size_t count, struct buf *out, struct err *reterr)
{
	struct series_head h = { .rows = count };

	if (count == 1) {
		describe_one(rows, &h);
	} else if (!describe(rows, count, &h)) {
		err_set_memory(reterr);
		return false;
	}
	series_head_write(&h, out);
	for (enum column k = 0; k < COLUMN_COUNT; k++)
		if (!h.one[k])
			write_runs(rows, count, k, &h, out);
	if (h.has_txids)
		write_txids(rows, count, out);
	for (size_t i = 1; i + 1 < count; i++)
		buf_varint(
		    out, tick_between(rows[i - 1].time_ns, rows[i].time_ns, h.summary.digits));
	if (!buf_ok(out))
		err_set_memory(reterr);
	return buf_ok(out);
}

/* ---- decode ---- */

bool series_read_summary(struct cursor *value, struct series_summary *ret)
{
	UNINITIALIZED struct series_head h;

	if (!series_head_read(value, &h))
		return false;
	*ret = h.summary;
	return true;
}

static void set_code(struct series_row *row, enum column column, uint32_t code)
{
	switch (column) {
	case COLUMN_PRECISION:
		row->digits = (uint8_t)code;
		break;
	case COLUMN_OUTCOME:
		row->outcome = (uint16_t)(code - 1);
		break;
	case COLUMN_TTL:
		row->ttl = code - 1;
		break;
	case COLUMN_TRAITS:
		row->traits = (uint8_t)code;
		break;
	case COLUMN_SOURCE:
	case COLUMN_COUNT:
		row->source = code;
		break;
	}
}

static void read_runs(
    struct cursor *c, enum column column, const struct series_head *h, struct series_row *rows)
{
	uint64_t at = 0;

	while (at < h->rows) {
		struct series_run run = series_run_read(c, column, h, h->rows - at);

		for (; run.len > 0; run.len--)
			set_code(&rows[at++], column, run.code);
	}
}

static void read_txids(struct cursor *c, const struct series_head *h, struct series_row *rows)
{
	uint64_t at = 0;

	while (at < h->rows && c->err == NULL) {
		uint64_t without = cursor_varint(c);
		uint64_t with = cursor_varint(c);

		if (without > h->rows - at || with > h->rows - at - without ||
		    without + with == 0) {
			cursor_fail(c, "transaction IDs for more rows than there are");
			return;
		}
		at += without;
		for (; with > 0; with--)
			rows[at++].txid = cursor_be16(c);
	}
}

static void read_times(struct cursor *c, const struct series_head *h, struct series_row *rows)
{
	int64_t t = h->summary.first_ns;

	rows[0].time_ns = t;
	for (uint64_t i = 1; i + 1 < h->rows; i++) {
		if (!tick_add(t, cursor_varint_long(c), h->summary.digits, &t) ||
		    t > h->row_last_ns) {
			cursor_fail(c, "times run past the last row");
			return;
		}
		rows[i].time_ns = t;
	}
	rows[h->rows - 1].time_ns = h->row_last_ns;
}

static void read_rows(struct cursor *c, const struct series_head *h, struct series_row *rows)
{
	struct series_row row = { .txid = -1 };

	for (enum column k = 0; k < COLUMN_COUNT; k++)
		set_code(&row, k, h->value[k]);
	for (uint64_t i = 0; i < h->rows; i++)
		rows[i] = row;
	for (enum column k = 0; k < COLUMN_COUNT; k++)
		if (!h->one[k])
			read_runs(c, k, h, rows);
	if (h->has_txids)
		read_txids(c, h, rows);
	read_times(c, h, rows);
	if (c->err == NULL && cursor_left(c) > 0)
		cursor_fail(c, "trailing bytes");
}

bool series_decode(const uint8_t *value, size_t len, struct series_rows *ret, struct err *reterr)
{
	struct cursor c = cursor_of(value, len);
	UNINITIALIZED struct series_head h;

	/* all rows but the first and the last take a byte at least: no small value makes a big array */
	if (series_head_read(&c, &h) && h.rows > cursor_left(&c) + 2)
		cursor_fail(&c, "more rows than bytes");
	if (c.err == NULL && !reserve(ret, h.rows)) {
		err_set_memory(reterr);
		return false;
	}
	if (c.err == NULL)
		read_rows(&c, &h, ret->rows + ret->count);
	if (c.err != NULL) {
		err_set_at(reterr, ERR_DAMAGED, c.pos, "series value cannot be read: %s", c.err);
		return false;
	}
	ret->count += h.rows;
	return true;
}
