/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The contacts of one target: counted in equal bins between two times, for a chart that is zoomed
 * from months to seconds, and listed one by one. A series that lies outside of the times is told
 * by its summary and not decoded.
 */
#include "serve/api.h"

#include <stdlib.h>
#include <string.h>

#include "base/size.h"
#include "report/json_contact.h"
#include "report/member.h"

#define BINS_DEFAULT   400
#define BINS_MAX       4000
#define CURVES_MAX     8      /* peers with a curve of their own */
#define CONTACTS_MAX   200000 /* listed between two times; a longer list is cut */
#define BIN_LEAST_NS   1000000
#define PEER_TABLE_MAX (1u << 20) /* peers that are told apart to find the busiest */

/* What is asked: of a target, perhaps of one peer, between two times. */
struct span {
	struct endpoint target;
	struct endpoint peer;
	bool one_peer;
	int64_t from_ns;
	int64_t upto_ns; /* the last one still in it */
};

static bool read_span(const struct request *r, struct span *ret, struct answer *a)
{
	*ret = (struct span){ .from_ns = INT64_MIN, .upto_ns = INT64_MAX };
	ret->one_peer = r->argument(r->context, "peer") != NULL;
	return request_endpoint(r, "name", &ret->target, a) &&
	       (!ret->one_peer || request_endpoint(r, "peer", &ret->peer, a)) &&
	       request_time(r, "from", &ret->from_ns, a) && request_time(r, "to", &ret->upto_ns, a);
}

/* One series of the span; value is borrowed until the next. */
struct visit {
	struct contact key;
	struct series_summary summary;
	const uint8_t *value;
	size_t value_len;
};

typedef bool series_visitor(void *context, const struct visit *v, struct err *reterr);

static bool visit_entry(const struct span *span, const struct haystack_entry *e,
    series_visitor *visitor, void *context, struct err *reterr)
{
	struct visit v = { .value = e->value, .value_len = e->value_len };
	struct cursor value = cursor_of(e->value, e->value_len);

	if (!key_read_series(e->key, e->key_len, &v.key) ||
	    !series_read_summary(&value, &v.summary)) {
		err_set(reterr, ERR_DAMAGED, "a series cannot be read; verify the case");
		return false;
	}
	if ((span->one_peer && endpoint_cmp(&v.key.peer, &span->peer) != 0) ||
	    v.summary.last_ns < span->from_ns || v.summary.first_ns > span->upto_ns)
		return true;
	return visitor(context, &v, reterr);
}

static bool each_series(struct haystack *h, const struct span *span, series_visitor *visitor,
    void *context, struct err *reterr)
{
	struct haystack_range range = { .tag = KEY_TAG_SERIES, .parts = 1 };
	struct haystack_scan *scan = NULL;
	struct haystack_entry entry;
	struct key prefix;
	bool end = false, ok;

	key_of_target(&prefix, KEY_TAG_SERIES, &span->target);
	range.prefix = &prefix;
	ok = haystack_scan_new(h, &range, &scan, reterr);
	while (ok && (ok = haystack_scan_next(scan, &entry, &end, reterr)) && !end)
		ok = visit_entry(span, &entry, visitor, context, reterr);
	haystack_scan_free(scan);
	return ok;
}

/* Rows of a series as they are analyzed, in *rows, which is used again. */
static bool read_rows(const struct visit *v, struct series_rows *rows, struct err *reterr)
{
	rows->count = 0;
	if (!series_decode(v->value, v->value_len, rows, reterr))
		return false;
	series_view(rows);
	return true;
}

/* ---- activity ---- */

struct tally {
	struct endpoint peer;
	uint64_t contacts;
};

struct activity {
	const struct span *span;
	struct tally *peers; /* in key order of first sight, later the busiest first */
	size_t peer_count;
	size_t peer_capacity;
	size_t curves; /* of the first peers; one more holds the others */
	bool others;
	int64_t first_ns;
	int64_t last_ns;
	int64_t step_ns;
	size_t bins;
	uint32_t *counts; /* bins for each curve */
	struct series_rows rows;
};

static bool tally_series(void *context, const struct visit *v, struct err *reterr)
{
	struct activity *x = context;
	struct tally *t = NULL;

	x->first_ns = v->summary.first_ns < x->first_ns ? v->summary.first_ns : x->first_ns;
	x->last_ns = v->summary.last_ns > x->last_ns ? v->summary.last_ns : x->last_ns;
	/* series of one type come in the order of their peers: others were met with another type */
	for (size_t i = 0; t == NULL && i < x->peer_count && x->peer_count <= CURVES_MAX; i++)
		if (endpoint_cmp(&x->peers[i].peer, &v->key.peer) == 0)
			t = &x->peers[i];
	if (t != NULL) {
		t->contacts += v->summary.contacts;
		return true;
	}
	if (x->peer_count == PEER_TABLE_MAX)
		return true;
	if (x->peer_count == x->peer_capacity) {
		size_t capacity = x->peer_capacity == 0 ? 64 : 2 * x->peer_capacity;
		struct tally *peers = realloc(x->peers, size_mul(capacity, sizeof(*peers)));

		if (peers == NULL) {
			err_set_memory(reterr);
			return false;
		}
		x->peers = peers;
		x->peer_capacity = capacity;
	}
	x->peers[x->peer_count++] = (struct tally){ v->key.peer, v->summary.contacts };
	return true;
}

static int compare_endpoints(const void *a, const void *b)
{
	return endpoint_cmp(&((const struct tally *)a)->peer, &((const struct tally *)b)->peer);
}

static int compare_tallies(const void *x, const void *y)
{
	const struct tally *a = x, *b = y;

	if (a->contacts != b->contacts)
		return a->contacts < b->contacts ? 1 : -1;
	return endpoint_cmp(&a->peer, &b->peer);
}

/* One entry a peer, the busiest first. */
static void rank_peers(struct activity *x)
{
	size_t kept = 0;

	if (x->peer_count == 0)
		return;
	qsort(x->peers, x->peer_count, sizeof(*x->peers), compare_endpoints);
	for (size_t i = 0; i < x->peer_count; i++) {
		if (kept > 0 && endpoint_cmp(&x->peers[kept - 1].peer, &x->peers[i].peer) == 0)
			x->peers[kept - 1].contacts += x->peers[i].contacts;
		else
			x->peers[kept++] = x->peers[i];
	}
	x->peer_count = kept;
	qsort(x->peers, kept, sizeof(*x->peers), compare_tallies);
	x->curves = kept < CURVES_MAX ? kept : CURVES_MAX;
	x->others = kept > CURVES_MAX;
}

/* Bins between the times asked for, or those of the contacts where none were. */
static bool lay_bins(struct activity *x, uint64_t bins, struct err *reterr)
{
	uint64_t width;

	if (x->span->from_ns != INT64_MIN)
		x->first_ns = x->span->from_ns;
	if (x->span->upto_ns != INT64_MAX)
		x->last_ns = x->span->upto_ns;
	width = x->last_ns > x->first_ns ? (uint64_t)x->last_ns - (uint64_t)x->first_ns : 0;
	x->step_ns = (int64_t)(width / bins) + 1;
	if (x->step_ns < BIN_LEAST_NS)
		x->step_ns = BIN_LEAST_NS;
	x->bins = (size_t)(width / (uint64_t)x->step_ns) + 1;
	x->counts = calloc(size_mul(x->bins, x->curves + 1), sizeof(*x->counts));
	if (x->counts == NULL)
		err_set_memory(reterr);
	return x->counts != NULL;
}

static bool count_series(void *context, const struct visit *v, struct err *reterr)
{
	struct activity *x = context;
	uint32_t *counts;
	size_t curve = 0;

	while (curve < x->curves && endpoint_cmp(&x->peers[curve].peer, &v->key.peer) != 0)
		curve++;
	counts = x->counts + curve * x->bins;
	if (!read_rows(v, &x->rows, reterr))
		return false;
	for (size_t i = 0; i < x->rows.count; i++) {
		int64_t at = x->rows.rows[i].time_ns;

		if (at >= x->first_ns && at <= x->last_ns)
			counts[((uint64_t)at - (uint64_t)x->first_ns) / (uint64_t)x->step_ns]++;
	}
	return true;
}

static void print_curve(
    struct printer *p, const struct activity *x, const struct endpoint *peer, size_t curve)
{
	uint64_t total = 0;

	printer_begin_map(p);
	if (peer == NULL)
		member_text(p, "peer", NULL);
	else
		member_endpoint(p, "peer", peer);
	printer_map_key(p, "counts");
	printer_begin_list(p);
	for (size_t i = 0; i < x->bins; i++) {
		printer_uinteger(p, x->counts[curve * x->bins + i]);
		total += x->counts[curve * x->bins + i];
	}
	printer_end(p);
	member_count(p, "contacts", total);
	printer_end(p);
}

static void print_activity(struct printer *p, const struct activity *x)
{
	printer_begin_map(p);
	printer_map_key(p, "from");
	printer_epoch(p, (struct stamp){ x->first_ns, 9 });
	printer_map_key(p, "step");
	printer_epoch(p, (struct stamp){ x->step_ns, 9 });
	member_count(p, "bins", x->bins);
	member_count(p, "peers_total", x->peer_count);
	printer_map_key(p, "curves");
	printer_begin_list(p);
	for (size_t i = 0; i < x->curves; i++)
		print_curve(p, x, &x->peers[i].peer, i);
	if (x->others)
		print_curve(p, x, NULL, x->curves);
	printer_end(p);
	printer_end(p);
}

bool api_activity(struct serving *s, const struct request *r, struct answer *a, struct err *reterr)
{
	struct span span, whole;
	struct activity x = { .span = &span, .first_ns = INT64_MAX, .last_ns = INT64_MIN };
	uint64_t bins = BINS_DEFAULT;
	bool ok;

	if (!read_span(r, &span, a) || !request_number(r, "bins", 1, BINS_MAX, &bins, a))
		return true;
	if (span.from_ns > span.upto_ns)
		return answer_refuse(a, 400, "'from' is later than 'to'");
	/* curves keep their peers while one zooms */
	whole = span;
	whole.from_ns = INT64_MIN;
	whole.upto_ns = INT64_MAX;
	ok = each_series(s->view.haystack, &whole, tally_series, &x, reterr);
	if (ok && x.peer_count == 0) {
		(void)answer_refuse(a, 404, "the case has no such contacts");
	} else if (ok) {
		rank_peers(&x);
		ok = lay_bins(&x, bins, reterr) &&
		     each_series(s->view.haystack, &span, count_series, &x, reterr);
		if (ok)
			print_activity(&a->printer, &x);
	}
	free(x.peers);
	free(x.counts);
	series_rows_release(&x.rows);
	return ok;
}

/* ---- the contacts one by one ---- */

struct listed {
	struct series_row row;
	uint32_t series;
};

struct list {
	const struct span *span;
	struct contact *series; /* keys of those that have a row here */
	size_t series_count;
	size_t series_capacity;
	struct listed *items;
	size_t count;
	size_t capacity;
	bool cut;
	struct series_rows rows;
};

static bool grow(void **items, size_t *capacity, size_t count, size_t item_bytes)
{
	size_t more = *capacity == 0 ? 256 : size_mul(*capacity, 2);
	void *grown;

	if (count < *capacity)
		return true;
	grown = realloc(*items, size_mul(more, item_bytes));
	if (grown == NULL)
		return false;
	*items = grown;
	*capacity = more;
	return true;
}

static bool list_series(void *context, const struct visit *v, struct err *reterr)
{
	struct list *l = context;
	void *series = l->series, *items;
	bool room = grow(&series, &l->series_capacity, l->series_count, sizeof(*l->series));

	l->series = series;
	if (!room || !read_rows(v, &l->rows, reterr)) {
		if (!room)
			err_set_memory(reterr);
		return false;
	}
	l->series[l->series_count] = v->key;
	for (size_t i = 0; i < l->rows.count && !l->cut; i++) {
		const struct series_row *row = &l->rows.rows[i];

		if (row->time_ns < l->span->from_ns || row->time_ns > l->span->upto_ns)
			continue;
		l->cut = l->count == CONTACTS_MAX;
		if (l->cut)
			break;
		items = l->items;
		if (!grow(&items, &l->capacity, l->count, sizeof(*l->items))) {
			err_set_memory(reterr);
			return false;
		}
		l->items = items;
		l->items[l->count++] = (struct listed){ *row, (uint32_t)l->series_count };
	}
	l->series_count++;
	return true;
}

static int compare_listed(const void *x, const void *y)
{
	const struct listed *a = x, *b = y;

	if (a->row.time_ns != b->row.time_ns)
		return a->row.time_ns > b->row.time_ns ? 1 : -1;
	return (a->series > b->series) - (a->series < b->series);
}

bool api_contacts(struct serving *s, const struct request *r, struct answer *a, struct err *reterr)
{
	struct list l = { .count = 0 };
	struct span span;
	struct page page;
	bool ok;

	if (!read_span(r, &span, a) || !request_page(r, &page, a))
		return true;
	l.span = &span;
	ok = each_series(s->view.haystack, &span, list_series, &l, reterr);
	if (ok) {
		if (l.count > 0)
			qsort(l.items, l.count, sizeof(*l.items), compare_listed);
		answer_begin_page(a, &page, l.count);
		for (size_t i = page.offset; i < l.count && i - page.offset < page.limit; i++)
			json_contact(&a->printer, &l.series[l.items[i].series], &l.items[i].row,
			    haystack_source(s->view.haystack, l.items[i].row.source));
		printer_end(&a->printer);
		printer_map_key(&a->printer, "cut");
		printer_boolean(&a->printer, l.cut);
		printer_end(&a->printer);
	}
	free(l.series);
	free(l.items);
	series_rows_release(&l.rows);
	return ok;
}
