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
#include "base/parallel.h"
#include "base/size.h"
#include "base/stamp.h"
#include "hunt/phase.h"

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

struct gathering {
	struct haystack *haystack;
	const struct cache_settings *settings;
	const struct cache_subject *subjects;
	size_t count;
	size_t *next; /* subject of the same peer, or NO_SUBJECT */
	struct intern peers;
	struct wanted *wanted;        /* by number in peers */
	struct background_sums *sums; /* part after part, by subject */
	unsigned parts;
	struct phase phase;
};

/* One thread's tools. */
struct bench {
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

/* Let the other name speak to every subject of its peer. */
static bool compare(struct gathering *g, const struct walk_series *s, size_t first,
    struct background_sums *sums, struct bench *b, struct err *reterr)
{
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
		    g->settings->exposure, b->starts_s, count, p->ttl_max, p->ttl_max, &own);
	for (size_t i = first; i != NO_SUBJECT; i = g->next[i]) {
		const struct cache_subject *subject = &g->subjects[i];

		if (is_of(s, subject))
			continue;
		violations_add_early(&sums[i].early, &subject->gaps, &own);
		if (p->ttl_max == TTL_NONE || p->ttl_max < subject->ttl_s)
			continue;
		cache_gaps_count(
		    g->settings->exposure, b->starts_s, count, subject->ttl_s, p->ttl_max, &gaps);
		violations_add(&sums[i].forbidden, &subject->gaps, &gaps);
	}
	return true;
}

static bool is_sampled(const struct walk_series *s, uint32_t every)
{
	return every <= 1 || hash_bytes(s->key, s->group_len, SAMPLE_SEED) % every == 0;
}

static bool gather_part(size_t part, void *context, struct err *reterr)
{
	struct gathering *g = context;
	struct haystack_range range = {
		.tag = KEY_TAG_SERIES, .part = (unsigned)part, .parts = g->parts
	};
	struct background_sums *sums = g->sums + part * g->count;
	struct bench b = { .capacity = 0 };
	struct walk_series s;
	struct walk *w = NULL;
	bool end, ok = false;

	if (!trace_init(&b.trace, 0, reterr))
		return false;
	if (!walk_new(g->haystack, &range, &w, reterr))
		goto out;
	for (;;) {
		uint32_t id;

		if (!walk_next(w, &s, &end, reterr))
			goto out;
		if (end)
			break;
		if (s.kind != KIND_DNS)
			continue;
		id = intern_find(&g->peers, s.peer, s.peer_len);
		if (id == INTERN_NONE || !is_sampled(&s, g->wanted[id].every))
			continue;
		if (!compare(g, &s, g->wanted[id].first, sums, &b, reterr))
			goto out;
	}
	ok = true;
out:
	walk_free(w);
	trace_release(&b.trace);
	free(b.starts_ns);
	free(b.starts_s);
	phase_step(&g->phase);
	return ok;
}

/* Which peers are wanted, and by which subjects. Those without a TTL from the log want none. */
static bool list_wanted(struct gathering *g, const struct funnel *f)
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

bool background_gather(struct haystack *h, const struct funnel *f,
    const struct cache_settings *settings, const struct hunt_progress *progress,
    struct cache_subject *subjects, size_t count, struct err *reterr)
{
	struct gathering g = { .haystack = h,
		.settings = settings,
		.subjects = subjects,
		.count = count,
		.parts = (unsigned)f->part_count };
	bool ok = false;

	intern_init(&g.peers, hash_seed(), SIZE_MAX);
	g.next = calloc(count + 1, sizeof(*g.next));
	g.wanted = calloc(count + 1, sizeof(*g.wanted));
	g.sums = calloc(size_mul(count, g.parts) + 1, sizeof(*g.sums));
	if (g.next == NULL || g.wanted == NULL || g.sums == NULL || !list_wanted(&g, f)) {
		err_set_memory(reterr);
		goto out;
	}
	phase_init(&g.phase, progress, "other names", g.parts);
	ok = g.peers.count == 0 || parallel_for(settings->jobs, g.parts, gather_part, &g, reterr);
	for (unsigned part = 0; ok && part < g.parts; part++)
		for (size_t i = 0; i < count; i++) {
			const struct background_sums *sums = &g.sums[part * count + i];

			excess_join(&subjects[i].background, &sums->forbidden);
			excess_join(&subjects[i].early, &sums->early);
		}
out:
	intern_release(&g.peers);
	free(g.next);
	free(g.wanted);
	free(g.sums);
	return ok;
}
