/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One more walk over the haystack, cut as the first scan was, so that the place of a name within
 * its part tells which of the funnel's names it is. Times are decoded of the compared names alone.
 */
#include "hunt/kin.h"

#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "base/size.h"
#include "base/stamp.h"
#include "hunt/walk.h"

#define SATURDAY 5

bool kinship_new(struct kinship *k, size_t count, struct err *reterr)
{
	*k = (struct kinship){ .count = count };
	k->kin = calloc(count + 1, sizeof(*k->kin));
	k->names = calloc(count + 1, sizeof(*k->names));
	if (k->kin == NULL || k->names == NULL) {
		kinship_release(k);
		err_set_memory(reterr);
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		struct succession_name *n = &k->names[i];

		n->servers = n->zone = n->reverse = n->ttl = SUCCESSION_NONE;
		k->kin[i].first_asker = INTERN_NONE;
	}
	return true;
}

void kinship_release(struct kinship *k)
{
	for (size_t i = 0; i < k->count && k->kin != NULL && k->names != NULL; i++) {
		free(k->kin[i].key);
		free(k->names[i].peers);
	}
	free(k->kin);
	free(k->names);
	free(k->address_shares);
	*k = (struct kinship){ 0 };
}

size_t kinship_find(const struct kinship *k, size_t name)
{
	size_t low = 0, high = k->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (k->kin[middle].name < name)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool kin_target(const struct kin *k, struct endpoint *ret, struct err *reterr)
{
	struct contact c;

	if (!key_read_series(k->key, k->key_len, &c)) {
		err_set(reterr, ERR_DAMAGED, "the haystack holds a key that cannot be read");
		return false;
	}
	*ret = c.target;
	return true;
}

/* ---- series ---- */

struct rare_peer {
	uint64_t names; /* that it met */
	uint32_t peer;
};

/* The name under way. */
struct desk {
	struct kinship *kinship;
	const struct funnel *funnel;
	size_t at; /* the next name that is compared; count: no more in this part */
	bool open; /* at is under way */
	struct rare_peer *peers;
	size_t peer_count;
	size_t peer_capacity;
	uint64_t cells[SUCCESSION_CELLS];
	struct series_rows rows;
};

static int rarest_cmp(const void *a, const void *b)
{
	const struct rare_peer *x = a, *y = b;

	if (x->names != y->names)
		return x->names < y->names ? -1 : 1;
	return (x->peer > y->peer) - (x->peer < y->peer);
}

static int number_cmp(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* A peer comes once for each type of record: sorted, its rows lie side by side. */
static bool close_peers(struct desk *d, struct succession_name *n)
{
	n->peers = malloc(KIN_PEERS_MAX * sizeof(*n->peers));
	if (n->peers == NULL)
		return false;
	qsort(d->peers, d->peer_count, sizeof(*d->peers), rarest_cmp);
	for (size_t i = 0; i < d->peer_count && n->peer_count < KIN_PEERS_MAX; i++)
		if (i == 0 || d->peers[i].peer != d->peers[i - 1].peer)
			n->peers[n->peer_count++] = d->peers[i].peer;
	qsort(n->peers, n->peer_count, sizeof(*n->peers), number_cmp);
	return true;
}

static bool close_name(struct desk *d)
{
	struct succession_name *n = &d->kinship->names[d->at];

	for (size_t i = 0; i < SUCCESSION_CELLS; i++)
		n->profile_count += d->cells[i];
	for (size_t i = 0; i < SUCCESSION_CELLS && n->profile_count > 0; i++)
		n->profile[i] = (float)d->cells[i] / (float)n->profile_count;
	d->open = false;
	return close_peers(d, n);
}

static bool open_name(struct desk *d, const struct walk_series *s)
{
	struct kin *k = &d->kinship->kin[d->at];

	k->key = malloc(s->key_len);
	if (k->key == NULL)
		return false;
	memcpy(k->key, s->key, s->key_len);
	k->key_len = s->key_len;
	k->target_len = s->group_len - 1;
	k->asked_ns = INT64_MAX;
	memset(d->cells, 0, sizeof(d->cells));
	d->peer_count = 0;
	d->open = true;
	return true;
}

static bool add_peer(struct desk *d, uint32_t peer)
{
	if (d->peer_count == d->peer_capacity) {
		size_t capacity = d->peer_capacity == 0 ? 64 : d->peer_capacity * 2;
		struct rare_peer *grown = realloc(d->peers, size_mul(capacity, sizeof(*grown)));

		if (grown == NULL)
			return false;
		d->peers = grown;
		d->peer_capacity = capacity;
	}
	d->peers[d->peer_count++] = (struct rare_peer){ d->funnel->peer_totals[peer].names, peer };
	return true;
}

static void count_cells(struct desk *d)
{
	for (size_t i = 0; i < d->rows.count; i++) {
		int64_t t = d->rows.rows[i].time_ns, day = stamp_day(t);
		size_t hour = (size_t)((t - day * NS_PER_DAY) / (3600 * NS_PER_S));

		d->cells[(stamp_weekday(day) >= SATURDAY ? 24 : 0) + hour]++;
	}
}

static bool add_series(struct desk *d, const struct walk_series *s, struct err *reterr)
{
	struct kin *k = &d->kinship->kin[d->at];
	struct succession_name *n = &d->kinship->names[d->at];
	uint32_t peer = intern_find(&d->funnel->peers, s->peer, s->peer_len);
	struct cursor value = cursor_of(s->value, s->value_len);
	struct series_summary sum;

	d->rows.count = 0;
	if (!series_decode(s->value, s->value_len, &d->rows, reterr))
		return false;
	if (!series_read_summary(&value, &sum) || peer == INTERN_NONE) {
		err_set(reterr, ERR_DAMAGED, "the haystack holds a series that cannot be read");
		return false;
	}
	count_cells(d);
	if (sum.first_ns < k->asked_ns) {
		k->asked_ns = sum.first_ns;
		k->first_asker = peer;
	}
	if (s->type == d->funnel->names[k->name].type && sum.ttl_max != TTL_NONE &&
	    (n->ttl == SUCCESSION_NONE || sum.ttl_max > n->ttl))
		n->ttl = sum.ttl_max;
	if (!add_peer(d, peer)) {
		err_set_memory(reterr);
		return false;
	}
	return true;
}

static bool read_part(struct desk *d, struct walk *w, size_t name, struct err *reterr)
{
	struct kinship *k = d->kinship;
	struct walk_series s;
	bool end;

	for (;;) {
		if (!walk_next(w, &s, &end, reterr))
			return false;
		if ((end || s.opens) && d->open) {
			if (!close_name(d))
				break;
			d->at++;
		}
		if (end)
			return true;
		if (!funnel_hunts(s.kind))
			continue;
		if (s.opens && d->at < k->count && k->kin[d->at].name == name && !open_name(d, &s))
			break;
		name += s.opens;
		if (d->open && !add_series(d, &s, reterr))
			return false;
	}
	err_set_memory(reterr);
	return false;
}

struct reading {
	struct kinship *kinship;
	struct haystack *haystack;
	const struct funnel *funnel;
	struct phase phase;
};

static bool scan_part(size_t i, void *context, struct err *reterr)
{
	struct reading *r = context;
	size_t first = r->funnel->parts[i].first_name;
	struct desk d = {
		.kinship = r->kinship, .funnel = r->funnel, .at = kinship_find(r->kinship, first)
	};
	const struct haystack_range range = {
		.tag = KEY_TAG_SERIES, .part = (unsigned)i, .parts = (unsigned)r->funnel->part_count
	};
	struct walk *w = NULL;
	bool ok;

	if (!walk_new(r->haystack, &range, &w, reterr))
		return false;
	ok = read_part(&d, w, first, reterr);
	walk_free(w);
	free(d.peers);
	series_rows_release(&d.rows);
	phase_step(&r->phase);
	return ok;
}

bool kinship_read_series(struct kinship *k, struct haystack *h, const struct funnel *f,
    unsigned jobs, const struct hunt_progress *progress, struct err *reterr)
{
	struct reading r = { .kinship = k, .haystack = h, .funnel = f };

	phase_init(&r.phase, progress, "succession", f->part_count);
	return parallel_for(jobs, f->part_count, scan_part, &r, reterr);
}
