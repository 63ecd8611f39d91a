/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Series come by type, then peer; here a peer's types are put together. The times of one series
 * are sorted already, so a peer with one type, the usual case, costs nothing more.
 */
#include "hunt/trace.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/size.h"
#include "base/stamp.h"

#define OUTCOME_NO_NAME 3 /* NXDOMAIN (RFC 1035 4.1.1) */

bool trace_init(struct trace *t, size_t source_count, struct err *reterr)
{
	*t = (struct trace){ .source_count = source_count };
	buf_init(&t->keys, SIZE_MAX);
	if (source_count == 0)
		return true;
	t->sources = calloc(source_count, sizeof(*t->sources));
	if (t->sources == NULL)
		err_set_memory(reterr);
	return t->sources != NULL;
}

void trace_release(struct trace *t)
{
	free(t->peers);
	free(t->sources);
	free(t->series);
	buf_release(&t->keys);
	free(t->times_ns);
	series_rows_release(&t->rows);
	*t = (struct trace){ 0 };
}

void trace_clear(struct trace *t)
{
	t->peer_count = 0;
	t->contacts = 0;
	t->refused = 0;
	t->series_count = 0;
	buf_clear(&t->keys);
	if (t->sources != NULL)
		memset(t->sources, 0, t->source_count * sizeof(*t->sources));
}

static bool reserve(struct trace *t, size_t times)
{
	size_t wanted = size_add((size_t)t->contacts, times);

	if (t->series_count == t->series_capacity) {
		size_t capacity = t->series_capacity * 2 + 16;
		struct trace_series *series = reallocarray(t->series, capacity, sizeof(*series));

		if (series == NULL)
			return false;
		t->series = series;
		t->series_capacity = capacity;
	}
	if (wanted > t->time_capacity) {
		size_t capacity = size_add(wanted, wanted / 2);
		int64_t *grown = realloc(t->times_ns, size_mul(capacity, sizeof(*grown)));

		if (grown == NULL)
			return false;
		t->times_ns = grown;
		t->time_capacity = capacity;
	}
	return true;
}

bool trace_add(struct trace *t, const struct walk_series *s, struct err *reterr)
{
	struct trace_series *series;

	t->rows.count = 0;
	if (!series_decode(s->value, s->value_len, &t->rows, reterr))
		return false;
	series_view(&t->rows);
	if (!reserve(t, t->rows.count)) {
		err_set_memory(reterr);
		return false;
	}
	series = &t->series[t->series_count++];
	*series = (struct trace_series){ .key_at = t->keys.len,
		.key_len = s->key_len,
		.peer_at = s->key_len - s->peer_len,
		.times_at = (size_t)t->contacts,
		.count = t->rows.count,
		.ttl_max = TTL_NONE,
		.type = s->type,
		.digits_min = UINT8_MAX };
	buf_put(&t->keys, s->key, s->key_len);
	if (!buf_ok(&t->keys)) {
		err_set_memory(reterr);
		return false;
	}
	for (size_t i = 0; i < t->rows.count; i++) {
		const struct series_row *row = &t->rows.rows[i];

		t->times_ns[series->times_at + i] = row->time_ns;
		t->refused += s->kind == KIND_DNS && row->outcome == OUTCOME_NO_NAME;
		if (row->ttl != TTL_NONE &&
		    (series->ttl_max == TTL_NONE || row->ttl > series->ttl_max))
			series->ttl_max = row->ttl;
		if (row->digits < series->digits_min)
			series->digits_min = row->digits;
		if (row->digits > series->digits_max)
			series->digits_max = row->digits;
		if (row->source < t->source_count)
			t->sources[row->source]++;
	}
	t->contacts += t->rows.count;
	return true;
}

static int series_cmp(const void *a, const void *b, void *context)
{
	const struct trace_series *x = a, *y = b;
	const uint8_t *keys = context;
	size_t x_len = x->key_len - x->peer_at, y_len = y->key_len - y->peer_at;
	int order = memcmp(keys + x->key_at + x->peer_at, keys + y->key_at + y->peer_at,
	    x_len < y_len ? x_len : y_len);

	if (order != 0)
		return order;
	if (x_len != y_len)
		return x_len < y_len ? -1 : 1;
	return x->times_at < y->times_at ? -1 : 1; /* by type; no two are equal */
}

static int time_cmp(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static bool same_peer(
    const struct trace *t, const struct trace_series *a, const struct trace_series *b)
{
	size_t len = a->key_len - a->peer_at;

	return len == b->key_len - b->peer_at &&
	       memcmp(t->keys.bytes + a->key_at + a->peer_at,
		   t->keys.bytes + b->key_at + b->peer_at, len) == 0;
}

/* Times of the series in their new order, so that each peer's lie together. */
static bool reorder_times(struct trace *t)
{
	int64_t *ordered = malloc(size_mul((size_t)t->contacts + 1, sizeof(*ordered)));
	size_t at = 0;

	if (ordered == NULL)
		return false;
	for (size_t i = 0; i < t->series_count; i++) {
		struct trace_series *s = &t->series[i];

		memcpy(ordered + at, t->times_ns + s->times_at, s->count * sizeof(*ordered));
		s->times_at = at;
		at += s->count;
	}
	free(t->times_ns);
	t->times_ns = ordered;
	t->time_capacity = (size_t)t->contacts + 1;
	return true;
}

/* Series number from up to, not with, upto are of one peer. */
static void add_peer(struct trace *t, size_t from, size_t upto)
{
	const struct trace_series *s = &t->series[from];
	struct trace_peer *p = &t->peers[t->peer_count++];

	*p = (struct trace_peer){
		.series_key = t->keys.bytes + s->key_at,
		.series_key_len = s->key_len,
		.key = t->keys.bytes + s->key_at + s->peer_at,
		.key_len = s->key_len - s->peer_at,
		.times_ns = t->times_ns + s->times_at,
		.ttl_max = TTL_NONE,
		.digits_min = UINT8_MAX,
	};
	for (size_t i = from; i < upto; i++) {
		const struct trace_series *x = &t->series[i];

		p->count += x->count;
		if (x->ttl_max != TTL_NONE && (p->ttl_max == TTL_NONE || x->ttl_max > p->ttl_max))
			p->ttl_max = x->ttl_max;
		if (x->digits_min < p->digits_min)
			p->digits_min = x->digits_min;
		if (x->digits_max > p->digits_max)
			p->digits_max = x->digits_max;
	}
	if (upto > from + 1)
		qsort(t->times_ns + s->times_at, p->count, sizeof(*t->times_ns), time_cmp);
}

bool trace_close(struct trace *t, struct err *reterr)
{
	bool sorted = true;

	if (t->series_count > t->peer_capacity) {
		struct trace_peer *peers = reallocarray(t->peers, t->series_count, sizeof(*peers));

		if (peers == NULL)
			goto memory;
		t->peers = peers;
		t->peer_capacity = t->series_count;
	}
	for (size_t i = 1; i < t->series_count && sorted; i++)
		sorted = series_cmp(&t->series[i - 1], &t->series[i], t->keys.bytes) < 0;
	if (!sorted) {
		qsort_r(t->series, t->series_count, sizeof(*t->series), series_cmp, t->keys.bytes);
		if (!reorder_times(t))
			goto memory;
	}
	for (size_t from = 0, upto; from < t->series_count; from = upto) {
		upto = from + 1;
		while (upto < t->series_count && same_peer(t, &t->series[from], &t->series[upto]))
			upto++;
		add_peer(t, from, upto);
	}
	return true;
memory:
	err_set_memory(reterr);
	return false;
}

size_t trace_visit_starts(const struct trace_peer *p, int64_t *ret_ns)
{
	uint64_t start = 0, before = 0;
	size_t visits = 0;

	for (size_t i = 0; i < p->count; i++) {
		uint64_t t = (uint64_t)p->times_ns[i]; /* differences may pass 63 bits */

		if (i == 0 || t - before > LIMIT_VISIT_GAP_S * (uint64_t)NS_PER_S ||
		    t - start > LIMIT_VISIT_SPAN_S * (uint64_t)NS_PER_S) {
			start = t;
			if (ret_ns != NULL)
				ret_ns[visits] = p->times_ns[i];
			visits++;
		}
		before = t;
	}
	return visits;
}

size_t trace_visits(const struct trace_peer *p)
{
	return trace_visit_starts(p, NULL);
}

bool trace_read(
    struct trace *t, struct haystack *h, const uint8_t *group, size_t group_len, struct err *reterr)
{
	struct haystack_range range = { .tag = KEY_TAG_SERIES, .parts = 1 };
	struct walk_series s;
	struct walk *w = NULL;
	struct key prefix;
	bool end, ok = false;

	trace_clear(t);
	prefix.len = group_len;
	memcpy(prefix.bytes, group, group_len);
	range.prefix = &prefix;
	if (!walk_new(h, &range, &w, reterr))
		return false;
	for (;;) {
		if (!walk_next(w, &s, &end, reterr))
			goto out;
		if (end)
			break;
		if (!trace_add(t, &s, reterr))
			goto out;
	}
	ok = trace_close(t, reterr);
out:
	walk_free(w);
	return ok;
}
