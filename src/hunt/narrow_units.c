/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names are numbered by the funnel in the order in which a tour meets them, so that a part of the
 * tour knows from its first name's number which of them it has before it. All others cost it no
 * more than that count.
 */
#include "hunt/narrow_units.h"

#include <assert.h>
#include <stdlib.h>

#include "base/size.h"
#include "contact/series.h"

/* A name that is shown, or that one of these is ranked among. */
struct counted {
	uint32_t name;
	uint64_t operators;
	double effective;
};

struct narrow_units {
	const struct funnel *funnel;
	const struct narrow *narrow;
	uint64_t *operator_of; /* by the funnel's number of the peer */
	uint64_t operator_count;
	struct counted *counted; /* sorted by name */
	size_t count;
};

/* ---- whom to count ---- */

static int number_cmp(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static uint64_t count_different(uint64_t *numbers, size_t count)
{
	uint64_t different = count > 0;

	qsort(numbers, count, sizeof(*numbers), number_cmp);
	for (size_t i = 1; i < count; i++)
		different += numbers[i] != numbers[i - 1];
	return different;
}

static bool find_operators(struct narrow_units *u, const struct enrich *e, struct err *reterr)
{
	const struct funnel *f = u->funnel;
	uint64_t *sorted = malloc(size_mul(size_add(f->peer_count, 1), sizeof(*sorted)));
	bool ok = sorted != NULL;

	u->operator_of = malloc(size_mul(size_add(f->peer_count, 1), sizeof(*u->operator_of)));
	if (!ok || u->operator_of == NULL) {
		free(sorted);
		err_set_memory(reterr);
		return false;
	}
	for (uint32_t i = 0; i < f->peer_count && ok; i++) {
		struct interned peer = intern_get(&f->peers, i);

		ok = operator_find(e, peer.bytes, peer.len, i, &u->operator_of[i], reterr);
		sorted[i] = u->operator_of[i];
	}
	if (ok)
		u->operator_count = count_different(sorted, f->peer_count);
	free(sorted);
	return ok;
}

static int name_cmp(const void *a, const void *b)
{
	const struct counted *x = a, *y = b;

	return (x->name > y->name) - (x->name < y->name);
}

/* The names and their bands, each once. */
static bool list_names(
    struct narrow_units *u, const struct eligible *list, size_t count, struct err *reterr)
{
	uint32_t band[RANK_NEIGHBORS];
	size_t all = 0;

	u->counted = calloc(size_add(size_mul(count, RANK_NEIGHBORS + 1), 1), sizeof(*u->counted));
	if (u->counted == NULL) {
		err_set_memory(reterr);
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		size_t n = narrow_band(u->narrow, list[i].name, band);

		u->counted[all++].name = list[i].name;
		for (size_t k = 0; k < n; k++)
			u->counted[all++].name = band[k];
	}
	qsort(u->counted, all, sizeof(*u->counted), name_cmp);
	for (size_t i = 0; i < all; i++)
		if (i == 0 || u->counted[i].name != u->counted[i - 1].name)
			u->counted[u->count++].name = u->counted[i].name;
	return true;
}

bool narrow_units_new(const struct funnel *f, const struct narrow *n, const struct enrich *e,
    const struct eligible *list, size_t count, struct narrow_units **ret, struct err *reterr)
{
	struct narrow_units *u = calloc(1, sizeof(*u));

	if (u == NULL) {
		err_set_memory(reterr);
		return false;
	}
	u->funnel = f;
	u->narrow = n;
	if (!list_names(u, list, count, reterr) || !find_operators(u, e, reterr)) {
		narrow_units_free(u);
		return false;
	}
	*ret = u;
	return true;
}

void narrow_units_free(struct narrow_units *u)
{
	if (u == NULL)
		return;
	free(u->operator_of);
	free(u->counted);
	free(u);
}

/* The first one that is not before the name. */
static size_t find_counted(const struct narrow_units *u, uint32_t name)
{
	size_t low = 0, high = u->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (u->counted[middle].name < name)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* ---- the tour ---- */

/* A part of it. */
struct room {
	struct narrow_units *units;
	uint32_t name; /* that comes next */
	size_t next;   /* of those that are counted */
	bool counts;   /* the name under way */
	struct operator_shares shares;
};

static void *open_room(void *context, size_t part)
{
	struct narrow_units *u = context;
	struct room *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return NULL;
	r->units = u;
	r->name = (uint32_t)u->funnel->parts[part].first_name;
	r->next = find_counted(u, r->name);
	return r;
}

static void end_name(struct room *r)
{
	struct counted *c = &r->units->counted[r->next];

	if (!r->counts)
		return;
	operator_shares_count(&r->shares, &c->operators, &c->effective);
	r->shares.count = 0;
	r->counts = false;
	r->next++;
}

static bool add_series(struct room *r, const struct walk_series *s, struct err *reterr)
{
	struct cursor value = cursor_of(s->value, s->value_len);
	uint32_t peer = intern_find(&r->units->funnel->peers, s->peer, s->peer_len);
	struct series_summary sum;

	if (peer == INTERN_NONE || !series_read_summary(&value, &sum)) {
		err_set(reterr, ERR_DAMAGED, "the haystack holds a series that cannot be read");
		return false;
	}
	if (operator_shares_add(&r->shares, r->units->operator_of[peer], sum.contacts))
		return true;
	err_set_memory(reterr);
	return false;
}

static bool read_series(void *room, const struct walk_series *s, struct err *reterr)
{
	struct room *r = room;
	const struct narrow_units *u = r->units;

	if (s->opens) {
		end_name(r);
		if (!funnel_hunts(s->kind))
			return true;
		r->counts = r->next < u->count && u->counted[r->next].name == r->name;
		r->name++;
	}
	return !r->counts || add_series(r, s, reterr);
}

static void close_room(void *room)
{
	struct room *r = room;

	if (r == NULL)
		return;
	end_name(r);
	operator_shares_release(&r->shares);
	free(r);
}

struct tour_reader narrow_units_reader(struct narrow_units *u)
{
	return (struct tour_reader){
		.context = u, .open = open_room, .read = read_series, .close = close_room
	};
}

/* ---- the rank ---- */

static struct rank_name by_operators(const struct narrow_units *u, uint32_t name)
{
	const struct counted *c = &u->counted[find_counted(u, name)];

	assert(c->name == name);
	return (struct rank_name){ .contacts = u->funnel->names[name].contacts,
		.peers = c->operators,
		.peers_effective = c->effective };
}

void narrow_units_rank(
    const struct narrow_units *u, uint32_t name, double *ret_effective, struct rank_result *ret)
{
	const struct rank_name own = by_operators(u, name);
	struct rank_name band[RANK_NEIGHBORS];
	uint32_t names[RANK_NEIGHBORS];
	size_t count = narrow_band(u->narrow, name, names);

	for (size_t i = 0; i < count; i++)
		band[i] = by_operators(u, names[i]);
	rank_among(&own, band, count, u->operator_count, ret);
	*ret_effective = own.peers_effective;
}
