/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulate/scene.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/minmax.h"
#include "base/size.h"
#include "base/stamp.h"

#define ROWS_MIN     15
#define VISITS_APART 60.0
#define PURPOSE      0x5ce0e
#define DAYS_MIN     3

const struct scene_hours scene_always = { .length_h = 24, .outside = 1, .weekend = 1 };

void scene_release(struct scene *s)
{
	free(s->peers);
	free(s->requests);
	free(s->rows);
	free(s->observed);
	free(s->times_s);
	exposure_release(&s->exposure);
	*s = (struct scene){ .days = 0 };
}

double scene_between(struct scene *s, double low, double high)
{
	return low + (high - low) * philox_uniform(&s->draws);
}

double scene_scale(struct scene *s, double low, double high)
{
	return low * exp(log(high / low) * philox_uniform(&s->draws));
}

bool scene_chance(struct scene *s, double p)
{
	return philox_uniform(&s->draws) < p;
}

uint32_t scene_count(struct scene *s, double low, double high)
{
	return (uint32_t)(scene_scale(s, low, high + .999));
}

/* ---- what all have in common ---- */

static void draw_levels(struct scene *s)
{
	s->level_count = 1;
	s->levels[0] = 1;
	s->level_from_s[0] = 0;
	if (scene_chance(s, .45))
		return;
	s->level_count = 2 + philox_below(&s->draws, SCENE_LEVELS - 1);
	for (size_t i = 0; i < s->level_count; i++) {
		s->levels[i] = scene_chance(s, .15) ? 0 : scene_scale(s, .05, 5);
		s->level_from_s[i] = i == 0 ? 0 : scene_between(s, 0, s->days * S_PER_DAY);
	}
	/* in order of time, and somewhere at work */
	for (size_t i = 1; i < s->level_count; i++)
		for (size_t j = i; j > 1 && s->level_from_s[j] < s->level_from_s[j - 1]; j--) {
			double t = s->level_from_s[j];

			s->level_from_s[j] = s->level_from_s[j - 1];
			s->level_from_s[j - 1] = t;
		}
	s->levels[philox_below(&s->draws, (uint32_t)s->level_count)] = 1;
}

static void draw_outages(struct scene *s)
{
	s->outage_count = scene_chance(s, .7) ? 0 : 1 + philox_below(&s->draws, SCENE_OUTAGES);
	s->outages_known = scene_chance(s, .8);
	for (size_t i = 0; i < s->outage_count; i++) {
		double at = s->days * S_PER_DAY * ((double)i + scene_between(s, 0, .5)) /
			    (double)s->outage_count;
		double length =
		    double_min(scene_scale(s, .1, 3), s->days / (double)s->outage_count / 2.5);

		s->outages[i] = (struct interval){ at, at + length * S_PER_DAY };
	}
}

static void draw_name(struct scene *s)
{
	static const double ttls_s[] = { 60, 300, 300, 600, 900, 1800, 3600, 3600, 3600, 7200,
		14400, 43200, 86400 };

	s->ttl_s = ttls_s[philox_below(&s->draws, COUNT_OF(ttls_s))];
	if (scene_chance(s, .1))
		s->ttl_s = round(scene_scale(s, 60, 86400));
	s->lookups = scene_chance(s, .94);
	s->cached = s->lookups && scene_chance(s, .78);
	s->ttl_known = s->lookups && scene_chance(s, .88);
	s->reverse_seen = scene_chance(s, .5);
	s->removed_s = INFINITY;
}

void scene_open(struct scene *s, uint64_t seed, uint64_t series, double stretch)
{
	static const double grains_s[] = { 1, 1, 1e-3, 1e-6 };

	philox_init(&s->draws, seed, series, PURPOSE);
	s->stretch = stretch * scene_scale(s, .35, 3);
	s->days = scene_scale(s, 14, 200);
	s->start_s = (double)(14610 + philox_below(&s->draws, 6000)) * S_PER_DAY +
		     scene_between(s, 0, S_PER_DAY);
	s->bounded = scene_chance(s, .75);
	s->grain_s = grains_s[philox_below(&s->draws, COUNT_OF(grains_s))];
	s->loss = scene_chance(s, .6) ? 0 : scene_between(s, 0, .25);
	s->repeated = scene_chance(s, .6) ? 0 : scene_between(s, 0, .1);
	draw_name(s);
	draw_levels(s);
	draw_outages(s);
	s->companies[0] = (struct scene_company){ 0 };
	s->company_count = 1;
	s->peer_count = s->request_count = s->row_count = 0;
	s->failed = false;
}

/* ---- peers and requests ---- */

static bool grow(void **items, size_t wanted, size_t *capacity, size_t item_bytes)
{
	size_t room = size_mul(wanted, 2);
	void *grown;

	if (wanted <= *capacity)
		return true;
	grown = realloc(*items, size_mul(room, item_bytes));
	if (grown == NULL)
		return false;
	*items = grown;
	*capacity = room;
	return true;
}

/* Most resolvers do as they are told; some cap the TTL, some fetch early. */
static void draw_peer(struct scene *s, struct scene_peer *p)
{
	p->dead_s = s->ttl_s;
	p->early = 0;
	if (scene_chance(s, .06))
		p->dead_s *= scene_between(s, .1, .95);
	if (scene_chance(s, .15))
		p->early = .1;
	memset(p->fresh_s, 0, sizeof(p->fresh_s));
}

void scene_add_peers(struct scene *s, size_t count, uint8_t caches, uint32_t *ret_first)
{
	void *items = s->peers;

	*ret_first = (uint32_t)s->peer_count;
	if (!grow(&items, s->peer_count + count, &s->peer_capacity, sizeof(*s->peers))) {
		s->failed = true;
		return;
	}
	s->peers = items;
	for (size_t i = 0; i < count; i++) {
		struct scene_peer *p = &s->peers[s->peer_count++];

		draw_peer(s, p);
		p->caches = caches;
	}
}

uint8_t scene_add_company(struct scene *s, const struct scene_company *c)
{
	if (s->company_count == SCENE_COMPANIES)
		return (uint8_t)(SCENE_COMPANIES - 1);
	s->companies[s->company_count] = *c;
	return (uint8_t)s->company_count++;
}

void scene_ask(struct scene *s, double at_s, uint32_t peer, uint8_t company)
{
	void *items = s->requests;

	if (!(at_s >= 0 && at_s < s->days * S_PER_DAY) || peer >= s->peer_count ||
	    s->request_count > 20 * SCENE_ROWS_MAX)
		return;
	if (!grow(&items, s->request_count + 1, &s->request_capacity, sizeof(*s->requests))) {
		s->failed = true;
		return;
	}
	s->requests = items;
	s->requests[s->request_count++] = (struct scene_request){ at_s, peer,
		(uint8_t)philox_below(&s->draws, s->peers[peer].caches), company };
}

struct scene_hours scene_office(struct scene *s)
{
	return (struct scene_hours){ .zone_h = round(scene_between(s, -8, 10)),
		.from_h = scene_between(s, 7, 10),
		.length_h = scene_between(s, 7, 12),
		.outside = scene_scale(s, .003, .3),
		.weekend = scene_scale(s, .02, 1) };
}

double scene_hours_at(const struct scene *s, const struct scene_hours *h, double at_s)
{
	double local = (s->start_s + at_s) / 3600 + h->zone_h;
	double day = floor(local / 24), hour = local - day * 24 - h->from_h;
	double rate = stamp_weekday((int64_t)day) >= 5 ? h->weekend : 1;

	if (hour < 0)
		hour += 24;
	return hour < h->length_h ? rate : rate * h->outside;
}

double scene_level_at(const struct scene *s, double at_s)
{
	size_t i = s->level_count - 1;

	while (i > 0 && s->level_from_s[i] > at_s)
		i--;
	return s->levels[i];
}

/* ---- caches ---- */

static void add_row(struct scene *s, double at_s, uint32_t peer, uint8_t type)
{
	void *items = s->rows;

	if (!grow(&items, s->row_count + 1, &s->row_capacity, sizeof(*s->rows))) {
		s->failed = true;
		return;
	}
	s->rows = items;
	s->rows[s->row_count++] = (struct scene_row){ at_s, peer, type, at_s >= s->removed_s };
}

static void add_company(struct scene *s, const struct scene_request *q)
{
	const struct scene_company *c = &s->companies[q->company];
	const double chances[] = { [SUBJECT_AAAA] = c->aaaa,
		[SUBJECT_TXT] = c->txt,
		[SUBJECT_MX] = c->mx,
		[SUBJECT_OTHER] = c->other,
		[SUBJECT_TYPES] = s->reverse_seen ? c->reverse : 0 };

	for (uint8_t i = SUBJECT_AAAA; i < COUNT_OF(chances); i++)
		if (chances[i] > 0 && scene_chance(s, chances[i]))
			add_row(s, q->at_s, q->peer, i);
}

static int request_cmp(const void *a, const void *b)
{
	const struct scene_request *x = a, *y = b;

	if (x->at_s != y->at_s)
		return x->at_s < y->at_s ? -1 : 1;
	return (x->peer > y->peer) - (x->peer < y->peer);
}

void scene_pass_caches(struct scene *s)
{
	qsort(s->requests, s->request_count, sizeof(*s->requests), request_cmp);
	for (size_t i = 0; i < s->request_count && s->row_count <= SCENE_ROWS_MAX; i++) {
		const struct scene_request *q = &s->requests[i];
		struct scene_peer *p = &s->peers[q->peer];

		if (s->cached && q->at_s < p->fresh_s[q->cache] - p->early * p->dead_s)
			continue;
		/* that there is no such name is kept for minutes only (RFC 2308) */
		p->fresh_s[q->cache] =
		    q->at_s + (q->at_s >= s->removed_s ? double_min(p->dead_s, 300) : p->dead_s);
		add_row(s, q->at_s, q->peer, SUBJECT_A);
		add_company(s, q);
	}
	s->request_count = 0;
}

/* ---- the sensor ---- */

static bool is_lost(struct scene *s, const struct scene_row *r)
{
	for (size_t i = 0; i < s->outage_count; i++)
		if (r->at_s >= s->outages[i].from_s && r->at_s < s->outages[i].to_s)
			return true;
	return s->loss > 0 && scene_chance(s, s->loss);
}

static int row_cmp(const void *a, const void *b)
{
	const struct scene_row *x = a, *y = b;

	if (x->peer != y->peer)
		return x->peer < y->peer ? -1 : 1;
	if (x->at_s != y->at_s)
		return x->at_s < y->at_s ? -1 : 1;
	return (x->type > y->type) - (x->type < y->type);
}

/* Keep what the sensor saw, at its grain; a stamp then lies anywhere within its grain. */
static void observe(struct scene *s)
{
	size_t kept = 0, rows = s->row_count;

	for (size_t i = 0; i < rows; i++) {
		struct scene_row r = s->rows[i];

		if (is_lost(s, &r))
			continue;
		r.at_s = floor((s->start_s + r.at_s) / s->grain_s) * s->grain_s +
			 scene_between(s, 0, s->grain_s);
		s->rows[kept++] = r;
	}
	s->row_count = kept;
	for (size_t i = 0; i < kept && s->repeated > 0; i++)
		if (scene_chance(s, s->repeated))
			add_row(s, s->rows[i].at_s, s->rows[i].peer, s->rows[i].type);
	qsort(s->rows, s->row_count, sizeof(*s->rows), row_cmp);
}

static bool make_exposure(struct scene *s, struct err *reterr)
{
	double first = floor(s->start_s), last = ceil(s->start_s + s->days * S_PER_DAY) + 1;
	struct interval down[SCENE_OUTAGES];
	size_t count = s->bounded && s->outages_known ? s->outage_count : 0;

	for (size_t i = 0; i < count; i++)
		down[i] = (struct interval){ s->start_s + s->outages[i].from_s,
			double_min(s->start_s + s->outages[i].to_s, last) };
	if (!s->bounded) {
		first = INFINITY;
		last = 0;
		for (size_t i = 0; i < s->row_count; i++) {
			first = double_min(first, floor(s->rows[i].at_s));
			last = double_max(last, floor(s->rows[i].at_s) + 1);
		}
	}
	exposure_release(&s->exposure);
	return exposure_declare(first, last, down, count, &s->exposure, reterr);
}

/* As eligible names are: visits enough, on days enough. */
static bool is_usable(const struct scene *s)
{
	size_t visits = 0, days = 0;
	double last_s = -1, last_day = -1;

	if (s->row_count < ROWS_MIN || s->row_count > SCENE_ROWS_MAX)
		return false;
	for (size_t i = 0; i < s->subject.peer_count; i++) {
		const struct subject_peer *p = &s->observed[i];

		for (size_t j = 0; j < p->count; j++) {
			visits += fabs(p->times_s[j] - last_s) > VISITS_APART;
			days += floor(p->times_s[j] / S_PER_DAY) != last_day;
			last_s = p->times_s[j];
			last_day = floor(p->times_s[j] / S_PER_DAY);
		}
	}
	return visits >= 10 && days >= DAYS_MIN;
}

static void gather(struct scene *s)
{
	struct subject *t = &s->subject;
	size_t times = 0;

	*t = (struct subject){ .peers = s->observed,
		.lookups = s->lookups,
		.cached = s->cached,
		.bounded = s->bounded,
		.exposure = &s->exposure };
	for (size_t i = 0; i < s->row_count;) {
		uint32_t peer = s->rows[i].peer;
		struct subject_peer *p = &s->observed[t->peer_count];

		*p = (struct subject_peer){ .times_s = &s->times_s[times],
			.ttl_s = s->ttl_known ? s->ttl_s : 0 };
		for (; i < s->row_count && s->rows[i].peer == peer; i++) {
			const struct scene_row *r = &s->rows[i];

			if (r->type == SUBJECT_TYPES) {
				t->reverse++;
				continue;
			}
			s->times_s[times++] = r->at_s;
			p->count++;
			t->types[r->type]++;
			t->refused += r->refused;
		}
		t->peer_count += p->count > 0;
	}
}

bool scene_close(struct scene *s, bool *ret_usable, struct err *reterr)
{
	void *observed = s->observed, *times = s->times_s;

	*ret_usable = false;
	observe(s);
	if (s->failed)
		goto memory;
	if (s->row_count == 0)
		return true;
	observed = realloc(s->observed, size_mul(s->peer_count + 1, sizeof(*s->observed)));
	if (observed == NULL)
		goto memory;
	s->observed = observed;
	times = realloc(s->times_s, size_mul(s->row_count, sizeof(*s->times_s)));
	if (times == NULL)
		goto memory;
	s->times_s = times;
	if (!make_exposure(s, reterr))
		return false;
	gather(s);
	*ret_usable = is_usable(s);
	return true;
memory:
	err_set_memory(reterr);
	return false;
}
