/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Nearly every answer says again what is known, so that a fact is mostly a look-up in a table too
 * big for any cache, and one line of it that is changed. Both orders of keys are made only when
 * the facts are written.
 */
#include "haystack/factlog.h"

#define ANNOUNCED 32 /* facts fetched at once */

void factlog_init(struct factlog *l, struct stock *stock, uint64_t seed)
{
	*l = (struct factlog){ .aside.stock = stock };
	linktable_init(&l->facts, LINK_FACTS, sizeof(struct factlog_fact), stock, seed);
}

void factlog_release(struct factlog *l)
{
	linktable_release(&l->facts);
	region_release(&l->aside);
}

void factlog_clear(struct factlog *l)
{
	linktable_clear(&l->facts);
	l->aside_count = 0;
	l->known = 0;
}

uint64_t factlog_bytes(const struct factlog *l)
{
	return linktable_bytes(&l->facts) + l->aside_count * sizeof(struct factlog_aside);
}

static void add(struct factset *sum, const struct factset *s)
{
	if (sum->count == 0)
		*sum = *s;
	else if (s->count > 0)
		factset_add(sum, s);
}

void factlog_begin(struct factlog *l, uint32_t source)
{
	l->source = source;
	l->under_way = true;
	l->known = l->facts.count;
}

void factlog_end(struct factlog *l)
{
	const struct factlog_aside *aside = l->aside.base;

	for (uint32_t i = 0; i < l->aside_count; i++) {
		struct factlog_fact *f = linktable_at(&l->facts, aside[i].number);

		add(&f->sum, &aside[i].sum);
	}
	l->aside_count = 0;
	l->under_way = false;
}

void factlog_drop(struct factlog *l)
{
	const struct factlog_aside *aside = l->aside.base;

	if (!l->under_way)
		return;
	for (uint32_t i = 0; i < l->aside_count; i++) {
		struct factlog_fact *f = linktable_at(&l->facts, aside[i].number);

		f->sum = aside[i].sum;
	}
	for (uint32_t i = l->known; i < l->facts.count; i++) {
		struct factlog_fact *f = linktable_at(&l->facts, i);

		f->sum.count = 0;
	}
	l->aside_count = 0;
	l->under_way = false;
}

/* The first sighting by the source under way of a fact that was known before. */
static bool put_aside(struct factlog *l, uint32_t number, struct factlog_fact *f)
{
	struct factlog_aside *at;

	if (!region_reserve(&l->aside, ((size_t)l->aside_count + 1) * sizeof(*at)))
		return false;
	at = (struct factlog_aside *)l->aside.base + l->aside_count++;
	*at = (struct factlog_aside){ number, f->sum };
	f->sum.count = 0;
	f->source = l->source;
	return true;
}

bool factlog_add(
    struct factlog *l, struct linktable_query *batch, const struct factset *sets, size_t count)
{
	uint32_t had = l->facts.count;

	if (!linktable_add(&l->facts, batch, count))
		return false;
	for (uint32_t i = had; i < l->facts.count; i++)
		((struct factlog_fact *)linktable_at(&l->facts, i))->source = l->source;
	for (size_t i = 0; i < count; i++) {
		struct factlog_fact *f = linktable_at(&l->facts, batch[i].number);

		if (l->under_way && f->source != l->source && !put_aside(l, batch[i].number, f))
			return false;
		add(&f->sum, &sets[i]);
	}
	return true;
}

/* ---- the end ---- */

static void exchange_aside(struct factlog *l)
{
	struct factlog_aside *aside = l->aside.base;

	for (uint32_t i = 0; i < l->aside_count; i++) {
		struct factlog_fact *f = linktable_at(&l->facts, aside[i].number);
		struct factset sum = f->sum;

		f->sum = aside[i].sum;
		aside[i].sum = sum;
	}
}

/* Is its sum that of ended sources? When it is not, the source under way has shown it alone. */
static bool is_wanted(
    const struct factlog *l, const struct factlog_fact *f, uint32_t number, bool ended)
{
	bool is_new = l->under_way && f->source == l->source;

	if (f->sum.count == 0)
		return false;
	return ended ? !is_new || number < l->known : is_new;
}

/* Have fetched what the items from number at on need: all at once, so that the waits overlap. */
static PREFETCHES void announce(const struct factlog *l, const struct ranking *ranking,
    const struct linkitem *items, uint32_t at)
{
	uint32_t end = l->facts.count - at < ANNOUNCED ? l->facts.count : at + ANNOUNCED;

	for (uint32_t i = at; i < end; i++) {
		__builtin_prefetch(linktable_at(&l->facts, items[i].number));
		ranking_announce(ranking, linkitem_second(&items[i]));
	}
	for (uint32_t i = at; i < end; i++) {
		ranking_fetch(ranking, items[i].first);
		ranking_fetch(ranking, linkitem_second(&items[i]));
	}
}

static bool write_sorted(const struct factlog *l, uint8_t tag, bool ended,
    const struct ranking *ranking, const struct linkitem *items, struct segment_writer *out,
    struct err *reterr)
{
	struct buf value;
	struct key key;
	bool ok = true;

	buf_init(&value, 256);
	for (uint32_t i = 0; i < l->facts.count && ok; i++) {
		const struct factlog_fact *f = linktable_at(&l->facts, items[i].number);

		if (i % ANNOUNCED == 0)
			announce(l, ranking, items, i);
		if (!is_wanted(l, f, items[i].number, ended))
			continue;
		key_join_fact(&key, tag, ranking_part(ranking, items[i].first), f->link.type,
		    ranking_part(ranking, linkitem_second(&items[i])), f->link.extra, f->link.more);
		buf_clear(&value);
		factset_encode(&f->sum, &value);
		ok = buf_ok(&value);
		if (!ok)
			err_set_memory(reterr);
		ok = ok &&
		     segment_writer_add(out, key.bytes, key.len, value.bytes, value.len, reterr);
	}
	buf_release(&value);
	return ok;
}

bool factlog_emit(struct factlog *l, bool ended, const struct ranking *ranking,
    struct segment_writer *out, struct err *reterr)
{
	static const struct {
		enum linktable_end by;
		uint8_t tag;
	} orders[] = { { LINK_BY_FIRST, KEY_TAG_FACT }, { LINK_BY_SECOND, KEY_TAG_REVERSE } };
	bool ok = true;

	if (ended)
		exchange_aside(l);
	for (size_t i = 0; i < COUNT_OF(orders) && ok; i++) {
		struct region items;

		ok = linktable_sort(&l->facts, ranking, orders[i].by, &items);
		if (!ok)
			err_set_memory(reterr);
		ok = ok && write_sorted(l, orders[i].tag, ended, ranking, items.base, out, reterr);
		region_release(&items);
	}
	if (ended)
		exchange_aside(l);
	return ok;
}
