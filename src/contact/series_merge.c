/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The union of values of one key. Most values come from different days: where each part begins
 * later than any window reaches back from the end of the part before it, nothing that spans both
 * can change, and the columns and times are joined as they are. Otherwise all rows are decoded,
 * sorted and written anew. Both ways give the same bytes.
 */
#include "contact/series_value.h"

#include <assert.h>

#include "base/stamp.h"
#include "contact/tick.h"

/* More parts than that take the slow way; a case is compacted long before. */
#define PARTS_JOINED_MAX 16

struct part {
	struct series_head head;
	struct cursor body; /* what is still to be read: runs, txids, times */
	uint64_t last_gap;  /* ticks, from the last row but one to the last */
	const struct series_part *from;
};

/* Parts in order of time. */
struct join {
	struct part *parts;
	size_t count;
	uint8_t order[PARTS_JOINED_MAX];
};

static struct part *part_at(const struct join *j, size_t i)
{
	return &j->parts[j->order[i]];
}

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

/* Put part i, the last, in its place by time. */
static void sort_in(struct join *j, uint8_t i)
{
	int64_t first_ns = j->parts[i].head.summary.first_ns;
	size_t at = i;

	for (; at > 0 && part_at(j, at - 1)->head.summary.first_ns > first_ns; at--)
		j->order[at] = j->order[at - 1];
	j->order[at] = i;
}

/* Read the heads. Damage is told by *reterr. */
static bool read_heads(
    const struct series_part *from, size_t count, struct join *j, struct err *reterr)
{
	for (uint8_t i = 0; i < count; i++) {
		struct part *p = &j->parts[i];

		p->from = &from[i];
		p->body = cursor_of(from[i].value, from[i].len);
		if (!series_head_read(&p->body, &p->head))
			return damaged(&p->body, reterr);
		if (p->head.one[COLUMN_SOURCE] &&
		    !map_source(&from[i], &p->head.value[COLUMN_SOURCE]))
			return damaged(&p->body, reterr);
		sort_in(j, i);
	}
	j->count = count;
	return true;
}

static bool can_be_joined(const struct join *j)
{
	const struct series_head *before = NULL;

	for (size_t i = 0; i < j->count; i++) {
		const struct series_head *h = &part_at(j, i)->head;

		/* the run of transaction IDs may go on from part to part */
		if (h->has_txids && j->count > 1)
			return false;
		if (before != NULL &&
		    (h->summary.digits != before->summary.digits ||
			h->summary.first_ns <= before->row_last_ns ||
			(uint64_t)h->summary.first_ns - (uint64_t)before->row_last_ns <=
			    LIMIT_VISIT_GAP_S * NS_PER_S))
			return false;
		before = h;
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

/* The last gap is what the others, up to the end of the value, leave of the span. */
static bool find_last_gap(struct part *p, struct err *reterr)
{
	struct cursor c = p->body;
	uint64_t gap = p->head.span_ticks;

	if (p->head.has_txids)
		skip_txids(&c, &p->head);
	for (uint64_t i = 2; i < p->head.rows && c.err == NULL; i++) {
		uint64_t ticks = cursor_varint_long(&c);

		if (ticks > gap)
			cursor_fail(&c, "times run past the last row");
		gap -= ticks;
	}
	if (c.err == NULL && cursor_left(&c) > 0)
		cursor_fail(&c, "trailing bytes");
	p->last_gap = gap;
	return c.err == NULL || damaged(&c, reterr);
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

static void add_head(struct series_head *h, const struct series_head *p)
{
	struct series_summary *s = &h->summary;

	h->rows += p->rows;
	h->row_last_ns = p->row_last_ns;
	h->span_ticks = (uint64_t)p->first_ticks + p->span_ticks - (uint64_t)h->first_ticks;
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
		h->one[k] = h->one[k] && p->one[k] && h->value[k] == p->value[k];
}

/* The runs of one column, which stand at the beginning of what is left of each body. */
static bool join_runs(
    struct join *j, enum column k, const struct series_head *h, struct buf *out, struct err *reterr)
{
	struct series_run_writer w = { .out = out, .head = h, .column = k };

	for (size_t i = 0; i < j->count; i++) {
		struct part *p = part_at(j, i);
		uint64_t left = p->head.rows;

		if (p->head.one[k]) {
			series_run_add(&w, (struct series_run){ left, p->head.value[k] });
			continue;
		}
		while (left > 0) {
			struct series_run run = series_run_read(&p->body, k, &p->head, left);

			left -= run.len;
			/* that of one value was mapped when it was read */
			if (p->body.err != NULL ||
			    (k == COLUMN_SOURCE && !map_source(p->from, &run.code)))
				return damaged(&p->body, reterr);
			series_run_add(&w, run);
		}
	}
	series_run_end(&w);
	return true;
}

static bool join_times(struct join *j, struct buf *out, struct err *reterr)
{
	for (size_t i = 0; i < j->count; i++) {
		struct part *p = part_at(j, i);
		const struct series_head *next = i + 1 < j->count ? &part_at(j, i + 1)->head : NULL;
		size_t len;

		if (!find_last_gap(p, reterr))
			return false;
		len = cursor_left(&p->body);
		buf_put(out, cursor_take(&p->body, len), len);
		if (next == NULL)
			break;
		if (p->head.rows > 1)
			buf_varint(out, p->last_gap);
		/* the gap to the next part, unless it is the very last, which the span tells */
		if (i + 2 < j->count || next->rows > 1)
			buf_varint(out, (uint64_t)next->first_ticks -
					    (uint64_t)p->head.first_ticks - p->head.span_ticks);
	}
	return true;
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
	UNINITIALIZED struct join j;
	UNINITIALIZED struct series_head h;

	j.parts = parts;
	if (!read_heads(from, count, &j, reterr))
		return false;
	if (count == 1 && parts[0].head.one[COLUMN_SOURCE]) {
		/* the source is in the head: the rest stays as it is */
		size_t len = cursor_left(&parts[0].body);

		series_head_write(&parts[0].head, out);
		buf_put(out, cursor_take(&parts[0].body, len), len);
		return finish(out, reterr);
	}
	if (!can_be_joined(&j))
		return merge_rows(from, count, out, reterr);
	h = part_at(&j, 0)->head;
	for (size_t i = 1; i < count; i++)
		add_head(&h, &part_at(&j, i)->head);
	series_head_write(&h, out);
	for (enum column k = 0; k < COLUMN_COUNT; k++)
		if (!h.one[k] && !join_runs(&j, k, &h, out, reterr))
			return false;
	return join_times(&j, out, reterr) && finish(out, reterr);
}

bool series_merge(const struct series_part *from, size_t count, struct buf *out, struct err *reterr)
{
	UNINITIALIZED struct part parts[PARTS_JOINED_MAX];

	assert(count > 0);
	if (count <= PARTS_JOINED_MAX)
		return join_parts(from, count, parts, out, reterr);
	return merge_rows(from, count, out, reterr);
}
