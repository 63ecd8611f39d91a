/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Series of one name come by type, then by peer: a wanted peer's rows are gathered until the name
 * ends. The sensor's sample is of single series, one type of one peer each, since nothing of it
 * hangs on what else was asked for.
 */
#include "hunt/company.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/parallel.h"
#include "base/size.h"
#include "base/stamp.h"
#include "contact/series.h"
#include "hunt/phase.h"
#include "stats/visits.h"

#define TARGET_SEED 8 /* other hashes than those that order or sample something else */
#define SENSOR_SEED 9

struct rows {
	struct imprint_row *list;
	size_t count;
	size_t capacity;
	uint32_t ttl_max; /* of those added last; TTL_NONE: none known */
};

struct reading {
	struct haystack *haystack;
	const struct companies *companies;
	const struct exposure *exposure;
	const uint32_t *every; /* of so many names one is read, by number of the company */
	struct company *parts; /* part after part, companies_count each */
	unsigned part_count;
	struct phase phase;
};

/* One thread's tools. */
struct bench {
	struct rows *rows; /* of the name under way, by number of the company */
	struct series_rows series;
};

uint64_t company_target(const uint8_t *group, size_t group_len)
{
	return hash_bytes(group, group_len, TARGET_SEED);
}

static bool rows_add(
    struct rows *r, struct series_rows *work, const struct walk_series *s, struct err *reterr)
{
	work->count = 0;
	if (!series_decode(s->value, s->value_len, work, reterr))
		return false;
	series_view(work);
	if (size_add(r->count, work->count) > r->capacity) {
		size_t capacity = size_mul(size_add(r->count, work->count), 2);
		struct imprint_row *list = reallocarray(r->list, capacity, sizeof(*list));

		if (list == NULL) {
			err_set_memory(reterr);
			return false;
		}
		r->list = list;
		r->capacity = capacity;
	}
	r->ttl_max = TTL_NONE;
	for (size_t i = 0; i < work->count; i++) {
		uint32_t ttl = work->rows[i].ttl;

		r->list[r->count++] = (struct imprint_row){ .time_ns = work->rows[i].time_ns,
			.type = s->type,
			.digits = work->rows[i].digits };
		if (ttl != TTL_NONE && (r->ttl_max == TTL_NONE || ttl > r->ttl_max))
			r->ttl_max = ttl;
	}
	return true;
}

/* Pauses between visits, against the cache that the TTL promises. False: out of memory. */
static bool take_gaps(const struct rows *r, const struct exposure *e, struct cache_gaps *ret)
{
	double *times_s = malloc(size_mul(r->count, sizeof(*times_s)));
	struct visit *visits = malloc(size_mul(r->count, sizeof(*visits)));
	bool ok = times_s != NULL && visits != NULL;

	if (ok) {
		size_t count;

		for (size_t i = 0; i < r->count; i++)
			times_s[i] = (double)r->list[i].time_ns / (double)NS_PER_S;
		count = visits_find(times_s, r->count, visits);
		for (size_t i = 0; i < count; i++)
			times_s[i] = visits[i].start_s;
		cache_gaps_count(e, times_s, count, r->ttl_max, r->ttl_max, ret);
	}
	free(times_s);
	free(visits);
	return ok;
}

/* The gathered rows as one more name of the company. False: out of memory. */
static bool flush(
    struct rows *r, uint64_t target, const struct exposure *e, bool with_gaps, struct company *into)
{
	struct company_name *name;
	bool ok;

	if (r->count < COMPANY_ROWS_MIN) {
		r->count = 0;
		return true;
	}
	if (into->count == into->capacity) {
		size_t capacity = into->capacity * 2 + 16;
		struct company_name *names = reallocarray(into->names, capacity, sizeof(*names));

		if (names == NULL)
			return false;
		into->names = names;
		into->capacity = capacity;
	}
	name = &into->names[into->count++];
	*name = (struct company_name){ .target = target };
	qsort(r->list, r->count, sizeof(*r->list), imprint_row_cmp);
	imprint_take(r->list, r->count, e, &name->imprint);
	ok = !with_gaps || r->ttl_max == TTL_NONE || !cache_gaps_tells(r->ttl_max) ||
	     take_gaps(r, e, &name->gaps);
	r->count = 0;
	return ok;
}

static bool flush_all(
    const struct reading *r, struct bench *b, uint64_t target, struct company *into)
{
	for (size_t i = 0; i < r->companies->count; i++)
		if (!flush(&b->rows[i], target, r->exposure, false, &into[i]))
			return false;
	return true;
}

static bool is_long(const struct walk_series *s)
{
	struct cursor value = cursor_of(s->value, s->value_len);
	struct series_summary sum;

	return series_read_summary(&value, &sum) && sum.contacts >= COMPANY_ROWS_MIN;
}

/* One series of the name under way: is it wanted, by whom? */
static bool take(const struct reading *r, const struct walk_series *s, uint64_t target,
    struct bench *b, struct company *into, struct err *reterr)
{
	const size_t sensor = r->companies->count - 1;
	uint32_t id = intern_find(&r->companies->peers, s->peer, s->peer_len);

	if (id != INTERN_NONE && target % r->every[id] == 0 &&
	    !rows_add(&b->rows[id], &b->series, s, reterr))
		return false;
	if (!is_long(s) || hash_bytes(s->key, s->key_len, SENSOR_SEED) % r->every[sensor] != 0)
		return true;
	if (!rows_add(&b->rows[sensor], &b->series, s, reterr))
		return false;
	if (flush(&b->rows[sensor], target, r->exposure, true, &into[sensor]))
		return true;
	err_set_memory(reterr);
	return false;
}

static bool read_part(size_t part, void *context, struct err *reterr)
{
	struct reading *r = context;
	struct haystack_range range = {
		.tag = KEY_TAG_SERIES, .part = (unsigned)part, .parts = r->part_count
	};
	struct company *into = r->parts + part * r->companies->count;
	struct bench b = { .rows = calloc(r->companies->count, sizeof(*b.rows)) };
	struct walk_series s;
	struct walk *w = NULL;
	uint64_t target = 0;
	bool end, ok = false;

	if (b.rows == NULL) {
		err_set_memory(reterr);
		goto out;
	}
	if (!walk_new(r->haystack, &range, &w, reterr))
		goto out;
	for (;;) {
		if (!walk_next(w, &s, &end, reterr))
			goto out;
		if (!end && !s.opens && s.kind == KIND_DNS) {
			if (!take(r, &s, target, &b, into, reterr))
				goto out;
			continue;
		}
		if (!flush_all(r, &b, target, into)) {
			err_set_memory(reterr);
			goto out;
		}
		if (end)
			break;
		target = company_target(s.key, s.group_len);
		if (s.kind == KIND_DNS && !take(r, &s, target, &b, into, reterr))
			goto out;
	}
	ok = true;
out:
	walk_free(w);
	for (size_t i = 0; b.rows != NULL && i < r->companies->count; i++)
		free(b.rows[i].list);
	free(b.rows);
	series_rows_release(&b.series);
	phase_step(&r->phase);
	return ok;
}

/* Join the parts of one company, in order. False: out of memory. */
static bool join(const struct reading *r, size_t number, struct company *ret)
{
	size_t count = 0;

	for (unsigned part = 0; part < r->part_count; part++)
		count += r->parts[part * r->companies->count + number].count;
	ret->names = malloc(size_mul(count + 1, sizeof(*ret->names)));
	if (ret->names == NULL)
		return false;
	ret->capacity = count;
	for (unsigned part = 0; part < r->part_count; part++) {
		const struct company *from = &r->parts[part * r->companies->count + number];

		if (from->count > 0)
			memcpy(ret->names + ret->count, from->names,
			    from->count * sizeof(*ret->names));
		ret->count += from->count;
	}
	return true;
}

/* Number the peers; *every, by company, is the caller's. False: out of memory. */
static bool list_peers(struct companies *c, const struct funnel *f,
    const struct cache_subject *subjects, size_t count, uint32_t **every)
{
	uint64_t pairs = 0;
	uint32_t id;

	for (size_t i = 0; i < count; i++)
		if (subjects[i].peer != NULL &&
		    !intern_add(&c->peers, subjects[i].peer, subjects[i].peer_len, &id))
			return false;
	c->count = c->peers.count + 1;
	c->of = calloc(c->count, sizeof(*c->of));
	*every = calloc(c->count, sizeof(**every));
	if (c->of == NULL || *every == NULL)
		return false;
	for (uint32_t i = 0; i < c->peers.count; i++) {
		struct interned peer = intern_get(&c->peers, i);
		uint32_t known = intern_find(&f->peers, peer.bytes, peer.len);
		uint64_t names = known == INTERN_NONE ? 0 : f->peer_totals[known].names;

		(*every)[i] = 1 + (uint32_t)(names / COMPANY_NAMES);
	}
	/* no more series than this are long enough */
	for (size_t i = 0; i < f->name_count; i++) {
		uint64_t most = f->names[i].contacts / COMPANY_ROWS_MIN;

		pairs += most < f->names[i].peers ? most : f->names[i].peers;
	}
	(*every)[c->peers.count] = 1 + (uint32_t)(pairs / COMPANY_NAMES);
	return true;
}

bool companies_read(struct companies *c, struct haystack *h, const struct funnel *f,
    const struct exposure *exposure, const struct cache_subject *subjects, size_t count,
    unsigned jobs, const struct hunt_progress *progress, struct err *reterr)
{
	struct reading r = { .haystack = h,
		.companies = c,
		.exposure = exposure,
		.part_count = (unsigned)f->part_count };
	uint32_t *every = NULL;
	bool ok = false;

	*c = (struct companies){ .count = 0 };
	intern_init(&c->peers, hash_seed(), SIZE_MAX);
	if (!list_peers(c, f, subjects, count, &every))
		goto memory;
	r.every = every;
	r.parts = calloc(size_mul(r.part_count, c->count), sizeof(*r.parts));
	if (r.parts == NULL)
		goto memory;
	phase_init(&r.phase, progress, "company", r.part_count);
	if (!parallel_for(jobs, r.part_count, read_part, &r, reterr))
		goto out;
	for (size_t i = 0; i < c->count; i++)
		if (!join(&r, i, &c->of[i]))
			goto memory;
	ok = true;
	goto out;
memory:
	err_set_memory(reterr);
out:
	for (size_t i = 0; r.parts != NULL && i < r.part_count * c->count; i++)
		free(r.parts[i].names);
	free(r.parts);
	free(every);
	return ok;
}

void companies_release(struct companies *c)
{
	for (size_t i = 0; c->of != NULL && i < c->count; i++)
		free(c->of[i].names);
	free(c->of);
	intern_release(&c->peers);
	*c = (struct companies){ .count = 0 };
}

static const struct company nobody = { .count = 0 };

const struct company *companies_of_peer(
    const struct companies *c, const uint8_t *peer, size_t peer_len)
{
	uint32_t id = c->count == 0 ? INTERN_NONE : intern_find(&c->peers, peer, peer_len);

	return id == INTERN_NONE ? &nobody : &c->of[id];
}

const struct company *companies_of_sensor(const struct companies *c)
{
	return c->count == 0 ? &nobody : &c->of[c->count - 1];
}

bool company_read_rows(struct haystack *h, const uint8_t *group, size_t group_len,
    const uint8_t *peer, size_t peer_len, struct imprint_row **ret, size_t *ret_count,
    struct err *reterr)
{
	struct haystack_range range = { .tag = KEY_TAG_SERIES, .parts = 1 };
	struct series_rows work = { .count = 0 };
	struct rows rows = { .count = 0 };
	struct walk_series s;
	struct walk *w = NULL;
	struct key prefix;
	bool end, ok = false;

	prefix.len = group_len;
	memcpy(prefix.bytes, group, group_len);
	range.prefix = &prefix;
	if (!walk_new(h, &range, &w, reterr))
		return false;
	for (;;) {
		if (!walk_next(w, &s, &end, reterr))
			goto out;
		if (end)
			break;
		if (s.peer_len == peer_len && memcmp(s.peer, peer, peer_len) == 0 &&
		    !rows_add(&rows, &work, &s, reterr))
			goto out;
	}
	if (rows.count > 0)
		qsort(rows.list, rows.count, sizeof(*rows.list), imprint_row_cmp);
	*ret = rows.list;
	*ret_count = rows.count;
	rows.list = NULL;
	ok = true;
out:
	walk_free(w);
	free(rows.list);
	series_rows_release(&work);
	return ok;
}
