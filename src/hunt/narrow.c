/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One rank table a class, kept for the whole hunt; every name knows its table and its place. */
#include "hunt/narrow.h"

#include <stdlib.h>

#include "base/size.h"

struct place {
	uint32_t class;
	uint32_t at; /* in its table */
};

struct class
{
	struct rank_table *table;
	const uint32_t *members; /* numbers in the funnel of the table's names */
};

struct narrow {
	struct class *classes;
	size_t class_count;
	size_t class_capacity;
	struct place *places; /* of every name */
	uint32_t *members;    /* of all classes, one after another */
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

static bool reserve_class(struct narrow *n)
{
	size_t capacity = n->class_capacity * 2 + 16;
	struct class *classes;

	if (n->class_count < n->class_capacity)
		return true;
	classes = reallocarray(n->classes, capacity, sizeof(*classes));
	if (classes == NULL)
		return false;
	n->classes = classes;
	n->class_capacity = capacity;
	return true;
}

/* The names of one class: n->members[from..upto). */
static bool add_class(struct narrow *n, const struct funnel *f, size_t from, size_t upto,
    uint64_t seed, struct err *reterr)
{
	struct rank_name *in = malloc(size_mul(upto - from, sizeof(*in)));
	struct class *class;
	bool ok;

	if (in == NULL || !reserve_class(n)) {
		free(in);
		err_set_memory(reterr);
		return false;
	}
	class = &n->classes[n->class_count];
	class->members = n->members + from;
	for (size_t i = 0; i < upto - from; i++) {
		const struct name *name = &f->names[class->members[i]];

		in[i] = (struct rank_name){
			.contacts = name->contacts,
			.peers = name->peers,
			.peers_effective = name->d2,
			.active_days = name->days,
		};
		n->places[class->members[i]] =
		    (struct place){ .class = (uint32_t)n->class_count, .at = (uint32_t)i };
	}
	ok = rank_table_new(in, upto - from, f->peer_count, seed, &class->table, reterr);
	n->class_count += ok;
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
	for (size_t i = 0; i < f->name_count && ok; i++)
		n->members[i] = (uint32_t)keys[i];
	for (size_t from = 0, upto; ok && from < f->name_count; from = upto) {
		upto = from + 1;
		while (upto < f->name_count && keys[upto] >> 32 == keys[from] >> 32)
			upto++;
		ok = add_class(n, f, from, upto, seed, reterr);
	}
	free(keys);
	return ok;
}

bool narrow_new(const struct funnel *f, uint64_t seed, struct narrow **ret, struct err *reterr)
{
	struct narrow *n = calloc(1, sizeof(*n));

	if (n != NULL) {
		n->places = calloc(size_add(f->name_count, 1), sizeof(*n->places));
		n->members = calloc(size_add(f->name_count, 1), sizeof(*n->members));
	}
	if (n == NULL || n->places == NULL || n->members == NULL) {
		narrow_free(n);
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
	for (size_t i = 0; i < n->class_count; i++)
		rank_table_free(n->classes[i].table);
	free(n->classes);
	free(n->places);
	free(n->members);
	free(n);
}

void narrow_rank(const struct narrow *n, uint32_t name, struct rank_result *ret)
{
	const struct place *p = &n->places[name];

	rank_name(n->classes[p->class].table, p->at, ret);
}

void narrow_refine(const struct narrow *n, uint32_t name, struct rank_result *ret)
{
	const struct place *p = &n->places[name];

	rank_refine(n->classes[p->class].table, p->at, ret);
}

size_t narrow_band(const struct narrow *n, uint32_t name, uint32_t ret[static RANK_NEIGHBORS])
{
	const struct place *p = &n->places[name];
	const struct class *class = &n->classes[p->class];
	size_t at[RANK_NEIGHBORS];
	size_t count = rank_band(class->table, p->at, at);

	for (size_t i = 0; i < count; i++)
		ret[i] = class->members[at[i]];
	return count;
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
