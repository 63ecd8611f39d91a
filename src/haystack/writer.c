/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The way in. Endpoints are numbered; series and facts, which are links between two of them, are
 * numbered; contacts are logged, facts are summed. When that takes as much memory as was allowed,
 * it is written to a sorted run in a file without a name, and the runs are merged at the end. A
 * source that is still under way has runs of its own until it ends.
 */
#include "haystack/writer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/size.h"
#include "haystack/batch.h"
#include "haystack/digestset.h"
#include "haystack/eventlog.h"
#include "haystack/factlog.h"

#define MEMORY_MIN (UINT64_C(1) << 16) /* less would write a run for every batch */

enum fate {
	UNDER_WAY,
	ENDED,
	DROPPED,
};

struct writer_source {
	struct digest content;
	enum fate fate;
};

struct run {
	struct segment segment;
	bool under_way; /* of the source under way alone */
};

struct haystack_writer {
	int dir;
	char *dir_name;
	uint64_t memory_bytes;
	struct stock stock; /* of the tables and logs, and of what puts them in order */
	struct keytable endpoints;
	struct linktable series;
	struct eventlog events;
	struct factlog facts;
	struct batch batch;
	struct writer_source *sources;
	size_t source_count;
	size_t source_capacity;
	struct digestset ended; /* contents of the ended sources */
	size_t mark;            /* events of the source under way begin here */
	struct run *runs;
	size_t run_count;
};

static bool is_under_way(const struct haystack_writer *w)
{
	return w->source_count > 0 && w->sources[w->source_count - 1].fate == UNDER_WAY;
}

static void clear_memory(struct haystack_writer *w)
{
	batch_drop(&w->batch);
	batch_forget(&w->batch);
	w->mark = 0;
	keytable_clear(&w->endpoints);
	linktable_clear(&w->series);
	eventlog_clear(&w->events);
	factlog_clear(&w->facts);
}

void writer_clear(struct haystack_writer *w)
{
	for (size_t i = 0; i < w->run_count; i++)
		segment_close(&w->runs[i].segment);
	free(w->runs);
	free(w->sources);
	w->runs = NULL;
	w->run_count = 0;
	w->sources = NULL;
	w->source_count = 0;
	w->source_capacity = 0;
	digestset_clear(&w->ended);
	clear_memory(w);
}

void haystack_writer_free(struct haystack_writer *w)
{
	if (w == NULL)
		return;
	writer_clear(w);
	digestset_release(&w->ended);
	keytable_release(&w->endpoints);
	linktable_release(&w->series);
	eventlog_release(&w->events);
	factlog_release(&w->facts);
	stock_release(&w->stock);
	if (w->dir >= 0)
		(void)close(w->dir);
	free(w->dir_name);
	free(w);
}

bool haystack_writer_new(
    const char *dir, uint64_t memory_bytes, struct haystack_writer **ret, struct err *reterr)
{
	struct haystack_writer *w = calloc(1, sizeof(*w));
	struct manifest m = { .segments = NULL };
	uint64_t seed = hash_seed();

	if (w == NULL) {
		err_set_memory(reterr);
		return false;
	}
	digestset_init(&w->ended, seed);
	keytable_init(&w->endpoints, &w->stock, seed);
	linktable_init(&w->series, LINK_SERIES, sizeof(struct eventlog_series), &w->stock, seed);
	eventlog_init(&w->events, &w->stock, seed);
	factlog_init(&w->facts, &w->stock, seed);
	batch_init(&w->batch, seed);
	w->memory_bytes = memory_bytes < MEMORY_MIN ? MEMORY_MIN : memory_bytes;
	w->dir = -1;
	w->dir_name = strdup(dir);
	if (w->dir_name == NULL)
		err_set_memory(reterr);
	if (w->dir_name == NULL || !store_open_dir(dir, &w->dir, reterr) ||
	    !manifest_load(w->dir, dir, &m, reterr)) {
		haystack_writer_free(w);
		return false;
	}
	store_clean(w->dir, &m);
	manifest_release(&m);
	*ret = w;
	return true;
}

/* ---- runs ---- */

/* The contacts in memory, of ended sources or of the one under way. */
static bool write_series(struct haystack_writer *w, bool under_way, const struct ranking *ranking,
    const uint32_t *map, struct segment_writer *out, struct err *reterr)
{
	struct region items = { .base = NULL };
	struct eventlog_order order = { .ranking = ranking, .count = w->series.count };
	size_t from = under_way ? w->mark : 0;
	size_t to = under_way || !is_under_way(w) ? w->events.count : w->mark;
	bool ok;

	if (from == to)
		return true;
	if (!linktable_sort(&w->series, ranking, LINK_BY_FIRST, &items)) {
		err_set_memory(reterr);
		region_release(&items);
		return false;
	}
	order.items = items.base;
	ok = eventlog_emit(&w->events, from, to, &order, map, out, reterr);
	region_release(&items);
	return ok;
}

/* What is in memory, of ended sources or of the one under way, in key order. */
static bool write_memory(struct haystack_writer *w, bool under_way, const struct ranking *ranking,
    const uint32_t *map, struct segment_writer *out, struct err *reterr)
{
	return factlog_emit(&w->facts, !under_way, ranking, out, reterr) &&
	       write_series(w, under_way, ranking, map, out, reterr);
}

static bool add_run(struct haystack_writer *w, const struct run *run, struct err *reterr)
{
	struct run *runs = realloc(w->runs, size_mul(size_add(w->run_count, 1), sizeof(*runs)));

	if (runs == NULL) {
		err_set_memory(reterr);
		return false;
	}
	w->runs = runs;
	w->runs[w->run_count++] = *run;
	return true;
}

static bool spill_run(
    struct haystack_writer *w, bool under_way, const struct ranking *ranking, struct err *reterr)
{
	bool ok = false;
	struct store_file file = { .fd = -1 };
	struct segment_writer *out = NULL;
	struct run run = { .under_way = under_way };
	struct segment_info info;

	if (!store_file_new(w->dir, w->dir_name, &file, reterr))
		return false;
	if (segment_writer_new(file.fd, w->dir_name, &out, reterr) &&
	    write_memory(w, under_way, ranking, NULL, out, reterr) &&
	    segment_writer_finish(out, &info, reterr) &&
	    segment_open(file.fd, w->dir_name, &run.segment, reterr))
		ok = add_run(w, &run, reterr);
	if (!ok)
		segment_close(&run.segment);
	segment_writer_free(out);
	/* the mapping keeps its contents; no stop can leave it behind */
	store_file_discard(&file, w->dir);
	return ok;
}

/* No more is added to what is in memory: order is made in the room of what found it. */
static bool rank_endpoints(struct haystack_writer *w, struct ranking *ret, struct err *reterr)
{
	keytable_seal(&w->endpoints);
	linktable_seal(&w->series);
	linktable_seal(&w->facts.facts);
	if (ranking_make(ret, &w->endpoints))
		return true;
	err_set_memory(reterr);
	return false;
}

static bool spill(struct haystack_writer *w, struct err *reterr)
{
	struct ranking ranking;
	bool ok = rank_endpoints(w, &ranking, reterr) && spill_run(w, false, &ranking, reterr) &&
		  (!is_under_way(w) || spill_run(w, true, &ranking, reterr));

	ranking_release(&ranking);
	if (ok)
		clear_memory(w);
	return ok;
}

/* Facts and contacts are written one after the other, and what one took is given back. */
static uint64_t memory_used(const struct haystack_writer *w)
{
	uint64_t facts = 2 * linktable_sort_bytes(&w->facts.facts, w->endpoints.count);
	uint64_t series = linktable_sort_bytes(&w->series, w->endpoints.count);
	uint64_t events = eventlog_bytes(&w->events, w->series.count);

	return keytable_bytes(&w->endpoints) + ranking_bytes(&w->endpoints) +
	       linktable_bytes(&w->series) + factlog_bytes(&w->facts) + events +
	       (facts > series ? facts : series);
}

static bool is_full(const struct haystack_writer *w)
{
	return keytable_is_full(&w->endpoints) ||
	       w->series.count > UINT32_MAX - 2 * BATCH_CONTACTS ||
	       w->facts.facts.count > UINT32_MAX - 2 * BATCH_FACTS ||
	       w->events.count > UINT32_MAX - 2 * BATCH_CONTACTS;
}

/* ---- records ---- */

static bool add_batch(struct haystack_writer *w, struct batch *b)
{
	if (!batch_number(b, &w->endpoints))
		return false;
	if (!linktable_add(&w->series, b->series, b->contact_count))
		return false;
	if (!eventlog_add(&w->events, &w->series, b->series, b->rows, b->contact_count))
		return false;
	return factlog_add(&w->facts, b->facts, b->sets, b->fact_count);
}

static bool flush_batch(struct haystack_writer *w, struct err *reterr)
{
	if (!add_batch(w, &w->batch)) {
		err_set_memory(reterr);
		return false;
	}
	batch_clear(&w->batch);
	return (memory_used(w) < w->memory_bytes && !is_full(w)) || spill(w, reterr);
}

/* Room for one more source, and for its digest when it ends. */
static bool reserve_source(struct haystack_writer *w)
{
	size_t capacity = w->source_capacity == 0 ? 16 : size_mul(w->source_capacity, 2);
	struct writer_source *sources;

	if (!digestset_reserve(&w->ended))
		return false;
	if (w->source_count < w->source_capacity)
		return true;
	sources = realloc(w->sources, size_mul(capacity, sizeof(*sources)));
	if (sources == NULL)
		return false;
	w->sources = sources;
	w->source_capacity = capacity;
	return true;
}

bool haystack_writer_begin(struct haystack_writer *w, struct err *reterr)
{
	if (!reserve_source(w)) {
		err_set_memory(reterr);
		return false;
	}
	if (is_under_way(w))
		haystack_writer_drop(w);
	if (!flush_batch(w, reterr))
		return false;
	w->mark = w->events.count;
	factlog_begin(&w->facts, (uint32_t)w->source_count);
	w->sources[w->source_count++] = (struct writer_source){ .fate = UNDER_WAY };
	return true;
}

void haystack_writer_end(struct haystack_writer *w, const struct digest *content)
{
	struct writer_source *s = &w->sources[w->source_count - 1];

	if (!digestset_add(&w->ended, content)) {
		/* the same bytes twice say nothing new */
		haystack_writer_drop(w);
		return;
	}
	s->content = *content;
	s->fate = ENDED;
	for (size_t i = 0; i < w->run_count; i++)
		w->runs[i].under_way = false;
	factlog_end(&w->facts);
}

bool haystack_writer_has(const struct haystack_writer *w, const struct digest *content)
{
	return digestset_has(&w->ended, content);
}

void haystack_writer_drop(struct haystack_writer *w)
{
	size_t kept = 0;

	batch_drop(&w->batch);
	w->sources[w->source_count - 1].fate = DROPPED;
	for (size_t i = 0; i < w->run_count; i++) {
		if (w->runs[i].under_way)
			segment_close(&w->runs[i].segment);
		else
			w->runs[kept++] = w->runs[i];
	}
	w->run_count = kept;
	eventlog_cut(&w->events, w->mark, &w->series);
	factlog_drop(&w->facts);
}

bool haystack_writer_record(struct haystack_writer *w, const struct contact *c,
    const struct fact *facts, size_t fact_count, struct err *reterr)
{
	struct batch *b = &w->batch;
	struct batch_recent recent = { .endpoints = { NULL } };

	if (c != NULL) {
		if (!batch_fits_contact(b) && !flush_batch(w, reterr))
			return false;
		batch_add_contact(b, &recent, c, (uint32_t)(w->source_count - 1));
	}
	for (size_t i = 0; i < fact_count; i++) {
		if (!batch_fits_fact(b)) {
			if (!flush_batch(w, reterr))
				return false;
			recent = (struct batch_recent){ .endpoints = { NULL } };
		}
		batch_add_fact(b, &recent, &facts[i]);
	}
	return true;
}

bool haystack_writer_contact(struct haystack_writer *w, const struct contact *c, struct err *reterr)
{
	return haystack_writer_record(w, c, NULL, 0, reterr);
}

bool haystack_writer_fact(struct haystack_writer *w, const struct fact *f, struct err *reterr)
{
	return haystack_writer_record(w, NULL, f, 1, reterr);
}

bool haystack_writer_full(const struct haystack_writer *w)
{
	return w->run_count > 0;
}

/* ---- the end ---- */

static int compare_digests(const void *a, const void *b)
{
	return digest_cmp(a, b);
}

bool writer_sources(
    const struct haystack_writer *w, struct digest **ret, size_t *ret_count, struct err *reterr)
{
	struct digest *sources = calloc(size_add(w->source_count, 1), sizeof(*sources));
	size_t count = 0;

	if (sources == NULL) {
		err_set_memory(reterr);
		return false;
	}
	for (size_t i = 0; i < w->source_count; i++)
		if (w->sources[i].fate == ENDED)
			sources[count++] = w->sources[i].content;
	qsort(sources, count, sizeof(*sources), compare_digests);
	*ret = sources;
	*ret_count = count;
	return true;
}

static bool write_runs(
    struct haystack_writer *w, const uint32_t *map, struct segment_writer *out, struct err *reterr)
{
	bool ok = false;
	struct merge_input *inputs = calloc(w->run_count, sizeof(*inputs));
	struct merge_bounds all;
	struct merge *m = NULL;
	struct merge_entry e;

	all.from.len = 0;
	all.below.len = 0;
	if (inputs == NULL) {
		err_set_memory(reterr);
		return false;
	}
	for (size_t i = 0; i < w->run_count; i++)
		inputs[i] =
		    (struct merge_input){ &w->runs[i].segment, map, w->source_count, false };
	if (!merge_new(inputs, w->run_count, &all, &m, reterr))
		goto out;
	for (;;) {
		if (!merge_next(m, &e, reterr))
			goto out;
		if (e.value == NULL)
			break;
		if (!segment_writer_add(out, e.key, e.key_len, e.value, e.value_len, reterr))
			goto out;
	}
	ok = true;
out:
	merge_free(m);
	free(inputs);
	return ok;
}

bool writer_write(struct haystack_writer *w, const struct digest *sources, size_t count,
    struct segment_writer *out, struct err *reterr)
{
	struct ranking ranking = { .endpoints = NULL };
	uint32_t *map;
	bool ok;

	if (is_under_way(w))
		haystack_writer_drop(w);
	if (!flush_batch(w, reterr) || (w->run_count > 0 && !spill(w, reterr)))
		return false;
	map = calloc(size_add(w->source_count, 1), sizeof(*map));
	if (map == NULL) {
		err_set_memory(reterr);
		return false;
	}
	for (size_t i = 0; i < w->source_count; i++) {
		const struct digest *at = w->sources[i].fate != ENDED
					      ? NULL
					      : bsearch(&w->sources[i].content, sources, count,
						    sizeof(*sources), compare_digests);

		map[i] = at == NULL ? 0 : (uint32_t)(at - sources);
	}
	ok = w->run_count > 0 ? write_runs(w, map, out, reterr)
			      : rank_endpoints(w, &ranking, reterr) &&
				    write_memory(w, false, &ranking, map, out, reterr);
	ranking_release(&ranking);
	free(map);
	return ok;
}
