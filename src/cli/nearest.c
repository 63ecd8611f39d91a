/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keys sort by label from the root, so the neighbors of a name are one range of keys for each of
 * its suffixes. The ranges are searched from the narrowest out, until one has something near.
 */
#include "cli/nearest.h"

#include <limits.h>
#include <string.h>

#include "cli/typo.h"

#define NEAREST_ENTRIES 50000 /* looked at in all: some 10 ms */

struct search {
	struct haystack *haystack;
	const struct endpoint *target;
	char text[ENDPOINT_TEXT_MAX];
	size_t text_len;
	bool below; /* every name counts, however it is spelled */
	struct nearest *nearest;
	unsigned distances[NEAREST_MAX];
	size_t entries;       /* looked at so far */
	struct endpoint last; /* target of the last entry */
};

/* Among the nearest so far; of equally near ones the first stays in front. */
static void insert(struct search *s, const struct endpoint *e, unsigned distance)
{
	struct nearest *n = s->nearest;
	size_t at;

	if (n->count == NEAREST_MAX && distance >= s->distances[n->count - 1])
		return;
	at = n->count < NEAREST_MAX ? n->count++ : n->count - 1;
	for (; at > 0 && distance < s->distances[at - 1]; at--) {
		n->targets[at] = n->targets[at - 1];
		s->distances[at] = s->distances[at - 1];
	}
	n->targets[at] = *e;
	s->distances[at] = distance;
}

static void consider(struct search *s, const struct endpoint *e)
{
	char text[ENDPOINT_TEXT_MAX];
	unsigned distance = 0;
	size_t len;

	if (endpoint_cmp(e, &s->last) == 0)
		return;
	s->last = *e;
	if (!s->below) {
		len = endpoint_format(e, text);
		distance = typo_distance(s->text, s->text_len, text, len);
		if (distance > 1 + s->text_len / 6)
			return;
	}
	insert(s, e, distance);
}

static bool search_range(struct search *s, const struct key *prefix, struct err *reterr)
{
	const struct haystack_range range = { .tag = KEY_TAG_SERIES, .prefix = prefix, .parts = 1 };
	struct haystack_scan *scan = NULL;
	struct haystack_entry entry;
	struct contact key;
	bool end = false, ok;

	s->last = (struct endpoint){ .form = ENDPOINT_NONE };
	ok = haystack_scan_new(s->haystack, &range, &scan, reterr);
	while (ok && s->entries < NEAREST_ENTRIES &&
	       (ok = haystack_scan_next(scan, &entry, &end, reterr)) && !end) {
		s->entries++;
		if (key_read_series(entry.key, entry.key_len, &key))
			consider(s, &key.target);
	}
	haystack_scan_free(scan);
	return ok;
}

/* The name without its first label; false at the root. */
static bool parent_of(const struct endpoint *name, struct endpoint *ret)
{
	size_t label = name->bytes[0];

	return label > 0 && label + 1 < name->len &&
	       endpoint_from_wire(ret, name->bytes + label + 1, name->len - label - 1);
}

static bool search_names(struct search *s, struct err *reterr)
{
	struct endpoint suffix = *s->target, parent;
	struct key prefix;

	s->below = true;
	do {
		key_of_suffix(&prefix, KEY_TAG_SERIES, &suffix);
		if (!search_range(s, &prefix, reterr))
			return false;
		s->below = false;
		if (s->nearest->count > 0 || !parent_of(&suffix, &parent))
			return true;
		suffix = parent;
	} while (s->entries < NEAREST_ENTRIES);
	return true;
}

/* An address is the end of its key, so that a shorter key is a network. */
static bool search_addresses(struct search *s, struct err *reterr)
{
	const size_t step = s->target->len / 4;
	struct key prefix;

	key_of_target(&prefix, KEY_TAG_SERIES, s->target);
	for (size_t i = 0; i < 3 && s->nearest->count == 0; i++) {
		prefix.len -= step;
		if (!search_range(s, &prefix, reterr))
			return false;
	}
	return true;
}

bool nearest_find(
    struct haystack *h, const struct endpoint *target, struct nearest *ret, struct err *reterr)
{
	struct search s = { .haystack = h, .target = target, .nearest = ret };

	*ret = (struct nearest){ .count = 0 };
	s.text_len = endpoint_format(target, s.text);
	return target->form == ENDPOINT_NAME ? search_names(&s, reterr)
					     : search_addresses(&s, reterr);
}
