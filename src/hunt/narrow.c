/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hunt/narrow.h"

#include <stdlib.h>

#include "base/size.h"

/* The class of a name in the upper half, its number in the lower. */
static uint64_t sort_key(const struct name *n, size_t i)
{
	uint64_t class = (uint64_t)n->kind << 24 | (uint64_t)n->type << 8 | n->ttl_class;

	return class << 32 | (uint32_t)i;
}

static int key_cmp(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* One class: keys[from..upto). Both lists ascend, so wanted names are found by a merge. */
struct band {
	const struct name *names;
	const uint64_t *keys;
	size_t count;
	uint64_t visible_peers;
	uint64_t seed;
};

static size_t find_wanted(const uint32_t *wanted, size_t count, uint32_t name)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (wanted[middle] < name)
			low = middle + 1;
		else
			high = middle;
	}
	return low < count && wanted[low] == name ? low : SIZE_MAX;
}

static bool rank_band(const struct band *b, const uint32_t *wanted, size_t wanted_count,
    struct rank_result *ret, struct err *reterr)
{
	struct rank_name *in = malloc(size_mul(b->count, sizeof(*in)));
	struct rank_table *table = NULL;
	bool ok = false;

	if (in == NULL) {
		err_set_memory(reterr);
		return false;
	}
	for (size_t i = 0; i < b->count; i++) {
		const struct name *n = &b->names[(uint32_t)b->keys[i]];

		in[i] = (struct rank_name){ .contacts = n->contacts,
			.peers = n->peers,
			.peers_effective = n->d2,
			.active_days = n->days };
	}
	if (!rank_table_new(in, b->count, b->visible_peers, b->seed, &table, reterr))
		goto out;
	for (size_t i = 0; i < b->count; i++) {
		size_t at = find_wanted(wanted, wanted_count, (uint32_t)b->keys[i]);

		if (at != SIZE_MAX)
			rank_name(table, i, &ret[at]);
	}
	ok = true;
out:
	rank_table_free(table);
	free(in);
	return ok;
}

bool narrow_rank(const struct name *names, size_t name_count, uint64_t visible_peers, uint64_t seed,
    const uint32_t *wanted, size_t wanted_count, struct rank_result *ret, struct err *reterr)
{
	uint64_t *keys = malloc(size_mul(name_count + 1, sizeof(*keys)));
	bool ok = keys != NULL;

	if (!ok)
		err_set_memory(reterr);
	for (size_t i = 0; i < name_count && ok; i++)
		keys[i] = sort_key(&names[i], i);
	if (ok && name_count > 1)
		qsort(keys, name_count, sizeof(*keys), key_cmp);
	for (size_t from = 0, upto; ok && from < name_count; from = upto) {
		struct band band = { .names = names,
			.keys = keys + from,
			.visible_peers = visible_peers,
			.seed = seed };

		upto = from + 1;
		while (upto < name_count && keys[upto] >> 32 == keys[from] >> 32)
			upto++;
		band.count = upto - from;
		ok = rank_band(&band, wanted, wanted_count, ret, reterr);
	}
	free(keys);
	return ok;
}

bool narrow_aggregate_from(
    const struct peer_total *peers, size_t count, uint64_t *ret, struct err *reterr)
{
	uint64_t *names = malloc(size_mul(count + 1, sizeof(*names)));
	size_t n = 0;

	if (names == NULL) {
		err_set_memory(reterr);
		return false;
	}
	for (size_t i = 0; i < count; i++)
		if (peers[i].contacts >= NARROW_PEER_CONTACTS)
			names[n++] = peers[i].names;
	*ret = UINT64_MAX;
	if (n >= NARROW_PEERS_MIN) {
		qsort(names, n, sizeof(*names), key_cmp);
		*ret = names[n / 2] * NARROW_AGGREGATE;
	}
	free(names);
	return true;
}
