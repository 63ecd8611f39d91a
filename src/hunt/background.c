/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keys go by target, so a peer's other names lie everywhere: every key is looked at, and the times
 * of those with a wanted peer are decoded. The haystack is cut as in the first scan; each part
 * adds up sums of its own, which are joined in the order of the parts.
 */
#include "hunt/background.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/size.h"
#include "base/stamp.h"

#define NO_SUBJECT  SIZE_MAX
#define SAMPLE_SEED 7 /* another hash of a key than any that orders or names something else */

/* A peer that is the busiest of one or several subjects. */
struct wanted {
	size_t first;   /* subject */
	uint32_t every; /* of so many names one is read */
};

struct background_sums {
	struct excess_background forbidden;
	struct excess_background early;
};

struct background {
	const struct cache_settings *settings;
	struct cache_subject *subjects;
	size_t count;
	size_t *next; /* subject of the same peer, or NO_SUBJECT */
	struct intern peers;
	struct wanted *wanted;        /* by number in peers */
	struct background_sums *sums; /* part after part, by subject */
	unsigned parts;
};

/* One thread's tools, and the sums of its part. */
struct bench {
	struct background *all;
	struct background_sums *sums;
	struct trace trace;
	int64_t *starts_ns;
	double *starts_s;
	size_t capacity;
};

static bool reserve(struct bench *b, size_t count)
{
	int64_t *ns;
	double *s;

	if (count <= b->capacity)
		return true;
	ns = realloc(b->starts_ns, size_mul(count, sizeof(*ns)));
	if (ns == NULL)
		return false;
	b->starts_ns = ns;
	s = realloc(b->starts_s, size_mul(count, sizeof(*s)));
	if (s == NULL)
		return false;
	b->starts_s = s;
	b->capacity = count;
	return true;
}

static bool is_of(const struct walk_series *s, const struct cache_subject *subject)
{
	return s->group_len == subject->group_len &&
	       memcmp(s->key, subject->group, s->group_len) == 0;
}

/* Let the other name speak to every subject of its peer, from the first on. */
static bool compare(struct bench *b, const struct walk_series *s, size_t first, struct err *reterr)
{
	const struct background *all = b->all;
	const struct trace_peer *p;
	struct cache_gaps gaps, own = { .gaps = 0 };
	size_t count;

	trace_clear(&b->trace);
	if (!trace_add(&b->trace, s, reterr) || !trace_close(&b->trace, reterr))
		return false;
	p = &b->trace.peers[0];
	if (!reserve(b, p->count)) {
		err_set_memory(reterr);
		return false;
	}
	count = trace_visit_starts(p, b->starts_ns);
	for (size_t i = 0; i < count; i++)
		b->starts_s[i] = (double)b->starts_ns[i] / (double)NS_PER_S;
	if (p->ttl_max != TTL_NONE && cache_gaps_tells(p->ttl_max))
		cache_gaps_count(
		    all->settings->exposure, b->starts_s, count, p->ttl_max, p->ttl_max, &own);
	for (size_t i = first; i != NO_SUBJECT; i = all->next[i]) {
		const struct cache_subject *subject = &all->subjects[i];

		if (is_of(s, subject))
			continue;
		violations_add_early(&b->sums[i].early, &own);
		if (p->ttl_max == TTL_NONE || p->ttl_max < subject->ttl_s)
			continue;
		cache_gaps_count(
		    all->settings->exposure, b->starts_s, count, subject->ttl_s, p->ttl_max, &gaps);
		violations_add(&b->sums[i].forbidden, &subject->gaps, &gaps);
	}
	return true;
}

static bool is_sampled(const struct walk_series *s, uint32_t every)
{
	return every <= 1 || hash_bytes(s->key, s->group_len, SAMPLE_SEED) % every == 0;
}

static void close_part(void *room)
{
	struct bench *b = room;

	if (b == NULL)
		return;
	trace_release(&b->trace);
	free(b->starts_ns);
	free(b->starts_s);
	free(b);
}

static void *open_part(void *context, size_t part)
{
	struct background *all = context;
	struct bench *b = calloc(1, sizeof(*b));
	struct err err; /* of memory alone, as NULL says */

	if (b == NULL)
		return NULL;
	b->all = all;
	b->sums = all->sums + part * all->count;
	if (!trace_init(&b->trace, 0, &err)) {
		free(b);
		return NULL;
	}
	return b;
}

static bool read_series(void *room, const struct walk_series *s, struct err *reterr)
{
	struct bench *b = room;
	uint32_t id;

	if (s->kind != KIND_DNS)
		return true;
	id = intern_find(&b->all->peers, s->peer, s->peer_len);
	if (id == INTERN_NONE || !is_sampled(s, b->all->wanted[id].every))
		return true;
	return compare(b, s, b->all->wanted[id].first, reterr);
}

struct tour_reader background_reader(struct background *b)
{
	return (struct tour_reader){ b, open_part, read_series, close_part };
}

/* Which peers are wanted, and by which subjects. Those without a TTL from the log want none. */
static bool list_wanted(struct background *g, const struct funnel *f)
{
	for (size_t i = 0; i < g->count; i++) {
		const struct cache_subject *s = &g->subjects[i];
		uint32_t id, known, before = g->peers.count;

		g->next[i] = NO_SUBJECT;
		if (s->peer == NULL || s->ttl_by_pauses || !cache_gaps_tells(s->ttl_s))
			continue;
		if (!intern_add(&g->peers, s->peer, s->peer_len, &id))
			return false;
		if (id < before) {
			g->next[i] = g->wanted[id].first;
			g->wanted[id].first = i;
			continue;
		}
		known = intern_find(&f->peers, s->peer, s->peer_len);
		g->wanted[id] = (struct wanted){ .first = i, .every = 1 };
		if (known != INTERN_NONE)
			g->wanted[id].every +=
			    (uint32_t)(f->peer_totals[known].names / BACKGROUND_NAMES);
	}
	return true;
}

bool background_new(const struct funnel *f, const struct cache_settings *settings,
    struct cache_subject *subjects, size_t count, struct background **ret, struct err *reterr)
{
	struct background *b = calloc(1, sizeof(*b));
	bool ok = b != NULL;

	if (ok) {
		*b = (struct background){ .settings = settings,
			.subjects = subjects,
			.count = count,
			.parts = (unsigned)f->part_count };
		intern_init(&b->peers, hash_seed(), SIZE_MAX);
		b->next = calloc(count + 1, sizeof(*b->next));
		b->wanted = calloc(count + 1, sizeof(*b->wanted));
		b->sums = calloc(size_mul(count, b->parts) + 1, sizeof(*b->sums));
		ok = b->next != NULL && b->wanted != NULL && b->sums != NULL && list_wanted(b, f);
	}
	if (ok) {
		*ret = b;
		return true;
	}
	background_free(b);
	err_set_memory(reterr);
	return false;
}

void background_settle(const struct background *b)
{
	for (unsigned part = 0; part < b->parts; part++)
		for (size_t i = 0; i < b->count; i++) {
			const struct background_sums *sums = &b->sums[part * b->count + i];

			excess_join(&b->subjects[i].background, &sums->forbidden);
			excess_join(&b->subjects[i].early, &sums->early);
		}
}

void background_free(struct background *b)
{
	if (b == NULL)
		return;
	intern_release(&b->peers);
	free(b->next);
	free(b->wanted);
	free(b->sums);
	free(b);
}
