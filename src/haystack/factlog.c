/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A fact is far less often new than a contact; no batching is needed here. */
#include "haystack/factlog.h"

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

bool factlog_add(struct factlog *l, const struct fact *f)
{
	struct key key;
	struct keytable_query q = { .key = key.bytes };
	struct fact_sums *sums;
	uint32_t known = l->keys.count;
	struct factset s;

	key_of_fact(&key, f, KEY_TAG_FACT);
	q.len = key.len;
	if (!keytable_add(&l->keys, &q, 1) ||
	    !region_reserve(&l->sums, ((size_t)q.id + 1) * sizeof(*sums)))
		return false;
	sums = (struct fact_sums *)l->sums.base + q.id;
	if (q.id >= known)
		*sums = (struct fact_sums){ .ended = { .count = 0 } };
	factset_of(&s, f);
	add(&sums->under_way, &s);
	return true;
}

void factlog_end(struct factlog *l)
{
	struct fact_sums *sums = l->sums.base;

	for (uint32_t i = 0; i < l->keys.count; i++) {
		add(&sums[i].ended, &sums[i].under_way);
		sums[i].under_way.count = 0;
	}
}

void factlog_drop(struct factlog *l)
{
	struct fact_sums *sums = l->sums.base;

	for (uint32_t i = 0; i < l->keys.count; i++)
		sums[i].under_way.count = 0;
}

typedef bool take_fn(void *context, const struct keytable_key *key, const struct buf *value,
    struct err *reterr);

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
	for (uint32_t i = 0; i < keys->count && ok; i++) {
		struct keytable_key key = keytable_at(keys, items[i].place);
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
	size_t at = 0;

	for (uint32_t i = 0; i < keys->count; i++) {
		struct keytable_key forth = keytable_at(keys, (uint32_t)(at / 4));
		struct key back;
		struct keytable_query q = { .key = back.bytes };
		struct fact f;

		at += (KEYTABLE_RECORD_BYTES + forth.len + 3) / 4 * 4;
		if (!key_read_fact(forth.bytes, forth.len, &f))
			return false; /* never: we wrote it */
		key_of_fact(&back, &f, KEY_TAG_REVERSE);
		q.len = back.len;
		if (!keytable_add(ret, &q, 1))
			return false;
	}
	return true;
}

bool factlog_emit(const struct factlog *l, bool ended, take_fn *take, void *context,
    struct err *reterr)
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
