/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who asks for a target, and when. A client makes requests; each request is a burst of queries;
 * each query goes to one peer at random; a peer with a cache asks upstream, and so leaves a row,
 * only when its answer has expired.
 */
#include "simulate/simulate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/size.h"
#include "base/stamp.h"

#define TYPE_A    1
#define TYPE_PTR  12
#define TYPE_MX   15
#define TYPE_TXT  16
#define TYPE_AAAA 28

/* One client of one target, at work. Times are seconds after the scenario's start. */
struct stream {
	const struct sim_context *ctx;
	const struct client *client;
	struct philox draws;
	uint32_t name;
	uint32_t reverse; /* the name of the target's address */
	uint16_t type;
	uint32_t ttl;
	double from_s;
	double to_s;
	uint32_t *peers;     /* indexes of the simulation */
	double *fresh_until; /* of each peer's cache */
	size_t peer_count;
};

static bool companions(struct stream *s, double at, uint32_t peer)
{
	const struct companion_chances *chance = &s->client->companions;
	const struct {
		double chance;
		uint32_t name;
		uint16_t type;
	} all[] = {
		{ chance->ptr, s->reverse, TYPE_PTR },
		{ chance->txt, s->name, TYPE_TXT },
		{ chance->mx, s->name, TYPE_MX },
		{ chance->aaaa, s->name, TYPE_AAAA },
	};

	for (size_t i = 0; i < COUNT_OF(all); i++) {
		if (all[i].chance <= 0 || philox_uniform(&s->draws) >= all[i].chance)
			continue;
		if (!sim_add_row(s->ctx, &s->draws, at, all[i].name, peer, all[i].type))
			return false;
	}
	return true;
}

static bool query(struct stream *s, double at)
{
	uint32_t p = philox_below(&s->draws, (uint32_t)s->peer_count);

	if (at < s->from_s || at >= s->to_s)
		return true;
	if (s->client->cached) {
		if (at < s->fresh_until[p])
			return true;
		s->fresh_until[p] = at + s->ttl;
	}
	return sim_add_row(s->ctx, &s->draws, at, s->name, s->peers[p], s->type) &&
	       companions(s, at, s->peers[p]);
}

static bool request(struct stream *s, double at)
{
	const struct burst_shape *burst = &s->client->burst;
	uint32_t most = burst->most == 0 ? 1 : burst->most;

	for (uint32_t n = 0; n < most; n++) {
		if (n > 0) {
			if (philox_uniform(&s->draws) >= burst->more)
				break;
			at += burst->spacing_s * philox_exponential(&s->draws);
		}
		if (!query(s, at))
			return false;
	}
	return true;
}

static bool in_span(const struct span_days *span, double at)
{
	return at >= span->from_day * S_PER_DAY && at < span->to_day * S_PER_DAY;
}

/* Requests an hour at this moment, without the poller's. */
static double people_rate(const struct stream *s, double at)
{
	const struct client *c = s->client;
	int64_t day = (int64_t)floor(at / S_PER_DAY);
	double hour = at / 3600 - (double)day * 24;
	bool office = stamp_weekday(stamp_day(s->ctx->start_ns) + day) < 5 &&
		      hour >= c->office.from_h && hour < c->office.to_h;
	double rate = 0;

	for (uint32_t i = 0; i < c->phases_count; i++) {
		const struct rate_phase *phase = &c->phases[i];

		if (at >= phase->from_day * S_PER_DAY && at < phase->to_day * S_PER_DAY)
			rate += phase->base + (office ? phase->office : 0);
	}
	return rate;
}

/* A non-homogeneous Poisson process by thinning (Lewis & Shedler 1979). */
static bool people(struct stream *s)
{
	const struct client *c = s->client;
	const struct on_off_poller *poller = &c->poller;
	double highest = poller->rate;
	double turn = poller->from_day * S_PER_DAY; /* the poller's next change of state */
	bool polling = false;

	for (uint32_t i = 0; i < c->phases_count; i++)
		highest += c->phases[i].base + c->phases[i].office;
	if (highest <= 0)
		return true;
	for (double at = s->from_s;;) {
		double rate;

		at += philox_exponential(&s->draws) * 3600 / highest;
		if (at >= s->to_s)
			return true;
		while (poller->rate > 0 && at >= turn) {
			polling = philox_uniform(&s->draws) < poller->on;
			turn += philox_exponential(&s->draws) * poller->run_h * 3600;
		}
		rate = people_rate(s, at);
		if (polling && at < poller->to_day * S_PER_DAY)
			rate += poller->rate;
		if (philox_uniform(&s->draws) * highest < rate && !in_span(&c->silent, at) &&
		    !request(s, at))
			return false;
	}
}

static bool monitor(struct stream *s)
{
	const struct client *c = s->client;
	double turn = c->run_days > 0 ? s->from_s : s->to_s;
	bool on = c->run_days <= 0;

	for (double at = s->from_s; at < s->to_s;
	     at += c->gap_s + c->slack_s * philox_exponential(&s->draws)) {
		while (at >= turn) {
			on = philox_uniform(&s->draws) < c->on;
			turn += philox_exponential(&s->draws) * c->run_days * S_PER_DAY;
		}
		if (on && !in_span(&c->silent, at) && !request(s, at))
			return false;
	}
	return true;
}

static bool on_clock(struct stream *s)
{
	const struct client *c = s->client;

	for (double beat = ceil(s->from_s / c->gap_s) * c->gap_s; beat < s->to_s;
	     beat += c->gap_s) {
		double at = beat + c->jitter_s * philox_normal(&s->draws);

		if (philox_uniform(&s->draws) >= c->missing && !in_span(&c->silent, at) &&
		    !request(s, at))
			return false;
	}
	return true;
}

static bool scattered(struct stream *s)
{
	for (uint32_t i = 0; i < s->client->count; i++) {
		double at = s->from_s + (s->to_s - s->from_s) * philox_uniform(&s->draws);

		if (!in_span(&s->client->silent, at) && !request(s, at))
			return false;
	}
	return true;
}

static bool add_peer(struct stream *s, const struct addr *a)
{
	return sim_add_peer(s->ctx->sim, a, &s->peers[s->peer_count++]);
}

/* The peers that are listed, then those that are counted from peer_net on. */
static bool find_peers(struct stream *s, struct err *reterr)
{
	const struct client *c = s->client;
	size_t count = size_add(c->peers_count, c->peer_count);
	struct addr a = { .len = 0 };

	s->peers = calloc(count, sizeof(*s->peers));
	s->fresh_until = calloc(count, sizeof(*s->fresh_until));
	if (s->peers == NULL || s->fresh_until == NULL) {
		err_set_memory(reterr);
		return false;
	}
	for (uint32_t i = 0; i < c->peers_count; i++) {
		if (!addr_parse(c->peers[i], strlen(c->peers[i]), &a)) {
			err_set(reterr, ERR_INPUT, "peer '%s' is no address", c->peers[i]);
			return false;
		}
		if (!add_peer(s, &a))
			goto memory;
	}
	if (c->peer_count > 0 &&
	    (c->peer_net == NULL || !addr_parse(c->peer_net, strlen(c->peer_net), &a))) {
		err_set(reterr, ERR_INPUT, "peer_count needs peer_net, an address to count from");
		return false;
	}
	for (uint32_t i = 1; i <= c->peer_count; i++) {
		struct addr next = sim_addr_above(&a, i);

		if (!add_peer(s, &next))
			goto memory;
	}
	return true;
memory:
	err_set_memory(reterr);
	return false;
}

static bool run_client(struct stream *s, const struct target *t, struct err *reterr)
{
	static bool (*const models[])(struct stream *) = {
		[CLIENT_PEOPLE] = people,
		[CLIENT_MONITOR] = monitor,
		[CLIENT_CLOCK] = on_clock,
		[CLIENT_SCATTERED] = scattered,
	};
	const struct client *c = s->client;
	double days = s->ctx->scenario->days;
	double to_day = c->to_day > 0 ? c->to_day : t->to_day > 0 ? t->to_day : days;
	double from_day = c->from_day > 0 ? c->from_day : t->from_day;
	bool ok = false;

	s->from_s = from_day * S_PER_DAY;
	s->to_s = fmin(to_day, days) * S_PER_DAY;
	if ((c->model == CLIENT_MONITOR || c->model == CLIENT_CLOCK) && !(c->gap_s >= 1)) {
		err_set(reterr, ERR_INPUT, "target '%s': a %s needs gap_s of at least 1", t->name,
		    c->model == CLIENT_CLOCK ? "clock" : "monitor");
		goto out;
	}
	if (!find_peers(s, reterr))
		goto out;
	if (s->peer_count == 0) {
		err_set(reterr, ERR_INPUT, "target '%s': a client has no peers", t->name);
		goto out;
	}
	ok = models[c->model](s);
	if (!ok)
		err_set_memory(reterr);
out:
	free(s->peers);
	free(s->fresh_until);
	return ok;
}

/* 198.51.100.25 -> 25.100.51.198.in-addr.arpa; IPv6 addresses of a target have no reverse name
 * here. */
static bool reverse_name(const struct addr *a, struct endpoint *ret)
{
	char text[64];
	int len = snprintf(text, sizeof(text), "%u.%u.%u.%u.in-addr.arpa", a->bytes[3], a->bytes[2],
	    a->bytes[1], a->bytes[0]);

	return a->len == 4 && len > 0 && endpoint_from_name(ret, text, (size_t)len);
}

static bool add_names(
    const struct sim_context *ctx, const struct target *t, struct stream *s, struct err *reterr)
{
	struct sim_name name = { .ttl = t->ttl, .class = t->class, .needle = t->needle };
	struct sim_name reverse = { .ttl = t->ttl, .class = "companion" };

	if (!endpoint_from_name(&name.name, t->name, strlen(t->name))) {
		err_set(reterr, ERR_INPUT, "target '%s' is no domain name", t->name);
		return false;
	}
	if (t->address != NULL && !addr_parse(t->address, strlen(t->address), &name.address)) {
		err_set(reterr, ERR_INPUT, "target '%s': '%s' is no address", t->name, t->address);
		return false;
	}
	if (!contact_type_parse(t->type, strlen(t->type), &s->type)) {
		err_set(reterr, ERR_INPUT, "target '%s': '%s' is no record type", t->name, t->type);
		return false;
	}
	if (!sim_add_name(ctx->sim, &name, &s->name)) {
		err_set_memory(reterr);
		return false;
	}
	s->reverse = s->name;
	if (reverse_name(&name.address, &reverse.name) &&
	    !sim_add_name(ctx->sim, &reverse, &s->reverse)) {
		err_set_memory(reterr);
		return false;
	}
	s->ttl = t->ttl;
	return true;
}

bool sim_target(const struct sim_context *ctx, size_t index, struct err *reterr)
{
	const struct target *t = &ctx->scenario->targets[index];
	struct stream named = { .ctx = ctx };

	if (!add_names(ctx, t, &named, reterr))
		return false;
	for (uint32_t i = 0; i < t->clients_count; i++) {
		struct stream s = named;

		s.client = &t->clients[i];
		/* stream 0 of this purpose and up are the targets'; the crowd has a purpose of its
		 * own */
		philox_init(&s.draws, ctx->seed, (uint64_t)index << 32 | i, 1);
		if (!run_client(&s, t, reterr))
			return false;
	}
	return true;
}
