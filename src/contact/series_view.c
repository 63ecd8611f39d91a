/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From what the sources said to what happened. Rows are put in order, those that differ in
 * nothing but their source are folded, and the halves of exchanges that fell into two captures
 * are joined.
 *
 * Which query does a response answer when several are open? The latest, as the readers of
 * captures pair them, so that a capture that was rotated among the queries and the response
 * gives the contacts of one that was not.
 */
#include "contact/series_value.h"

#include <stdlib.h>

#include "base/stamp.h"

/* Open queries looked at for one response: more than that at once is a flood, not a retry. */
#define JOIN_STEPS_MAX 256

int series_row_cmp(const struct series_row *a, const struct series_row *b)
{
	if (a->time_ns != b->time_ns)
		return a->time_ns < b->time_ns ? -1 : 1;
	if (a->digits != b->digits)
		return a->digits < b->digits ? -1 : 1;
	if (a->ttl != b->ttl)
		return a->ttl < b->ttl ? -1 : 1;
	if (a->outcome != b->outcome)
		return a->outcome < b->outcome ? -1 : 1;
	if (a->traits != b->traits)
		return a->traits < b->traits ? -1 : 1;
	if (a->txid != b->txid)
		return a->txid < b->txid ? -1 : 1;
	return (a->source > b->source) - (a->source < b->source);
}

bool series_row_same(const struct series_row *a, const struct series_row *b)
{
	return a->time_ns == b->time_ns && a->digits == b->digits && a->ttl == b->ttl &&
	       a->outcome == b->outcome && a->traits == b->traits && a->txid == b->txid;
}

bool series_row_is_open_query(const struct series_row *row)
{
	return (row->traits & SEEN_BOTH) == SEEN_QUERY && row->outcome == OUTCOME_NONE &&
	       row->txid >= 0;
}

bool series_row_is_orphan(const struct series_row *row)
{
	return (row->traits & SEEN_BOTH) == SEEN_RESPONSE && row->txid >= 0;
}

static int compare_rows(const void *a, const void *b)
{
	return series_row_cmp(a, b);
}

#define MOVES_A_ROW 8

/*
 * Evidence is in order but for what ended late: few rows are out of place, and not far. False:
 * these are not so, and are left in some order.
 */
static bool insertion_sort(struct series_row *rows, size_t count)
{
	size_t moves = 0;

	for (size_t i = 1; i < count; i++) {
		struct series_row row = rows[i];
		size_t at = i;

		for (; at > 0 && series_row_cmp(&row, &rows[at - 1]) < 0; at--)
			rows[at] = rows[at - 1];
		rows[at] = row;
		moves += i - at;
		if (moves / MOVES_A_ROW > i)
			return false;
	}
	return true;
}

void series_rows_sort(struct series_row *rows, size_t count)
{
	if (!insertion_sort(rows, count))
		qsort(rows, count, sizeof(*rows), compare_rows);
}

/* Of rows that are the same but for their source, keep those of the source that has most. */
static void fold_sources(struct series_rows *r)
{
	size_t kept = 0;

	for (size_t i = 0; i < r->count;) {
		size_t best = i;
		size_t best_count = 0;

		for (size_t j = i; i < r->count && series_row_same(&r->rows[j], &r->rows[i]);) {
			size_t start = i;

			while (i < r->count && r->rows[i].source == r->rows[start].source &&
			       series_row_same(&r->rows[i], &r->rows[start]))
				i++;
			if (i - start > best_count) {
				best_count = i - start;
				best = start;
			}
		}
		/* never ahead of what is still to be read */
		for (size_t k = 0; k < best_count; k++)
			r->rows[kept++] = r->rows[best + k];
	}
	r->count = kept;
}

static int compare_txids(const void *a, const void *b)
{
	const struct series_row *x = a;
	const struct series_row *y = b;

	if (x->txid != y->txid)
		return x->txid < y->txid ? -1 : 1;
	return series_row_cmp(x, y);
}

static bool can_join(const struct series_row *query, const struct series_row *response)
{
	return series_row_is_open_query(query) && query->source != response->source &&
	       (query->traits & ~(unsigned)SEEN_BOTH) == (response->traits & ~(unsigned)SEEN_BOTH);
}

/* The latest open query for the orphan at place i; rows are sorted by txid, time. NULL: none. */
static struct series_row *find_query(struct series_row *rows, size_t i)
{
	const struct series_row *response = &rows[i];

	for (size_t steps = 1; steps <= JOIN_STEPS_MAX && steps <= i; steps++) {
		struct series_row *query = &rows[i - steps];

		/* a joined row, which has lost its txid, stands among the others until they are sorted */
		if (query->txid >= 0 && query->txid != response->txid)
			break;
		if ((uint64_t)response->time_ns - (uint64_t)query->time_ns >
		    LIMIT_PAIR_WINDOW_S * NS_PER_S)
			break;
		if (can_join(query, response))
			return query;
	}
	return NULL;
}

static bool join(struct series_row *rows, size_t i)
{
	struct series_row *query = find_query(rows, i);

	if (query == NULL)
		return false;
	query->outcome = rows[i].outcome;
	query->ttl = rows[i].ttl;
	query->traits |= SEEN_BOTH;
	query->txid = -1;
	return true;
}

/* Whether any were joined. */
static bool join_halves(struct series_rows *r)
{
	size_t kept = 0;
	size_t count = r->count;

	qsort(r->rows, count, sizeof(*r->rows), compare_txids);
	for (size_t i = 0; i < count; i++) {
		r->rows[kept] = r->rows[i];
		if (!series_row_is_orphan(&r->rows[i]) || !join(r->rows, kept))
			kept++;
	}
	r->count = kept;
	series_rows_sort(r->rows, kept);
	return kept < count;
}

/* Nearly all series: one source, which repeats nothing, and no halves that it could join. */
static bool is_its_view(const struct series_rows *r)
{
	bool same = true;

	for (size_t i = 0; i < r->count; i++)
		same &= r->rows[i].source == r->rows[0].source && r->rows[i].txid < 0;
	return same;
}

void series_view(struct series_rows *r)
{
	bool open = false;
	bool orphan = false;

	if (is_its_view(r))
		return;
	fold_sources(r);
	for (size_t i = 0; i < r->count; i++) {
		open = open || series_row_is_open_query(&r->rows[i]);
		orphan = orphan || series_row_is_orphan(&r->rows[i]);
	}
	/* another source may have seen the whole exchange that two halves now make */
	if (open && orphan && join_halves(r))
		fold_sources(r);
}
