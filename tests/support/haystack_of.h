/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests of the hunt: contacts in memory, a haystack made of them, and the hunt of it. */
#ifndef SUPPORT_HAYSTACK_OF_H
#define SUPPORT_HAYSTACK_OF_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/philox.h"
#include "base/stamp.h"
#include "haystack/haystack.h"
#include "hunt/hunt.h"

#define HOUR_NS   (3600 * NS_PER_S)
#define MAY_4TH_S INT64_C(1462320000) /* 2016-05-04 00:00, a Wednesday */

struct event {
	int64_t time_ns;
	uint32_t ttl;
	uint16_t type;
	uint8_t kind;
	char target[40];
	char peer[40];
};

struct events {
	struct event *items;
	size_t count;
	size_t capacity;
};

static inline void events_release(struct events *list)
{
	free(list->items);
	*list = (struct events){ 0 };
}

static inline void events_add(struct events *list, const struct event *e)
{
	if (list->count == list->capacity) {
		list->capacity = list->capacity * 2 + 1024;
		list->items = reallocarray(list->items, list->capacity, sizeof(*list->items));
		assert_non_null(list->items);
	}
	list->items[list->count++] = *e;
}

static inline struct event event_of(const char *target, const char *peer, uint32_t ttl)
{
	struct event e = { .kind = KIND_DNS, .type = 1, .ttl = ttl };

	(void)snprintf(e.target, sizeof(e.target), "%s", target);
	(void)snprintf(e.peer, sizeof(e.peer), "%s", peer);
	return e;
}

/* Poisson clients in office hours, at rate_h per hour at their desks and a tenth of it else. */
static inline void events_add_office(struct events *list, struct event e, double days,
    double rate_h, double cache_s, struct philox *r)
{
	double fresh_until = -1;

	for (double t = 0;;) {
		double hour, share;

		t += philox_exponential(r) * 3600 / rate_h;
		if (t >= days * 86400)
			return;
		hour = fmod(t / 3600, 24);
		share = (int)(t / 86400 + 2) % 7 < 5 && hour >= 8 && hour < 17 ? 1 : 0.1;
		if (philox_uniform(r) >= share || t < fresh_until)
			continue;
		fresh_until = t + cache_s;
		e.time_ns = (MAY_4TH_S + (int64_t)t) * NS_PER_S;
		events_add(list, &e);
	}
}

/* Locked to a clock: every gap_s from first_s on, normal jitter, some beats missing. */
static inline void events_add_clock(struct events *list, struct event e, double days,
    double first_s, double gap_s, double jitter_s, double missing, struct philox *r)
{
	for (double t = first_s; t < days * 86400; t += gap_s) {
		double at = t + jitter_s * philox_normal(r);

		if (philox_uniform(r) < missing || at < 0)
			continue;
		e.time_ns = (MAY_4TH_S + (int64_t)at) * NS_PER_S;
		events_add(list, &e);
	}
}

/* names of office clients, one to four peers each, named hostNNN.crowd.example. */
static inline void events_add_crowd(struct events *list, unsigned names, double days, uint64_t seed)
{
	static const uint32_t ttls[] = { 60, 300, 3600 };

	for (unsigned i = 0; i < names; i++) {
		struct philox r;
		struct event e;
		unsigned peers;
		double rate_h;

		philox_init(&r, seed, i, 1);
		peers = 1 + philox_below(&r, 4);
		rate_h = 0.05 * exp(1.2 * philox_normal(&r));
		e = event_of("", "", ttls[philox_below(&r, COUNT_OF(ttls))]);
		(void)snprintf(e.target, sizeof(e.target), "host%03u.crowd.example", i);
		for (unsigned p = 0; p < peers; p++) {
			(void)snprintf(e.peer, sizeof(e.peer), "10.0.%u.%u", philox_below(&r, 4),
			    philox_below(&r, 200));
			events_add_office(list, e, days, rate_h, e.ttl, &r);
		}
	}
}

/* ---- the haystack ---- */

struct dig {
	char dir[32];
	struct haystack *haystack;
	struct arena memory;
	const struct hunt_result *result;
};

static inline void write_event(struct haystack_writer *w, const struct event *e)
{
	struct contact c = { .kind = e->kind,
		.seen = SEEN_BOTH,
		.direction = DIRECTION_OUT,
		.type = e->type,
		.ttl = e->ttl,
		.txid = -1,
		.time_ns = e->time_ns };
	struct err err;

	assert_true(endpoint_parse(&c.target, e->target, strlen(e->target)));
	assert_true(endpoint_parse(&c.peer, e->peer, strlen(e->peer)));
	assert_true(haystack_writer_contact(w, &c, &err));
}

/* Sources take the events in turns; each source is a segment of its own if segments is true. */
static inline void dig_open(
    struct dig *d, const struct events *list, unsigned sources, bool segments)
{
	struct haystack_writer *w = NULL;
	struct err err = { .code = ERR_NONE };

	*d = (struct dig){ .dir = "/tmp/lodestone-hunt-XXXXXX" };
	arena_init(&d->memory, SIZE_MAX);
	assert_non_null(mkdtemp(d->dir));
	assert_true(haystack_open(d->dir, true, &d->haystack, &err));
	assert_true(haystack_writer_new(d->dir, 64 << 20, &w, &err));
	for (unsigned s = 0; s < sources; s++) {
		struct digest digest = { { (uint8_t)(s + 1) } };

		assert_true(haystack_writer_begin(w, &err));
		for (size_t i = s; i < list->count; i += sources)
			write_event(w, &list->items[i]);
		haystack_writer_end(w, &digest);
		if (segments || s + 1 == sources)
			assert_true(haystack_commit(d->haystack, w, &err));
	}
	haystack_writer_free(w);
}

static inline struct hunt_settings dig_settings(void)
{
	return (struct hunt_settings){ .seed = 1,
		.jobs = 2,
		.memory_bytes = 1 << 30,
		.top = 50,
		.vantage = "unknown",
		.version = "test" };
}

static inline void dig_hunt(struct dig *d, const struct hunt_settings *settings)
{
	struct err err = { .code = ERR_NONE };

	if (!hunt_run(d->haystack, settings, NULL, &d->memory, &d->result, &err))
		fail_msg("hunt: %s", err.text);
}

static inline void dig_close(struct dig *d)
{
	char command[64];

	haystack_close(d->haystack);
	arena_release(&d->memory);
	(void)snprintf(command, sizeof(command), "rm -r %s", d->dir);
	assert_int_equal(system(command), 0);
}

/* Everything of a finding that is a matter of the contacts, as text. */
static inline void finding_print(FILE *out, const struct finding *f)
{
	char target[ENDPOINT_TEXT_MAX];

	(void)endpoint_format(&f->target, target);
	(void)fprintf(out, "%u %s kind %u score %.17g p %.17g q %.17g needle %d limited %d\n",
	    f->rank, target, f->kind, f->score, f->p, f->q, f->needle, f->limited_by_b);
	(void)fprintf(out, "contacts %ju visits %ju days %ju peers %ju %jd-%jd\n",
	    (uintmax_t)f->contacts, (uintmax_t)f->visits, (uintmax_t)f->active_days,
	    (uintmax_t)f->peers_total, (intmax_t)f->first.ns, (intmax_t)f->last.ns);
	(void)fprintf(out, "narrow %.17g of %.17g persist %.17g gap %.17g days %.17g any %.17g\n",
	    f->tests.narrowness.p, f->tests.narrowness.expected, f->tests.persistence.p,
	    f->tests.periodicity.p_gap, f->tests.periodicity.p_days, f->tests.periodicity.p_any);
	for (size_t i = 0; i < f->peer_count; i++) {
		char peer[ENDPOINT_TEXT_MAX];

		(void)endpoint_format(&f->peers[i].peer, peer);
		(void)fprintf(out, "  %s %ju\n", peer, (uintmax_t)f->peers[i].contacts);
	}
	(void)fprintf(out, "%s\n", f->plain);
	for (size_t d = 0; d < f->raster.days; d++)
		for (size_t h = 0; h < 24; h++)
			(void)fprintf(out, "%u ", f->raster.hours[d][h]);
}

/* To be freed by the caller. */
static inline char *result_text(const struct hunt_result *r)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	(void)fprintf(out,
	    "contacts %ju names %ju eligible %ju needles %ju live %.17g lambda %.17g\n",
	    (uintmax_t)r->contacts, (uintmax_t)r->names, (uintmax_t)r->eligible,
	    (uintmax_t)r->needles, r->live_share, r->lambda_gc);
	for (size_t i = 0; i < r->finding_count; i++)
		finding_print(out, &r->findings[i]);
	for (size_t i = 0; i < r->coverage_count; i++)
		(void)fprintf(out, "%jd %ju %.17g\n", (intmax_t)r->coverage[i].day,
		    (uintmax_t)r->coverage[i].contacts, r->coverage[i].live);
	assert_int_equal(fclose(out), 0);
	return text;
}

static inline bool has_finding(const struct hunt_result *r, const char *target)
{
	struct endpoint wanted;

	assert_true(endpoint_parse(&wanted, target, strlen(target)));
	for (size_t i = 0; i < r->finding_count; i++)
		if (endpoint_cmp(&wanted, &r->findings[i].target) == 0)
			return true;
	return false;
}

/* The finding of this target, which must be there. */
static inline const struct finding *finding_of(const struct hunt_result *r, const char *target)
{
	struct endpoint wanted;
	size_t i = 0;

	assert_true(has_finding(r, target));
	assert_true(endpoint_parse(&wanted, target, strlen(target)));
	while (endpoint_cmp(&wanted, &r->findings[i].target) != 0)
		i++;
	return &r->findings[i];
}

#endif
