/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The union of values of one key. Most values come from different days: where each part begins
 * later than any window reaches back from the end of the part before it, nothing that spans both
 * can change, and the columns and times are joined as they are. Otherwise all rows are decoded,
 * sorted and written anew. Both ways give the same bytes.
 */
#include "contact/series_value.h"

#include "base/stamp.h"
#include "contact/tick.h"

/* More parts than that take the slow way; a case is compacted long before. */
#define PARTS_JOINED_MAX 16

/* Up to as many take a small frame: clearing the large one would cost more than the work. */
#define PARTS_FEW_MAX 3

struct part {
	struct series_head head;
	struct cursor runs[COLUMN_COUNT];
	struct cursor times; /* txids, which one part alone may have, and rows - 2 varints */
	uint64_t last_gap;   /* ticks, from the last row but one to the last */
	const struct series_part *from;
};

static bool map_source(const struct series_part *p, uint32_t *source)
{
	if (*source >= p->map_count)
		return false;
	*source = p->map[*source];
	return true;
}

static bool damaged(const struct cursor *c, struct err *reterr)
{
	err_set_at(reterr, ERR_DAMAGED, c->pos, "series value cannot be read: %s",
	    c->err != NULL ? c->err : "it names a source that its segment does not have");
	return false;
}

/* ---- by rows ---- */

static bool merge_rows(
    const struct series_part *parts, size_t count, struct buf *out, struct err *reterr)
{
	bool ok = false;
	struct series_rows rows = { .rows = NULL };

	for (size_t i = 0; i < count; i++) {
		size_t at = rows.count;

		if (!series_decode(parts[i].value, parts[i].len, &rows, reterr))
			goto out;
		for (; at < rows.count; at++) {
			if (!map_source(&parts[i], &rows.rows[at].source)) {
				struct cursor c = cursor_of(parts[i].value, parts[i].len);

				(void)damaged(&c, reterr);
				goto out;
			}
		}
	}
	ok = series_encode(rows.rows, rows.count, out, reterr);
out:
	series_rows_release(&rows);
	return ok;
}

/* ---- as they are ---- */

static bool comes_later(const struct part *a, const struct part *b)
{
	return a->head.summary.first_ns > b->head.summary.first_ns;
}

/* Move the last part to its place by time. */
static void sort_in(struct part *parts, size_t last)
{
	struct part p = parts[last];

	for (; last > 0 && comes_later(&parts[last - 1], &p); last--)
		parts[last] = parts[last - 1];
	parts[last] = p;
}

/* Read the heads, in order of time. Damage is told by *reterr. */
static bool read_heads(
    const struct series_part *from, size_t count, struct part *parts, struct err *reterr)
{
	for (size_t i = 0; i < count; i++) {
		struct part *p = &parts[i];

		p->from = &from[i];
		p->times = cursor_of(from[i].value, from[i].len);
		if (!series_head_read(&p->times, &p->head))
			return damaged(&p->times, reterr);
		if (p->head.one[COLUMN_SOURCE] &&
		    !map_source(&from[i], &p->head.value[COLUMN_SOURCE]))
			return damaged(&p->times, reterr);
		if (i > 0 && comes_later(&parts[i - 1], p))
			sort_in(parts, i);
	}
	return true;
}

static bool can_be_joined(const struct part *parts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct series_head *h = &parts[i].head;

		/* the run of transaction IDs may go on from part to part */
		if (h->has_txids && count > 1)
			return false;
		if (h->summary.digits != parts[0].head.summary.digits)
			return false;
		if (i == 0)
			continue;
		if (h->summary.first_ns <= parts[i - 1].head.row_last_ns)
			return false;
		if ((uint64_t)h->summary.first_ns - (uint64_t)parts[i - 1].head.row_last_ns <=
		    LIMIT_VISIT_GAP_S * NS_PER_S)
			return false;
	}
	return true;
}

static void skip_txids(struct cursor *c, const struct series_head *h)
{
	uint64_t left = h->rows;

	while (left > 0 && c->err == NULL) {
		uint64_t without = cursor_varint(c);
		uint64_t with = cursor_varint(c);

		if (without > left || with > left - without || without + with == 0)
			cursor_fail(c, "transaction IDs for more rows than there are");
		else
			cursor_skip(c, 2 * with);
		left -= without + with;
	}
}

/* Find where the runs of each column and the times are; the last gap is what they leave of the span. */
static bool read_body(struct part *p, struct err *reterr)
{
	struct cursor *c = &p->times;
	const struct series_head *h = &p->head;
	uint64_t gap = tick_between(h->summary.first_ns, h->row_last_ns, h->summary.digits);
	struct cursor times;

	for (enum column k = 0; k < COLUMN_COUNT; k++) {
		p->runs[k] = *c;
		for (uint64_t left = h->one[k] ? 0 : h->rows; left > 0;)
			left -= series_run_read(c, k, h, left).len;
	}
	times = *c;
	if (h->has_txids)
		skip_txids(c, h);
	for (uint64_t i = 2; i < h->rows && c->err == NULL; i++) {
		uint64_t ticks = cursor_varint(c);

		if (ticks > gap)
			cursor_fail(c, "times run past the last row");
		gap -= ticks;
	}
	if (c->err == NULL && cursor_left(c) > 0)
		cursor_fail(c, "trailing bytes");
	if (c->err != NULL)
		return damaged(c, reterr);
	p->times = times;
	p->last_gap = gap;
	return true;
}

static void add_ttls(struct series_summary *s, const struct series_summary *part)
{
	if (part->ttl_min == TTL_NONE)
		return;
	if (s->ttl_min == TTL_NONE || part->ttl_min < s->ttl_min)
		s->ttl_min = part->ttl_min;
	if (s->ttl_max == TTL_NONE || part->ttl_max > s->ttl_max)
		s->ttl_max = part->ttl_max;
}

static struct series_head join_heads(const struct part *parts, size_t count)
{
	struct series_head h = parts[0].head;
	struct series_summary *s = &h.summary;

	for (size_t i = 1; i < count; i++) {
		const struct series_head *p = &parts[i].head;

		h.rows += p->rows;
		h.row_last_ns = p->row_last_ns;
		s->contacts += p->summary.contacts;
		s->visits += p->summary.visits;
		s->days += p->summary.days;
		if (stamp_day(s->last_ns) == stamp_day(p->summary.first_ns))
			s->days--;
		s->last_ns = p->summary.last_ns;
		s->answered += p->summary.answered;
		s->nxdomain += p->summary.nxdomain;
		add_ttls(s, &p->summary);
		for (enum column k = 0; k < COLUMN_COUNT; k++)
			h.one[k] = h.one[k] && p->one[k] && h.value[k] == p->value[k];
	}
	return h;
}

static bool join_runs(
    struct part *parts, size_t count, enum column k, const struct series_head *h, struct buf *out)
{
	struct series_run_writer w = { .out = out, .head = h, .column = k };

	for (size_t i = 0; i < count; i++) {
		struct part *p = &parts[i];
		uint64_t left = p->head.rows;

		while (left > 0) {
			struct series_run run = { left, p->head.value[k] };

			if (!p->head.one[k])
				run = series_run_read(&p->runs[k], k, &p->head, left);
			left -= run.len;
			/* that of one value was mapped when it was read */
			if (k == COLUMN_SOURCE && !p->head.one[k] &&
			    !map_source(p->from, &run.code))
				return false;
			series_run_add(&w, run);
		}
	}
	series_run_end(&w);
	return true;
}

static void join_times(const struct part *parts, size_t count, struct buf *out)
{
	for (size_t i = 0; i < count; i++) {
		const struct part *p = &parts[i];
		struct cursor times = p->times;
		size_t len = cursor_left(&times);

		buf_put(out, cursor_take(&times, len), len);
		if (i + 1 == count)
			break;
		if (p->head.rows > 1)
			buf_varint(out, p->last_gap);
		/* the gap to the next part, unless it is the very last, which the span tells */
		if (i + 2 < count || parts[i + 1].head.rows > 1)
			buf_varint(
			    out, tick_between(p->head.row_last_ns,
				     parts[i + 1].head.summary.first_ns, p->head.summary.digits));
	}
}

static bool finish(const struct buf *out, struct err *reterr)
{
	if (!buf_ok(out))
		err_set_memory(reterr);
	return buf_ok(out);
}

static bool join_parts(const struct series_part *from, size_t count, struct part *parts,
    struct buf *out, struct err *reterr)
{
	struct series_head h;

	if (!read_heads(from, count, parts, reterr))
		return false;
	if (count == 1 && parts[0].head.one[COLUMN_SOURCE]) {
		/* the source is in the head: the rest stays as it is */
		size_t len = cursor_left(&parts[0].times);

		series_head_write(&parts[0].head, out);
		buf_put(out, cursor_take(&parts[0].times, len), len);
		return finish(out, reterr);
	}
	if (!can_be_joined(parts, count))
		return merge_rows(from, count, out, reterr);
	for (size_t i = 0; i < count; i++)
		if (!read_body(&parts[i], reterr))
			return false;
	h = join_heads(parts, count);
	series_head_write(&h, out);
	for (enum column k = 0; k < COLUMN_COUNT; k++)
		if (!h.one[k] && !join_runs(parts, count, k, &h, out))
			return damaged(&parts[0].runs[k], reterr);
	join_times(parts, count, out);
	return finish(out, reterr);
}

bool series_merge(const struct series_part *from, size_t count, struct buf *out, struct err *reterr)
{
	if (count <= PARTS_FEW_MAX) {
		struct part few[PARTS_FEW_MAX];

		return join_parts(from, count, few, out, reterr);
	}
	if (count <= PARTS_JOINED_MAX) {
		struct part many[PARTS_JOINED_MAX];

		return join_parts(from, count, many, out, reterr);
	}
	return merge_rows(from, count, out, reterr);
}
