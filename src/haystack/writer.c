/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The way in. Keys are numbered, contacts are logged, facts are summed; when that takes as much
 * memory as was allowed, it is written to a sorted run in a file without a name, and the runs are
 * merged at the end. A source that is still under way has runs of its own until it ends.
 */
#include "haystack/writer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/size.h"
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
	struct keytable keys;
	struct eventlog events;
	struct factlog facts;
	/* contacts whose keys are not yet numbered */
	struct key pending_keys[KEYTABLE_BATCH];
	struct series_row pending_rows[KEYTABLE_BATCH];
	size_t pending;
	struct writer_source *sources;
	size_t source_count;
	size_t mark; /* events of the source under way begin here */
	struct run *runs;
	size_t run_count;
};

static bool is_under_way(const struct haystack_writer *w)
{
	return w->source_count > 0 && w->sources[w->source_count - 1].fate == UNDER_WAY;
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
	w->pending = 0;
	w->mark = 0;
	keytable_clear(&w->keys);
	eventlog_clear(&w->events);
	factlog_clear(&w->facts);
}

void haystack_writer_free(struct haystack_writer *w)
{
	if (w == NULL)
		return;
	writer_clear(w);
	keytable_release(&w->keys);
	eventlog_release(&w->events);
	factlog_release(&w->facts);
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
	keytable_init(&w->keys, seed);
	eventlog_init(&w->events, seed);
	factlog_init(&w->facts, seed);
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

static bool take_entry(
    void *context, const struct keytable_key *key, const struct buf *value, struct err *reterr)
{
	return segment_writer_add(context, key->bytes, key->len, value->bytes, value->len, reterr);
}

/* Numbers to ranks. */
static bool order_keys(const struct keytable *t, struct region *items, struct region *ranks)
{
	const struct keytable_item *item;

	if (!keytable_sort(t, items))
		return false;
	if (!region_reserve(ranks, (size_t)t->count * sizeof(uint32_t) + 1))
		return false;
	item = items->base;
	for (uint32_t rank = 0; rank < t->count; rank++)
		((uint32_t *)ranks->base)[keytable_at(t, item[rank].place).id] = rank;
	return true;
}

/* What is in memory, of ended sources or of the one under way, in key order. */
static bool write_memory(struct haystack_writer *w, bool under_way, const uint32_t *map,
    struct segment_writer *out, struct err *reterr)
{
	struct region items = { .base = NULL };
	struct region ranks = { .base = NULL };
	struct keyorder order = { .table = &w->keys };
	size_t from = under_way ? w->mark : 0;
	size_t to = under_way || !is_under_way(w) ? w->events.count : w->mark;
	bool ok = factlog_emit(&w->facts, !under_way, take_entry, out, reterr);

	if (ok && from < to) {
		ok = order_keys(&w->keys, &items, &ranks);
		if (!ok)
			err_set_memory(reterr);
		order.items = items.base;
		order.ranks = ranks.base;
		ok =
		    ok && eventlog_emit(&w->events, from, to, &order, map, take_entry, out, reterr);
	}
	region_release(&items);
	region_release(&ranks);
	return ok;
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

static bool spill_run(struct haystack_writer *w, bool under_way, struct err *reterr)
{
	bool ok = false;
	struct store_file file = { .fd = -1 };
	struct segment_writer *out = NULL;
	struct run run = { .under_way = under_way };
	struct segment_info info;

	if (!store_file_new(w->dir, w->dir_name, &file, reterr))
		return false;
	if (segment_writer_new(file.fd, w->dir_name, &out, reterr) &&
	    write_memory(w, under_way, NULL, out, reterr) &&
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

static bool spill(struct haystack_writer *w, struct err *reterr)
{
	if (!spill_run(w, false, reterr))
		return false;
	if (is_under_way(w) && !spill_run(w, true, reterr))
		return false;
	w->mark = 0;
	keytable_clear(&w->keys);
	eventlog_clear(&w->events);
	factlog_clear(&w->facts);
	return true;
}

static uint64_t memory_used(const struct haystack_writer *w)
{
	return keytable_bytes(&w->keys) + eventlog_bytes(&w->events, w->keys.count) +
	       factlog_bytes(&w->facts);
}

static bool spill_if_full(struct haystack_writer *w, struct err *reterr)
{
	if (memory_used(w) < w->memory_bytes && !keytable_is_full(&w->keys) &&
	    !keytable_is_full(&w->facts.keys) && w->events.count < UINT32_MAX - KEYTABLE_BATCH)
		return true;
	return spill(w, reterr);
}

/* ---- records ---- */

static bool flush_pending(struct haystack_writer *w, struct err *reterr)
{
	struct keytable_query batch[KEYTABLE_BATCH];
	size_t count = w->pending;
	bool ok;

	for (size_t i = 0; i < count; i++) {
		batch[i].key = w->pending_keys[i].bytes;
		batch[i].len = w->pending_keys[i].len;
	}
	ok = keytable_add(&w->keys, batch, count);
	for (size_t i = 0; i < count && ok; i++)
		ok = eventlog_add(&w->events, batch[i].id, &w->pending_rows[i]);
	if (!ok || !factlog_flush(&w->facts)) {
		err_set_memory(reterr);
		return false;
	}
	w->pending = 0;
	return spill_if_full(w, reterr);
}

bool haystack_writer_begin(struct haystack_writer *w, struct err *reterr)
{
	struct writer_source *sources =
	    realloc(w->sources, size_mul(size_add(w->source_count, 1), sizeof(*sources)));

	if (sources == NULL) {
		err_set_memory(reterr);
		return false;
	}
	w->sources = sources;
	if (is_under_way(w))
		haystack_writer_drop(w);
	if (!flush_pending(w, reterr))
		return false;
	w->mark = w->events.count;
	w->sources[w->source_count++] = (struct writer_source){ .fate = UNDER_WAY };
	return true;
}

void haystack_writer_end(struct haystack_writer *w, const struct digest *content)
{
	struct writer_source *s = &w->sources[w->source_count - 1];

	for (size_t i = 0; i + 1 < w->source_count; i++) {
		/* the same bytes twice say nothing new */
		if (w->sources[i].fate == ENDED &&
		    digest_cmp(&w->sources[i].content, content) == 0) {
			haystack_writer_drop(w);
			return;
		}
	}
	s->content = *content;
	s->fate = ENDED;
	for (size_t i = 0; i < w->run_count; i++)
		w->runs[i].under_way = false;
	factlog_end(&w->facts);
}

void haystack_writer_drop(struct haystack_writer *w)
{
	size_t kept = 0;

	w->pending = 0;
	w->sources[w->source_count - 1].fate = DROPPED;
	for (size_t i = 0; i < w->run_count; i++) {
		if (w->runs[i].under_way)
			segment_close(&w->runs[i].segment);
		else
			w->runs[kept++] = w->runs[i];
	}
	w->run_count = kept;
	eventlog_cut(&w->events, w->mark);
	factlog_drop(&w->facts);
}

bool haystack_writer_contact(struct haystack_writer *w, const struct contact *c, struct err *reterr)
{
	key_of_series(&w->pending_keys[w->pending], c);
	w->pending_rows[w->pending] = (struct series_row){ .time_ns = c->time_ns,
		.ttl = c->ttl,
		.source = (uint32_t)(w->source_count - 1),
		.outcome = c->outcome,
		.digits = c->digits,
		.traits = (uint8_t)(c->seen | c->direction << 2),
		.txid = c->txid };
	w->pending++;
	return w->pending < KEYTABLE_BATCH || flush_pending(w, reterr);
}

bool haystack_writer_fact(struct haystack_writer *w, const struct fact *f, struct err *reterr)
{
	if (!factlog_add(&w->facts, f)) {
		err_set_memory(reterr);
		return false;
	}
	return w->facts.pending > 0 || spill_if_full(w, reterr);
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
	uint32_t *map;
	bool ok;

	if (is_under_way(w))
		haystack_writer_drop(w);
	if (!flush_pending(w, reterr) || (w->run_count > 0 && !spill(w, reterr)))
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
			      : write_memory(w, false, map, out, reterr);
	free(map);
	return ok;
}
