/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Nearly every answer says again what is known, so that a fact is a look-up in a table too big
 * for any cache: they are numbered in batches, as contacts are. The keys by data are made only
 * when they are written; each is the key by owner with its ends exchanged.
 */
#include "haystack/factlog.h"

#define LOOK_AHEAD 16

/* Count 0: nothing yet. */
struct fact_sums {
	struct factset ended;
	struct factset under_way;
};

void factlog_init(struct factlog *l, uint64_t seed)
{
	*l = (struct factlog){ .sums = { .base = NULL } };
	keytable_init(&l->keys, seed);
}

void factlog_release(struct factlog *l)
{
	keytable_release(&l->keys);
	region_release(&l->sums);
}

void factlog_clear(struct factlog *l)
{
	keytable_clear(&l->keys);
	l->pending = 0;
	l->pending_ended = false;
}

uint64_t factlog_bytes(const struct factlog *l)
{
	/* the reverse keys are made when they are written */
	return 2 * keytable_bytes(&l->keys) + l->keys.count * sizeof(struct fact_sums);
}

static void add(struct factset *sum, const struct factset *s)
{
	if (sum->count == 0)
		*sum = *s;
	else if (s->count > 0)
		factset_add(sum, s);
}

bool factlog_flush(struct factlog *l)
{
	struct keytable_query batch[KEYTABLE_BATCH];
	uint32_t known = l->keys.count;
	struct fact_sums *sums;

	for (size_t i = 0; i < l->pending; i++) {
		batch[i].key = l->pending_keys[i].bytes;
		batch[i].len = l->pending_keys[i].len;
	}
	if (!keytable_add(&l->keys, batch, l->pending) ||
	    !region_reserve(&l->sums, (size_t)l->keys.count * sizeof(*sums) + 1))
		return false;
	sums = l->sums.base;
	memset(sums + known, 0, (l->keys.count - known) * sizeof(*sums));
	for (size_t i = 0; i < l->pending; i++)
		__builtin_prefetch(&sums[batch[i].id], 1);
	for (size_t i = 0; i < l->pending; i++) {
		struct fact_sums *sum = &sums[batch[i].id];

		add(l->pending_ended ? &sum->ended : &sum->under_way, &l->pending_sets[i]);
	}
	l->pending = 0;
	l->pending_ended = false;
	return true;
}

bool factlog_add(struct factlog *l, const struct fact *f)
{
	key_of_fact(&l->pending_keys[l->pending], f, KEY_TAG_FACT);
	factset_of(&l->pending_sets[l->pending], f);
	l->pending++;
	return l->pending < KEYTABLE_BATCH || factlog_flush(l);
}

void factlog_end(struct factlog *l)
{
	struct fact_sums *sums = l->sums.base;

	for (uint32_t i = 0; i < l->keys.count; i++) {
		add(&sums[i].ended, &sums[i].under_way);
		sums[i].under_way.count = 0;
	}
	l->pending_ended = true;
}

void factlog_drop(struct factlog *l)
{
	struct fact_sums *sums = l->sums.base;

	for (uint32_t i = 0; i < l->keys.count; i++)
		sums[i].under_way.count = 0;
	l->pending = 0;
}

typedef bool take_fn(
    void *context, const struct keytable_key *key, const struct buf *value, struct err *reterr);

/* A key by its rank; of those that come soon, the key and then the sums are fetched. */
static struct keytable_key key_at(const struct keytable *keys, const struct keytable_item *items,
    uint32_t rank, const struct fact_sums *sums)
{
	if (rank + 2 * LOOK_AHEAD < keys->count)
		__builtin_prefetch(keytable_at_place(keys, items[rank + 2 * LOOK_AHEAD].place));
	if (rank + LOOK_AHEAD < keys->count)
		__builtin_prefetch(&sums[keytable_at(keys, items[rank + LOOK_AHEAD].place).id]);
	return keytable_at(keys, items[rank].place);
}

static bool emit_sorted(const struct factlog *l, const struct keytable *keys, bool ended,
    take_fn *take, void *context, struct err *reterr)
{
	const struct fact_sums *sums = l->sums.base;
	const struct keytable_item *items;
	struct region order;
	struct buf value;
	bool ok = true;

	buf_init(&value, 256);
	if (!keytable_sort(keys, &order)) {
		err_set_memory(reterr);
		return false;
	}
	items = order.base;
	for (uint32_t rank = 0; rank < keys->count && ok; rank++) {
		struct keytable_key key = key_at(keys, items, rank, sums);
		const struct factset *s = ended ? &sums[key.id].ended : &sums[key.id].under_way;

		if (s->count == 0)
			continue;
		buf_clear(&value);
		factset_encode(s, &value);
		ok = buf_ok(&value);
		if (!ok)
			err_set_memory(reterr);
		ok = ok && take(context, &key, &value, reterr);
	}
	buf_release(&value);
	region_release(&order);
	return ok;
}

/* The same facts by their data, with the same numbers. */
static bool turn_round(const struct keytable *keys, struct keytable *ret)
{
	uint32_t place = 0;
	struct key back;

	for (uint32_t i = 0; i < keys->count; i++) {
		struct keytable_key forth = keytable_at(keys, place);

		place = keytable_next(place, forth.len);
		/* neither fails but for memory: we wrote the key, and no two facts have the same */
		if (!key_turn_fact(forth.bytes, forth.len, &back) ||
		    !keytable_append(ret, back.bytes, back.len))
			return false;
	}
	return true;
}

bool factlog_emit(
    const struct factlog *l, bool ended, take_fn *take, void *context, struct err *reterr)
{
	struct keytable reverse;
	bool ok;

	keytable_init(&reverse, l->keys.seed);
	ok = emit_sorted(l, &l->keys, ended, take, context, reterr);
	if (ok && !turn_round(&l->keys, &reverse)) {
		err_set_memory(reterr);
		ok = false;
	}
	ok = ok && emit_sorted(l, &reverse, ended, take, context, reterr);
	keytable_release(&reverse);
	return ok;
}
