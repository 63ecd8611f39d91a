/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A bit for each quarter of an hour: threads set them in any order, and a busy peer costs no more
 * than a quiet one.
 */
#include "hunt/peer_hours.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/intern.h"

#define QUARTER_NS  (900 * NS_PER_S)
#define QUARTERS    96
#define PEERS_BYTES (1u << 24)

/* A name that is looked at, with its busiest peer. */
struct place {
	const uint8_t *key; /* of its group; borrowed */
	size_t key_len;
	uint32_t peer;
	size_t next;       /* place of the same peer; the place itself: no more */
	atomic_uint names; /* others that the peer asks for */
};

struct peer_hours {
	struct intern peers;
	struct place *places; /* sorted by key */
	size_t place_count;
	size_t *first_of; /* peer: its first place */
	int64_t first;    /* quarter of an hour since 1970-01-01 */
	size_t quarters;
	size_t bytes;       /* of a place */
	atomic_uchar *bits; /* by place */
};

/* One thread's place in the walk. */
struct seat {
	struct peer_hours *found;
	uint64_t *last; /* peer: the name in which it was met last, 0: none yet */
	uint64_t name;  /* under way, counted from 1 */
	const struct place *own;
	struct series_rows rows;
};

static int key_cmp(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len)
{
	int order = memcmp(a, b, a_len < b_len ? a_len : b_len);

	return order != 0 ? order : (a_len > b_len) - (a_len < b_len);
}

static int place_cmp(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return key_cmp(x->key, x->key_len, y->key, y->key_len);
}

static const struct place *find_place(const struct peer_hours *p, const uint8_t *key, size_t len)
{
	const struct place wanted = { .key = key, .key_len = len };

	return bsearch(&wanted, p->places, p->place_count, sizeof(wanted), place_cmp);
}

static void mark(struct peer_hours *p, size_t place, const struct series_rows *rows)
{
	for (size_t i = 0; i < rows->count; i++) {
		int64_t t = rows->rows[i].time_ns;
		int64_t at = t / QUARTER_NS - (t % QUARTER_NS < 0) - p->first;

		if (at >= 0 && at < (int64_t)p->quarters)
			atomic_fetch_or_explicit(&p->bits[place * p->bytes + (size_t)at / 8],
			    (unsigned char)(1u << (at % 8)), memory_order_relaxed);
	}
}

/* A series of a peer that has places: it counts for all of them but that of its own name. */
static bool mark_all(struct peer_hours *p, uint32_t peer, const struct place *own, bool is_new,
    const struct walk_series *s, struct series_rows *rows, struct err *reterr)
{
	size_t at = p->first_of[peer], next;

	rows->count = 0;
	if (!series_decode(s->value, s->value_len, rows, reterr))
		return false;
	for (;; at = next) {
		if (&p->places[at] != own) {
			mark(p, at, rows);
			if (is_new)
				atomic_fetch_add(&p->places[at].names, 1);
		}
		next = p->places[at].next;
		if (next == at)
			return true;
	}
}

static void close_part(void *room)
{
	struct seat *seat = room;

	if (seat == NULL)
		return;
	series_rows_release(&seat->rows);
	free(seat->last);
	free(seat);
}

static void *open_part(void *context, size_t part)
{
	struct peer_hours *p = context;
	struct seat *seat = calloc(1, sizeof(*seat));

	(void)part;
	if (seat == NULL)
		return NULL;
	seat->found = p;
	seat->last = calloc((size_t)p->peers.count + 1, sizeof(*seat->last));
	if (seat->last == NULL) {
		close_part(seat);
		return NULL;
	}
	return seat;
}

static bool read_series(void *room, const struct walk_series *s, struct err *reterr)
{
	struct seat *seat = room;
	struct peer_hours *p = seat->found;
	uint32_t peer;
	bool is_new;

	if (s->opens) {
		seat->name++;
		seat->own = find_place(p, s->key, s->group_len);
	}
	peer = funnel_hunts(s->kind) ? intern_find(&p->peers, s->peer, s->peer_len) : INTERN_NONE;
	if (peer == INTERN_NONE)
		return true;
	is_new = seat->last[peer] != seat->name;
	seat->last[peer] = seat->name;
	return mark_all(p, peer, seat->own, is_new, s, &seat->rows, reterr);
}

struct tour_reader peer_hours_reader(struct peer_hours *p)
{
	return (struct tour_reader){ p, open_part, read_series, close_part };
}

static bool add_place(
    struct peer_hours *p, struct haystack *h, const struct eligible *e, struct err *reterr)
{
	struct place *place = &p->places[p->place_count];
	struct trace t;
	size_t top;
	bool ok = false;

	if (!trace_init(&t, 0, reterr))
		return false;
	if (!trace_read(&t, h, e->key, e->key_len, reterr))
		goto out;
	place->key = e->key;
	place->key_len = e->key_len;
	ok = timing_top_peers(&t, 1, &top) == 0 ||
	     intern_add(&p->peers, t.peers[top].key, t.peers[top].key_len, &place->peer);
	if (ok && t.peer_count > 0)
		p->place_count++;
	if (!ok)
		err_set_memory(reterr);
out:
	trace_release(&t);
	return ok;
}

static bool list_places(struct peer_hours *p, struct haystack *h, const struct eligible *names,
    size_t count, struct err *reterr)
{
	p->places = calloc(count + 1, sizeof(*p->places));
	p->first_of = calloc(count + 1, sizeof(*p->first_of));
	if (p->places == NULL || p->first_of == NULL) {
		err_set_memory(reterr);
		return false;
	}
	for (size_t i = 0; i < count; i++)
		if (!add_place(p, h, &names[i], reterr))
			return false;
	qsort(p->places, p->place_count, sizeof(*p->places), place_cmp);
	for (size_t i = 0; i < count; i++)
		p->first_of[i] = SIZE_MAX;
	for (size_t i = 0; i < p->place_count; i++) {
		size_t *first = &p->first_of[p->places[i].peer];

		p->places[i].next = *first == SIZE_MAX ? i : *first;
		*first = i;
	}
	return true;
}

bool peer_hours_new(struct haystack *h, const struct eligible *names, size_t count,
    int64_t first_ns, int64_t last_ns, struct peer_hours **ret, struct err *reterr)
{
	struct peer_hours *p = calloc(1, sizeof(*p));
	int64_t first = stamp_day(first_ns), last = stamp_day(last_ns);
	bool ok = false;

	if (p == NULL) {
		err_set_memory(reterr);
		return false;
	}
	if (last - first >= PEER_HOURS_DAYS_MAX)
		first = last - PEER_HOURS_DAYS_MAX + 1;
	p->first = first * QUARTERS;
	p->quarters = (size_t)(last - first + 1) * QUARTERS;
	p->bytes = p->quarters / 8;
	intern_init(&p->peers, hash_seed(), PEERS_BYTES);
	if (!list_places(p, h, names, count, reterr))
		goto out;
	p->bits = calloc(count + 1, p->bytes);
	if (p->bits == NULL) {
		err_set_memory(reterr);
		goto out;
	}
	ok = true;
out:
	if (ok) {
		*ret = p;
		p = NULL;
	}
	peer_hours_free(p);
	return ok;
}

void peer_hours_free(struct peer_hours *p)
{
	if (p == NULL)
		return;
	intern_release(&p->peers);
	free(p->places);
	free(p->first_of);
	free(p->bits);
	free(p);
}

bool peer_hours_starts(const struct peer_hours *p, const uint8_t *key, size_t key_len, double **ret,
    size_t *ret_count, struct err *reterr)
{
	const struct place *place = find_place(p, key, key_len);
	double *starts_s = calloc(p->quarters + 1, sizeof(*starts_s));
	bool known = place != NULL && place->names >= PEER_HOURS_NAMES_MIN;
	size_t count = 0;

	if (starts_s == NULL) {
		err_set_memory(reterr);
		return false;
	}
	for (size_t i = 0; i < p->quarters && known; i++)
		if (p->bits[(size_t)(place - p->places) * p->bytes + i / 8] >> (i % 8) & 1)
			starts_s[count++] = ((double)(p->first + (int64_t)i) + .5) * 900;
	*ret = starts_s;
	*ret_count = count;
	return true;
}
