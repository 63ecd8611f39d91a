/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One rank table a class, kept for the whole hunt; every name knows its table and its place. */
#include "hunt/narrow.h"

#include <stdlib.h>

#include "base/size.h"

struct place {
	uint32_t table;
	uint32_t at;
};

struct narrow {
	struct rank_table **tables;
	size_t table_count;
	size_t table_capacity;
	struct place *places; /* of every name */
};

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

static bool reserve_table(struct narrow *n)
{
	size_t capacity = n->table_capacity * 2 + 16;
	struct rank_table **tables;

	if (n->table_count < n->table_capacity)
		return true;
	tables = reallocarray(n->tables, capacity, sizeof(*tables));
	if (tables == NULL)
		return false;
	n->tables = tables;
	n->table_capacity = capacity;
	return true;
}

/* The names of one class: keys[0..count). */
static bool add_class(struct narrow *n, const struct funnel *f, const uint64_t *keys, size_t count,
    uint64_t seed, struct err *reterr)
{
	struct rank_name *in = malloc(size_mul(count, sizeof(*in)));
	bool ok;

	if (in == NULL || !reserve_table(n)) {
		free(in);
		err_set_memory(reterr);
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		uint32_t number = (uint32_t)keys[i];
		const struct name *name = &f->names[number];

		in[i] = (struct rank_name){
			.contacts = name->contacts,
			.peers = name->peers,
			.peers_effective = name->d2,
			.active_days = name->days,
		};
		n->places[number] =
		    (struct place){ .table = (uint32_t)n->table_count, .at = (uint32_t)i };
	}
	ok = rank_table_new(in, count, f->peer_count, seed, &n->tables[n->table_count], reterr);
	n->table_count += ok;
	free(in);
	return ok;
}

static bool add_classes(struct narrow *n, const struct funnel *f, uint64_t seed, struct err *reterr)
{
	uint64_t *keys = malloc(size_mul(f->name_count + 1, sizeof(*keys)));
	bool ok = keys != NULL;

	if (!ok)
		err_set_memory(reterr);
	for (size_t i = 0; i < f->name_count && ok; i++)
		keys[i] = sort_key(&f->names[i], i);
	if (ok && f->name_count > 1)
		qsort(keys, f->name_count, sizeof(*keys), key_cmp);
	for (size_t from = 0, upto; ok && from < f->name_count; from = upto) {
		upto = from + 1;
		while (upto < f->name_count && keys[upto] >> 32 == keys[from] >> 32)
			upto++;
		ok = add_class(n, f, keys + from, upto - from, seed, reterr);
	}
	free(keys);
	return ok;
}

bool narrow_new(const struct funnel *f, uint64_t seed, struct narrow **ret, struct err *reterr)
{
	struct narrow *n = calloc(1, sizeof(*n));

	if (n != NULL)
		n->places = calloc(size_add(f->name_count, 1), sizeof(*n->places));
	if (n == NULL || n->places == NULL) {
		free(n);
		err_set_memory(reterr);
		return false;
	}
	if (!add_classes(n, f, seed, reterr)) {
		narrow_free(n);
		return false;
	}
	*ret = n;
	return true;
}

void narrow_free(struct narrow *n)
{
	if (n == NULL)
		return;
	for (size_t i = 0; i < n->table_count; i++)
		rank_table_free(n->tables[i]);
	free(n->tables);
	free(n->places);
	free(n);
}

void narrow_rank(const struct narrow *n, uint32_t name, struct rank_result *ret)
{
	rank_name(n->tables[n->places[name].table], n->places[name].at, ret);
}

void narrow_refine(const struct narrow *n, uint32_t name, struct rank_result *ret)
{
	rank_refine(n->tables[n->places[name].table], n->places[name].at, ret);
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
