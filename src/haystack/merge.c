/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A tree of losers (Knuth, The Art of Computer Programming 3, 5.4.1): each inner node holds the
 * input that lost there, so that a step costs one comparison a level. Keys are compared by codes
 * of where, and by which byte, they part from the entry that came out last (offset-value coding:
 * Conner 1977; Do & Graefe, "Robust and efficient sorting with offset-value coding", TODS 2023).
 * An input whose key parts from it further behind has the lesser key; keys themselves are looked
 * at only where codes are equal, from that offset on. The loser's key parts from the winner's
 * where it parted from the last one, so its code stays right; and the blocks say already how many
 * bytes a key shares with the one before it in its input.
 *
 * Equal keys come out one after the other, which their code tells; their values, which stay where
 * they are mapped, are gathered and merged at once.
 */
#include "haystack/merge.h"

#include <stdlib.h>
#include <string.h>

#include "base/size.h"
#include "contact/factset.h"
#include "contact/series.h"

/* An offset-value code: KEY_MAX - offset, then 9 bits: the byte there + 1, or 0 at a key's end. */
#define CODE_BITS 9
#define CODE_BYTE ((1u << CODE_BITS) - 1)
#define CODE_END  UINT32_MAX /* of an input that has no more: it loses against everything */

struct merge {
	struct merge_input *inputs;
	struct segment_iter *iters;
	size_t count;
	size_t leaves;             /* a power of two, at least count */
	uint64_t *tree;            /* contenders: tree[0] is the winner; losers from tree[1] on */
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

static uint32_t code_of(const struct key *k, size_t offset)
{
	uint32_t byte = offset < k->len ? k->bytes[offset] + 1u : 0;

	return (uint32_t)(KEY_MAX - offset) << CODE_BITS | byte;
}

static size_t offset_of(uint32_t code)
{
	return KEY_MAX - (code >> CODE_BITS);
}

/* Is it the very key that came out last? */
static bool is_same(uint32_t code)
{
	return (code & CODE_BYTE) == 0;
}

/* A contender is one number, code and input: the lesser one wins, unless codes are equal. */
static uint64_t contender(uint32_t code, uint32_t input)
{
	return (uint64_t)code << 32 | input;
}

static uint32_t code_in(uint64_t c)
{
	return (uint32_t)(c >> 32);
}

static uint32_t input_in(uint64_t c)
{
	return (uint32_t)c;
}

/* Of two with equal codes the keys decide, then the order of inputs; the loser is coded anew. */
static uint64_t play_equal(const struct merge *m, uint64_t a, uint64_t *b)
{
	uint64_t first = a < *b ? a : *b, second = a < *b ? *b : a;
	uint32_t code = code_in(a), x_code, y_code;
	const struct key *x, *y;
	size_t at, len;

	*b = second;
	if (is_same(code) || code == CODE_END)
		return first;
	x = &m->iters[input_in(first)].block.key;
	y = &m->iters[input_in(second)].block.key;
	at = offset_of(code) + 1;
	len = x->len < y->len ? x->len : y->len;
	at += block_shared_prefix(x->bytes + at, y->bytes + at, len - at);
	x_code = code_of(x, at);
	y_code = code_of(y, at);
	if (x_code <= y_code) {
		*b = contender(y_code, input_in(second));
		return first;
	}
	*b = contender(x_code, input_in(first));
	return second;
}

/* The winner of two; the loser takes the place of *b. */
static inline uint64_t play(const struct merge *m, uint64_t a, uint64_t *b)
{
	uint64_t other = *b;

	if (code_in(a) == code_in(other))
		return play_equal(m, a, b);
	*b = a < other ? other : a;
	return a < other ? a : other;
}

/* Where input i stands now, seen from the entry that came out last, which was its own. */
static uint64_t contender_of(const struct merge *m, uint32_t i, size_t shared)
{
	const struct block_iter *b = &m->iters[i].block;

	return contender(b->value == NULL ? CODE_END : code_of(&b->key, shared), i);
}

static bool start(struct merge *m, const struct key *from, struct err *reterr)
{
	uint64_t *winners = calloc(m->leaves, 2 * sizeof(*winners));

	if (winners == NULL) {
		err_set_memory(reterr);
		return false;
	}
	for (uint32_t i = 0; i < m->leaves; i++) {
		winners[m->leaves + i] = contender(CODE_END, i);
		if (i >= m->count)
			continue;
		if (!segment_iter_init(
			&m->iters[i], m->inputs[i].segment, from, &m->below, reterr)) {
			free(winners);
			return false;
		}
		winners[m->leaves + i] = contender_of(m, i, 0);
	}
	for (size_t node = m->leaves; --node > 0;) {
		m->tree[node] = winners[2 * node + 1];
		winners[node] = play(m, winners[2 * node], &m->tree[node]);
	}
	m->tree[0] = winners[1];
	free(winners);
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
	m->tree = calloc(m->leaves, sizeof(*m->tree));
	m->parts = calloc(size_add(count, 1), sizeof(*m->parts));
	if (m->inputs == NULL || m->iters == NULL || m->tree == NULL || m->parts == NULL)
		goto no_memory;
	if (count > 0)
		memcpy(m->inputs, inputs, count * sizeof(*inputs));
	if (!start(m, &bounds->from, reterr)) {
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

/* Step the input that won, and find the new winner. */
static bool step(struct merge *m, struct err *reterr)
{
	uint32_t i = input_in(m->tree[0]);
	struct segment_iter *it = &m->iters[i];
	uint64_t c;

	if (!segment_iter_next(it, reterr))
		return false;
	c = contender_of(m, i, it->block.shared);
	for (size_t node = (m->leaves + i) / 2; node > 0; node /= 2)
		c = play(m, c, &m->tree[node]);
	m->tree[0] = c;
	return true;
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
	ret->key = b->key.bytes;
	ret->key_len = b->key.len;
	ret->shared = m->started ? b->shared : 0;
	ret->value = b->value;
	ret->value_len = b->value_len;
	m->started = true;
	return true;
}

bool merge_next(struct merge *m, struct merge_entry *ret, struct err *reterr)
{
	uint64_t c = m->tree[0];
	size_t count = 0, shared;
	const struct key *key;
	bool identity = true;

	if (m->count == 1 && m->inputs[0].identity)
		return next_of_one(m, ret, reterr);
	ret->value = NULL;
	if (code_in(c) == CODE_END)
		return true;
	key = &m->iters[input_in(c)].block.key;
	shared = offset_of(code_in(c));
	memcpy(m->key.bytes + shared, key->bytes + shared, key->len - shared);
	m->key.len = key->len;
	ret->shared = shared;
	do {
		const struct merge_input *in = &m->inputs[input_in(c)];
		const struct block_iter *b = &m->iters[input_in(c)].block;

		identity = identity && in->identity;
		m->parts[count++] =
		    (struct series_part){ b->value, b->value_len, in->map, in->map_count };
		if (!step(m, reterr))
			return false;
		c = m->tree[0];
	} while (is_same(code_in(c)));
	return merge_parts(m, count, identity, ret, reterr);
}
