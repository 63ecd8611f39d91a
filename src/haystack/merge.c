/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A tree of winners (Knuth, The Art of Computer Programming 3, 5.4.1): each inner node holds the
 * input with the least key below it, so that a step costs one comparison a level. Equal keys
 * come out one after the other; their values, which stay where they are mapped, are gathered and
 * merged at once.
 */
#include "haystack/merge.h"

#include <stdlib.h>
#include <string.h>

#include "base/size.h"
#include "contact/factset.h"
#include "contact/series.h"

struct merge {
	struct merge_input *inputs;
	struct segment_iter *iters;
	size_t count;
	size_t leaves;             /* a power of two, at least count */
	uint32_t *tree;            /* tree[1] is the winner; leaves from tree[leaves] on */
	struct series_part *parts; /* of the key under way */
	struct key below;
	struct key key;
	struct buf value;
	bool started;
};

void merge_free(struct merge *m)
{
	if (m == NULL)
		return;
	buf_release(&m->value);
	free(m->inputs);
	free(m->iters);
	free(m->tree);
	free(m->parts);
	free(m);
}

/* Nothing, or not within the bound any more, loses against everything. */
static bool is_less(const struct merge *m, uint32_t a, uint32_t b)
{
	const struct block_iter *x;
	const struct block_iter *y;
	int order;

	if (b >= m->count || m->iters[b].block.value == NULL)
		return true;
	if (a >= m->count || m->iters[a].block.value == NULL)
		return false;
	x = &m->iters[a].block;
	y = &m->iters[b].block;
	order = block_key_cmp(x->key.bytes, x->key.len, y->key.bytes, y->key.len);
	return order != 0 ? order < 0 : a < b;
}

static void play(struct merge *m, size_t node)
{
	uint32_t left = m->tree[2 * node];
	uint32_t right = m->tree[2 * node + 1];

	m->tree[node] = is_less(m, left, right) ? left : right;
}

static bool start(struct merge *m, const struct merge_bounds *bounds, struct err *reterr)
{
	for (size_t i = 0; i < m->count; i++)
		if (!segment_iter_init(&m->iters[i], m->inputs[i].segment, bounds->from.bytes,
			bounds->from.len, reterr))
			return false;
	for (size_t i = 0; i < m->leaves; i++)
		m->tree[m->leaves + i] = (uint32_t)i;
	for (size_t node = m->leaves; --node > 0;)
		play(m, node);
	return true;
}

bool merge_new(const struct merge_input *inputs, size_t count, const struct merge_bounds *bounds,
    struct merge **ret, struct err *reterr)
{
	struct merge *m = calloc(1, sizeof(*m));

	if (m == NULL)
		goto no_memory;
	buf_init(&m->value, SIZE_MAX);
	m->count = count;
	m->leaves = 2;
	while (m->leaves < count)
		m->leaves *= 2;
	m->below = bounds->below;
	m->inputs = calloc(size_add(count, 1), sizeof(*m->inputs));
	m->iters = calloc(size_add(count, 1), sizeof(*m->iters));
	m->tree = calloc(m->leaves, 2 * sizeof(*m->tree));
	m->parts = calloc(size_add(count, 1), sizeof(*m->parts));
	if (m->inputs == NULL || m->iters == NULL || m->tree == NULL || m->parts == NULL)
		goto no_memory;
	if (count > 0)
		memcpy(m->inputs, inputs, count * sizeof(*inputs));
	if (!start(m, bounds, reterr)) {
		merge_free(m);
		return false;
	}
	*ret = m;
	return true;
no_memory:
	err_set_memory(reterr);
	merge_free(m);
	return false;
}

/* Step input i and find the new winner. */
static bool step(struct merge *m, uint32_t i, struct err *reterr)
{
	if (!segment_iter_next(&m->iters[i], reterr))
		return false;
	for (size_t node = (m->leaves + i) / 2; node > 0; node /= 2)
		play(m, node);
	return true;
}

static bool is_within(const struct merge *m, const struct key *key)
{
	return m->below.len == 0 ||
	       block_key_cmp(key->bytes, key->len, m->below.bytes, m->below.len) < 0;
}

static bool merge_facts(struct merge *m, size_t count, struct err *reterr)
{
	struct factset sum;
	struct factset s;

	for (size_t i = 0; i < count; i++) {
		if (!factset_decode(m->parts[i].value, m->parts[i].len, i == 0 ? &sum : &s)) {
			err_set(reterr, ERR_DAMAGED, "value of a fact cannot be read");
			return false;
		}
		if (i > 0)
			factset_add(&sum, &s);
	}
	factset_encode(&sum, &m->value);
	if (!buf_ok(&m->value))
		err_set_memory(reterr);
	return buf_ok(&m->value);
}

/* What the gathered parts make. A value that stays as it is, is not copied. */
static bool merge_parts(
    struct merge *m, size_t count, bool identity, struct merge_entry *ret, struct err *reterr)
{
	bool is_series = m->key.bytes[0] == KEY_TAG_SERIES;

	ret->key = m->key.bytes;
	ret->key_len = m->key.len;
	ret->value = m->parts[0].value;
	ret->value_len = m->parts[0].len;
	if (count == 1 && (identity || !is_series))
		return true;
	buf_clear(&m->value);
	if (!(is_series ? series_merge(m->parts, count, &m->value, reterr)
			: merge_facts(m, count, reterr)))
		return false;
	ret->value = m->value.bytes;
	ret->value_len = m->value.len;
	return true;
}

/* One input needs no tree, and its key can stay where it is. */
static bool next_of_one(struct merge *m, struct merge_entry *ret, struct err *reterr)
{
	const struct block_iter *b = &m->iters[0].block;

	if (m->started && b->value != NULL && !segment_iter_next(&m->iters[0], reterr))
		return false;
	m->started = true;
	ret->key = b->key.bytes;
	ret->key_len = b->key.len;
	ret->value = b->value != NULL && is_within(m, &b->key) ? b->value : NULL;
	ret->value_len = b->value_len;
	return true;
}

bool merge_next(struct merge *m, struct merge_entry *ret, struct err *reterr)
{
	size_t count = 0;
	bool identity = true;

	if (m->count == 1 && m->inputs[0].identity)
		return next_of_one(m, ret, reterr);
	for (;;) {
		uint32_t i = m->tree[1];
		const struct block_iter *b = i < m->count ? &m->iters[i].block : NULL;

		if (b == NULL || b->value == NULL)
			break;
		if (count == 0) {
			if (!is_within(m, &b->key))
				break;
			m->key.len = b->key.len;
			memcpy(m->key.bytes, b->key.bytes, b->key.len);
		} else if (m->key.len != b->key.len ||
			   memcmp(m->key.bytes, b->key.bytes, b->key.len) != 0) {
			break;
		}
		identity = identity && m->inputs[i].identity;
		m->parts[count++] = (struct series_part){ b->value, b->value_len, m->inputs[i].map,
			m->inputs[i].map_count };
		if (!step(m, i, reterr))
			return false;
	}
	ret->value = NULL;
	return count == 0 || merge_parts(m, count, identity, ret, reterr);
}
