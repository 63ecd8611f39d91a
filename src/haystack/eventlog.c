/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Grouping by key is a counting sort, made in a few passes over the log, each of which puts the
 * events of a stretch of keys in order: the log is read in sequence every time, and the copies
 * take a fraction of its memory.
 */
#include "haystack/eventlog.h"

#include "base/hash.h"

#define FIRST_SLOTS 1024u
#define EMIT_PASSES 8 /* each sorts about as many events */
#define LOOK_AHEAD  32

void eventlog_init(struct eventlog *l, uint64_t seed)
{
	*l = (struct eventlog){ .seed = seed };
}

void eventlog_release(struct eventlog *l)
{
	region_release(&l->events);
	region_release(&l->traits);
	region_release(&l->slots);
	region_release(&l->per_key);
	eventlog_init(l, l->seed);
}

void eventlog_clear(struct eventlog *l)
{
	l->count = 0;
	l->traits_count = 0;
	l->most_per_key = 0;
	if (l->slots.base != NULL)
		memset(l->slots.base, 0, l->slots.bytes);
	if (l->per_key.base != NULL)
		memset(l->per_key.base, 0, l->per_key.bytes);
}

void eventlog_cut(struct eventlog *l, size_t count)
{
	const struct event *events = l->events.base;
	uint32_t *per_key = l->per_key.base;

	for (size_t i = count; i < l->count; i++)
		per_key[events[i].key]--;
	l->count = count;
}

/* Events of one pass: an equal share, or the longest series. */
static uint64_t pass_events(const struct eventlog *l)
{
	uint64_t share = l->count / EMIT_PASSES + 1;

	return share > l->most_per_key ? share : l->most_per_key;
}

uint64_t eventlog_bytes(const struct eventlog *l, uint32_t keys)
{
	/* the longest series may be copied once more for its view */
	return l->count * sizeof(struct event) +
	       (pass_events(l) + l->most_per_key) * sizeof(struct series_row) +
	       l->traits_count * (sizeof(struct series_row) + 2 * sizeof(uint32_t)) +
	       keys * UINT64_C(3) * sizeof(uint32_t); /* per_key, ranks, starts */
}

/* What makes a combination, without padding. */
static uint64_t hash_traits(const struct eventlog *l, const struct series_row *row)
{
	const uint32_t words[] = { row->ttl, row->source, (uint32_t)row->txid,
		(uint32_t)row->outcome << 16 | (uint32_t)row->digits << 8 | row->traits };

	return hash_bytes(words, sizeof(words), l->seed);
}

static bool is_same(const struct series_row *a, const struct series_row *b)
{
	return a->ttl == b->ttl && a->source == b->source && a->txid == b->txid &&
	       a->outcome == b->outcome && a->digits == b->digits && a->traits == b->traits;
}

static bool grow_slots(struct eventlog *l)
{
	struct region slots = { .base = NULL };
	uint32_t count = l->slots.base == NULL ? FIRST_SLOTS : 2 * (l->slots_mask + 1);
	const struct series_row *traits = l->traits.base;
	uint32_t *at;

	if (!region_reserve(&slots, count * sizeof(uint32_t)))
		return false;
	at = slots.base;
	for (uint32_t i = 0; i < l->traits_count; i++) {
		uint64_t slot = hash_traits(l, &traits[i]) & (count - 1);

		while (at[slot] != 0)
			slot = (slot + 1) & (count - 1);
		at[slot] = i + 1;
	}
	region_release(&l->slots);
	l->slots = slots;
	l->slots_mask = count - 1;
	return true;
}

/* The number of the row's combination. */
static bool number_traits(struct eventlog *l, const struct series_row *row, uint32_t *ret)
{
	struct series_row *traits;
	uint32_t *slots;
	uint64_t slot;

	if ((l->slots.base == NULL || 2 * l->traits_count > l->slots_mask) && !grow_slots(l))
		return false;
	if (!region_reserve(&l->traits, ((size_t)l->traits_count + 1) * sizeof(*traits)))
		return false;
	traits = l->traits.base;
	slots = l->slots.base;
	slot = hash_traits(l, row) & l->slots_mask;
	for (; slots[slot] != 0; slot = (slot + 1) & l->slots_mask) {
		if (is_same(&traits[slots[slot] - 1], row)) {
			*ret = slots[slot] - 1;
			return true;
		}
	}
	slots[slot] = ++l->traits_count;
	*ret = l->traits_count - 1;
	traits[*ret] = *row;
	traits[*ret].time_ns = 0;
	return true;
}

bool eventlog_add(struct eventlog *l, uint32_t key, const struct series_row *row)
{
	struct event e = { .time_ns = row->time_ns, .key = key };
	uint32_t *per_key;

	if (!number_traits(l, row, &e.traits) ||
	    !region_reserve(&l->events, (l->count + 1) * sizeof(e)) ||
	    !region_reserve(&l->per_key, ((size_t)key + 1) * sizeof(*per_key)))
		return false;
	per_key = l->per_key.base;
	if (++per_key[key] > l->most_per_key)
		l->most_per_key = per_key[key];
	((struct event *)l->events.base)[l->count++] = e;
	return true;
}

/* A pass over the log: the events whose keys have ranks from `first` to before `last`. */
struct pass {
	const struct event *events;
	size_t count;
	uint32_t first;
	uint32_t last;
	uint32_t *starts; /* of every rank: where its events begin; later where they end */
	size_t before;    /* events of lower ranks */
};

/* Put the events of the pass in order of their ranks, as rows. */
static void place(
    const struct eventlog *l, const struct pass *p, const uint32_t *map, struct series_row *rows)
{
	const struct series_row *traits = l->traits.base;

	for (size_t i = 0; i < p->count; i++) {
		const struct event *e = &p->events[i];
		struct series_row *row;

		if (e->key - p->first >= p->last - p->first)
			continue;
		row = &rows[p->starts[e->key]++ - p->before];
		*row = traits[e->traits];
		row->time_ns = e->time_ns;
		if (map != NULL)
			row->source = map[row->source];
	}
}

/* Turn key numbers into ranks, and count: starts[r] is where the events of rank r begin. */
static void rank_events(
    struct event *events, size_t count, const struct keyorder *order, uint32_t *starts)
{
	uint32_t keys = order->table->count;
	uint32_t sum = 0;

	for (size_t i = 0; i < count; i++) {
		if (i + LOOK_AHEAD < count)
			__builtin_prefetch(&order->ranks[events[i + LOOK_AHEAD].key]);
		events[i].key = order->ranks[events[i].key];
	}
	for (size_t i = 0; i < count; i++) {
		if (i + LOOK_AHEAD < count)
			__builtin_prefetch(&starts[events[i + LOOK_AHEAD].key]);
		starts[events[i].key]++;
	}
	for (uint32_t rank = 0; rank < keys; rank++) {
		uint32_t here = starts[rank];

		starts[rank] = sum;
		sum += here;
	}
	starts[keys] = sum;
}

struct emission {
	const struct keyorder *order;
	bool (*take)(void *context, const struct keytable_key *key, const struct buf *value,
	    struct err *reterr);
	void *context;
	struct buf value;
};

/* Encode what place() has put in order. p->starts now say where each rank ends. */
static bool hand_over(
    struct emission *e, const struct pass *p, struct series_row *rows, struct err *reterr)
{
	size_t from = p->before;

	for (uint32_t rank = p->first; rank < p->last; rank++) {
		size_t to = p->starts[rank];
		struct keytable_key key;

		if (rank + LOOK_AHEAD < p->last)
			__builtin_prefetch(
			    keytable_at(e->order->table, e->order->items[rank + LOOK_AHEAD].place)
				.bytes);
		if (to == from)
			continue;
		buf_clear(&e->value);
		if (!series_encode(rows + (from - p->before), to - from, &e->value, reterr))
			return false;
		key = keytable_at(e->order->table, e->order->items[rank].place);
		if (!e->take(e->context, &key, &e->value, reterr))
			return false;
		from = to;
	}
	return true;
}

bool eventlog_emit(struct eventlog *l, size_t from, size_t to, const struct keyorder *order,
    const uint32_t *map,
    bool (*take)(
	void *context, const struct keytable_key *key, const struct buf *value, struct err *reterr),
    void *context, struct err *reterr)
{
	bool ok = false;
	uint32_t keys = order->table->count;
	uint64_t most = pass_events(l);
	struct region starts = { .base = NULL };
	struct region rows = { .base = NULL };
	struct emission e = { .order = order, .take = take, .context = context };
	struct pass p = { .count = to - from };

	if (from == to)
		return true;
	buf_init(&e.value, SIZE_MAX);
	if (!region_reserve(&starts, ((size_t)keys + 1) * sizeof(uint32_t)) ||
	    !region_reserve(&rows, most * sizeof(struct series_row))) {
		err_set_memory(reterr);
		goto out;
	}
	p.events = (struct event *)l->events.base + from;
	p.starts = starts.base;
	rank_events((struct event *)l->events.base + from, p.count, order, p.starts);
	while (p.first < keys) {
		p.last = p.first;
		p.before = p.starts[p.first];
		while (p.last < keys && p.starts[p.last + 1] - p.before <= most)
			p.last++;
		place(l, &p, map, rows.base);
		if (!hand_over(&e, &p, rows.base, reterr))
			goto out;
		p.first = p.last;
	}
	ok = true;
out:
	region_release(&starts);
	region_release(&rows);
	buf_release(&e.value);
	return ok;
}
