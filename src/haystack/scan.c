/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A scan is a merge over a range of keys. To share the work between threads, the range is cut at
 * keys taken evenly from the index of the largest segment, each cut down to its target.
 */
#include <stdlib.h>
#include <string.h>

#include "base/size.h"
#include "haystack/store.h"

struct haystack_scan {
	struct merge *merge;
};

void haystack_scan_free(struct haystack_scan *s)
{
	if (s == NULL)
		return;
	merge_free(s->merge);
	free(s);
}

/* The least key above all that begin with this one. */
static void step_over(struct key *k)
{
	while (k->len > 0 && k->bytes[k->len - 1] == UINT8_MAX)
		k->len--;
	if (k->len > 0)
		k->bytes[k->len - 1]++;
}

static const struct segment *largest(const struct haystack *h)
{
	const struct segment *best = NULL;

	for (size_t i = 0; i < h->manifest.count; i++)
		if (best == NULL || h->segments[i].file.len > best->len)
			best = &h->segments[i].file;
	return best;
}

static int compare(const struct key *a, const struct key *b)
{
	return block_key_cmp(a->bytes, a->len, b->bytes, b->len);
}

/* Number of index keys within the bounds; *ret is the one before which `stop` of them are. */
static bool walk_index(const struct segment *s, const struct merge_bounds *b, uint64_t stop,
    struct key *ret, uint64_t *ret_count, struct err *reterr)
{
	struct segment_iter it;
	uint64_t count = 0;

	*ret_count = 0;
	it.segment = s;
	block_iter_init(&it.index, s->index);
	for (;;) {
		if (!segment_index_next(&it, reterr))
			return false;
		if (it.index.value == NULL || compare(&it.index.key, &b->below) >= 0)
			break;
		if (compare(&it.index.key, &b->from) < 0)
			continue;
		if (count++ == stop) {
			*ret = it.index.key;
			break;
		}
	}
	*ret_count = count;
	return true;
}

/* The key at which part `part` begins. */
static bool find_cut(const struct haystack *h, const struct merge_bounds *b, unsigned part,
    unsigned parts, struct key *ret, struct err *reterr)
{
	const struct segment *s = largest(h);
	uint64_t count = 0;
	size_t len;

	*ret = part == 0 ? b->from : b->below;
	if (part == 0 || part >= parts || s == NULL)
		return true;
	if (!walk_index(s, b, UINT64_MAX, ret, &count, reterr))
		return false;
	if (!walk_index(s, b, count * part / parts, ret, &count, reterr))
		return false;
	len = key_target_len(ret->bytes, ret->len);
	if (len > 0)
		ret->len = len;
	/* a target that is wider than the range begins before it */
	if (compare(ret, &b->from) < 0)
		*ret = b->from;
	return true;
}

static bool find_bounds(const struct haystack *h, const struct haystack_range *r,
    struct merge_bounds *ret, struct err *reterr)
{
	struct merge_bounds whole;

	if (r->prefix != NULL) {
		whole.from = *r->prefix;
	} else {
		whole.from.len = 1;
		whole.from.bytes[0] = r->tag;
	}
	whole.below = whole.from;
	step_over(&whole.below);
	return find_cut(h, &whole, r->part, r->parts, &ret->from, reterr) &&
	       find_cut(h, &whole, r->part + 1, r->parts, &ret->below, reterr);
}

bool haystack_scan_new(struct haystack *h, const struct haystack_range *range,
    struct haystack_scan **ret, struct err *reterr)
{
	bool ok = false;
	size_t count = h->manifest.count;
	struct merge_input *inputs = calloc(size_add(count, 1), sizeof(*inputs));
	struct haystack_scan *s = calloc(1, sizeof(*s));
	struct merge_bounds bounds;

	if (inputs == NULL || s == NULL) {
		err_set_memory(reterr);
		goto out;
	}
	if (!find_bounds(h, range, &bounds, reterr))
		goto out;
	for (size_t i = 0; i < count; i++)
		inputs[i] = store_input(h, i);
	if (!merge_new(inputs, count, &bounds, &s->merge, reterr))
		goto out;
	*ret = s;
	s = NULL;
	ok = true;
out:
	haystack_scan_free(s);
	free(inputs);
	return ok;
}

bool haystack_scan_next(
    struct haystack_scan *s, struct haystack_entry *ret, bool *ret_end, struct err *reterr)
{
	struct merge_entry e;

	if (!merge_next(s->merge, &e, reterr))
		return false;
	ret->key = e.key;
	ret->key_len = e.key_len;
	ret->shared = e.shared;
	ret->value = e.value;
	ret->value_len = e.value_len;
	*ret_end = e.value == NULL;
	return true;
}
