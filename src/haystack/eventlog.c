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
#define PICKED      32 /* events of a pass that are placed at once */
#define ANNOUNCED   32 /* series whose keys are fetched at once */

void eventlog_init(struct eventlog *l, struct stock *stock, uint64_t seed)
{
	*l = (struct eventlog){
		.events.stock = stock, .traits.stock = stock, .slots.stock = stock, .seed = seed
	};
}

void eventlog_release(struct eventlog *l)
{
	region_release(&l->events);
	region_release(&l->traits);
	region_release(&l->slots);
	eventlog_init(l, l->events.stock, l->seed);
}

void eventlog_clear(struct eventlog *l)
{
	l->count = 0;
	l->traits_count = 0;
	l->most = 0;
	if (l->slots.base != NULL)
		memset(l->slots.base, 0, l->slots.bytes);
}

void eventlog_cut(struct eventlog *l, size_t count, const struct linktable *series)
{
	const struct event *events = l->events.base;

	for (size_t i = count; i < l->count; i++) {
		struct eventlog_series *s = linktable_at(series, events[i].series);

		s->events--;
	}
	l->count = count;
}

/* Events of one pass: an equal share, or the longest series. */
static uint64_t pass_events(const struct eventlog *l)
{
	uint64_t share = l->count / EMIT_PASSES + 1;

	return share > l->most ? share : l->most;
}

uint64_t eventlog_bytes(const struct eventlog *l, uint32_t series_count)
{
	/* the longest series may be copied once more for its view */
	return l->count * sizeof(struct event) +
	       (pass_events(l) + l->most) * sizeof(struct series_row) +
	       l->traits_count * (sizeof(struct series_row) + 2 * sizeof(uint32_t)) +
	       series_count * UINT64_C(2) * sizeof(uint32_t); /* ranks, starts */
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

/* Room for so many combinations more at most half full. */
static bool reserve_traits(struct eventlog *l, size_t more)
{
	struct region slots = { .stock = l->slots.stock };
	uint32_t count = l->slots.base == NULL ? FIRST_SLOTS : l->slots_mask + 1;
	const struct series_row *traits;
	uint32_t *at;

	if (!region_reserve(&l->traits, (l->traits_count + more) * sizeof(*traits)))
		return false;
	if (l->slots.base != NULL && 2 * (l->traits_count + more) <= count)
		return true;
	while (2 * (l->traits_count + more) > count)
		count *= 2;
	if (!region_reserve(&slots, count * sizeof(uint32_t)))
		return false;
	traits = l->traits.base;
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
static uint32_t number_traits(struct eventlog *l, uint64_t hash, const struct series_row *row)
{
	struct series_row *traits = l->traits.base;
	uint32_t *slots = l->slots.base;
	uint64_t slot = hash & l->slots_mask;

	for (; slots[slot] != 0; slot = (slot + 1) & l->slots_mask)
		if (is_same(&traits[slots[slot] - 1], row))
			return slots[slot] - 1;
	traits[l->traits_count] = *row;
	traits[l->traits_count].time_ns = 0;
	slots[slot] = ++l->traits_count;
	return l->traits_count - 1;
}

bool eventlog_add(struct eventlog *l, const struct linktable *series,
    const struct linktable_query *batch, const struct series_row *rows, size_t count)
{
	uint64_t hashes[EVENTLOG_BATCH];
	struct event *events;

	if (count == 0)
		return true; /* nothing is reserved yet, perhaps, and NULL takes no offset */
	if (!reserve_traits(l, count) ||
	    !region_reserve(&l->events, (l->count + count) * sizeof(*events)))
		return false;
	for (size_t i = 0; i < count; i++) {
		hashes[i] = hash_traits(l, &rows[i]);
		__builtin_prefetch((uint32_t *)l->slots.base + (hashes[i] & l->slots_mask));
	}
	for (size_t i = 0; i < count; i++) {
		uint32_t slot = ((uint32_t *)l->slots.base)[hashes[i] & l->slots_mask];

		if (slot != 0)
			__builtin_prefetch((struct series_row *)l->traits.base + (slot - 1));
	}
	events = (struct event *)l->events.base + l->count;
	for (size_t i = 0; i < count; i++) {
		struct eventlog_series *s = linktable_at(series, batch[i].number);

		events[i] = (struct event){ .time_ns = rows[i].time_ns,
			.traits = number_traits(l, hashes[i], &rows[i]),
			.series = batch[i].number };
		if (++s->events > l->most)
			l->most = s->events;
	}
	l->count += count;
	return true;
}

/* A pass over the log: the events whose series have ranks from `first` to before `last`. */
struct pass {
	const struct event *events;
	size_t count;
	uint32_t first;
	uint32_t last;
	uint32_t *starts; /* of every rank: where its events begin; later where they end */
	size_t before;    /* events of lower ranks */
};

static bool is_in(const struct pass *p, const struct event *e)
{
	return e->series - p->first < p->last - p->first;
}

/*
 * Put the events of the pass in order of their ranks, as rows. They are picked a few at a time,
 * without a branch that cannot be predicted, so that what they need is fetched at once.
 */
static void place(const struct eventlog *l, const struct pass *p, struct series_row *rows)
{
	const struct series_row *traits = l->traits.base;
	const struct event *picked[PICKED];
	size_t at = 0;

	while (at < p->count) {
		size_t count = 0;

		for (; at < p->count && count < PICKED; at++) {
			picked[count] = &p->events[at];
			count += is_in(p, &p->events[at]);
		}
		for (size_t i = 0; i < count; i++) {
			__builtin_prefetch(&traits[picked[i]->traits]);
			__builtin_prefetch(&p->starts[picked[i]->series], 1);
		}
		for (size_t i = 0; i < count; i++) {
			struct series_row *row = &rows[p->starts[picked[i]->series]++ - p->before];

			*row = traits[picked[i]->traits];
			row->time_ns = picked[i]->time_ns;
		}
	}
}

/* The sources of all rows as the map has them. */
static void map_sources(struct eventlog *l, const uint32_t *map)
{
	struct series_row *traits = l->traits.base;

	for (uint32_t i = 0; i < l->traits_count; i++)
		traits[i].source = map[traits[i].source];
}

/* Turn series numbers into ranks, and count: starts[r] is where the events of rank r begin. */
static void rank_events(struct event *events, size_t count, const uint32_t *ranks,
    uint32_t series_count, uint32_t *starts)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < count; i++) {
		if (i + LOOK_AHEAD < count)
			__builtin_prefetch(&ranks[events[i + LOOK_AHEAD].series]);
		events[i].series = ranks[events[i].series];
	}
	for (size_t i = 0; i < count; i++) {
		if (i + LOOK_AHEAD < count)
			__builtin_prefetch(&starts[events[i + LOOK_AHEAD].series], 1);
		starts[events[i].series]++;
	}
	for (uint32_t rank = 0; rank < series_count; rank++) {
		uint32_t here = starts[rank];

		starts[rank] = sum;
		sum += here;
	}
	starts[series_count] = sum;
}

static void make_key(const struct eventlog_order *order, uint32_t rank, struct key *ret)
{
	const struct linkitem *item = &order->items[rank];

	key_join_series(ret, ranking_part(order->ranking, item->first),
	    (uint8_t)(item->minor >> 48), (uint16_t)(item->minor >> 32),
	    ranking_part(order->ranking, linkitem_second(item)));
}

/* Have the parts of keys fetched, from a rank on: all at once, so that the waits overlap. */
static PREFETCHES void announce(const struct eventlog_order *order, uint32_t rank)
{
	uint32_t end = order->count - rank < ANNOUNCED ? order->count : rank + ANNOUNCED;

	for (uint32_t i = rank; i < end; i++)
		ranking_announce(order->ranking, linkitem_second(&order->items[i]));
	for (uint32_t i = rank; i < end; i++) {
		ranking_fetch(order->ranking, order->items[i].first);
		ranking_fetch(order->ranking, linkitem_second(&order->items[i]));
	}
}

/* Encode what place() has put in order. p->starts now say where each rank ends. */
static bool hand_over(const struct eventlog_order *order, const struct pass *p,
    struct series_row *rows, struct buf *value, struct segment_writer *out, struct err *reterr)
{
	size_t from = p->before;
	struct key key;

	for (uint32_t rank = p->first; rank < p->last; rank++) {
		size_t to = p->starts[rank];

		if ((rank - p->first) % ANNOUNCED == 0)
			announce(order, rank);
		if (to == from)
			continue;
		buf_clear(value);
		if (!series_encode(rows + (from - p->before), to - from, value, reterr))
			return false;
		make_key(order, rank, &key);
		if (!segment_writer_add(out, key.bytes, key.len, value->bytes, value->len, reterr))
			return false;
		from = to;
	}
	return true;
}

/* The rank of each series by its number. */
static bool rank_series(const struct eventlog_order *order, struct region *ret)
{
	uint32_t *ranks;

	if (!region_reserve(ret, (size_t)order->count * sizeof(*ranks) + 1))
		return false;
	ranks = ret->base;
	for (uint32_t rank = 0; rank < order->count; rank++)
		ranks[order->items[rank].number] = rank;
	return true;
}

bool eventlog_emit(struct eventlog *l, size_t from, size_t to, const struct eventlog_order *order,
    const uint32_t *map, struct segment_writer *out, struct err *reterr)
{
	bool ok = false;
	uint64_t most = pass_events(l);
	struct region ranks = { .stock = l->events.stock };
	struct region starts = { .stock = l->events.stock };
	struct region rows = { .stock = l->events.stock };
	struct pass p = { .count = to - from };
	struct buf value;

	if (from == to)
		return true;
	buf_init(&value, SIZE_MAX);
	if (!rank_series(order, &ranks) ||
	    !region_reserve(&starts, ((size_t)order->count + 1) * sizeof(uint32_t)) ||
	    !region_reserve(&rows, most * sizeof(struct series_row))) {
		err_set_memory(reterr);
		goto out;
	}
	if (map != NULL)
		map_sources(l, map);
	p.events = (struct event *)l->events.base + from;
	p.starts = starts.base;
	rank_events(
	    (struct event *)l->events.base + from, p.count, ranks.base, order->count, p.starts);
	region_release(&ranks);
	while (p.first < order->count) {
		p.last = p.first;
		p.before = p.starts[p.first];
		while (p.last < order->count && p.starts[p.last + 1] - p.before <= most)
			p.last++;
		place(l, &p, rows.base);
		if (!hand_over(order, &p, rows.base, &value, out, reterr))
			goto out;
		p.first = p.last;
	}
	ok = true;
out:
	region_release(&ranks);
	region_release(&starts);
	region_release(&rows);
	buf_release(&value);
	return ok;
}
