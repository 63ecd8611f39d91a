/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The haystack: names whose popularity follows a power law, each asked for by resolvers that
 * stick to it (a Pitman-Yor process: Pitman & Yor 1997), around the clock or in somebody's
 * office or evening hours, through caches with the usual TTLs. No rhythm but that.
 */
#include "simulate/simulate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/size.h"
#include "base/stamp.h"

#define TYPE_A    1
#define TYPE_AAAA 28

/*
 * Of the Pitman-Yor process: how readily a new resolver comes. With these a name of 4,000 look-ups
 * is asked for by some hundreds of resolvers, as names at a busy authoritative server are.
 */
#define DISCOUNT            0.5
#define CONCENTRATION_MEAN  2.5 /* of its logarithm */
#define CONCENTRATION_SIGMA 1.0

enum hours {
	HOURS_ALWAYS,
	HOURS_OFFICE,
	HOURS_EVENING,
};

struct crowd_name {
	uint32_t index; /* of the simulation */
	uint32_t ttl;
	enum hours hours;
	double zone_s;        /* its users' offset from UTC */
	double off;           /* rate outside its hours, as a share of the rate inside */
	double dual;          /* chance that AAAA is asked for as well */
	double concentration; /* of the Pitman-Yor process */
	double from_s;
	double to_s;
};

/* Scratch of all names, by resolver. */
struct tables {
	uint32_t first_peer; /* of the simulation */
	uint32_t resolvers;
	double *fresh_until;
	double *share;   /* cumulated popularity of the resolvers */
	uint32_t *asked; /* requests of the present name; 0: not yet */
	uint32_t *met;   /* resolvers that have asked for it, in order */
	uint32_t met_count;
};

static bool in_hours(const struct crowd_name *n, int64_t start_ns, double at)
{
	double local = at + n->zone_s;
	int64_t day = (int64_t)floor(local / S_PER_DAY);
	double hour = local / 3600 - (double)day * 24;

	if (n->hours == HOURS_OFFICE)
		return stamp_weekday(stamp_day(start_ns) + day) < 5 && hour >= 8 && hour < 18;
	if (n->hours == HOURS_EVENING)
		return hour >= 18 && hour < 24;
	return true;
}

static void draw_name(const struct sim_context *ctx, struct philox *draws, struct crowd_name *n)
{
	static const uint32_t ttls[] = { 60, 300, 300, 900, 3600, 3600, 14400, 86400 };
	double end = ctx->scenario->days * S_PER_DAY;
	double kind = philox_uniform(draws);

	n->ttl = ttls[philox_below(draws, COUNT_OF(ttls))];
	n->hours = kind < 0.5 ? HOURS_ALWAYS : kind < 0.85 ? HOURS_OFFICE : HOURS_EVENING;
	n->zone_s = 3600.0 * ((double)philox_below(draws, 18) - 8);
	n->off = 0.02 + 0.3 * philox_uniform(draws);
	n->dual = philox_uniform(draws) < 0.5 ? 0.9 : 0;
	n->concentration = exp(CONCENTRATION_MEAN + CONCENTRATION_SIGMA * philox_normal(draws));
	n->from_s = 0;
	n->to_s = end;
	if (philox_uniform(draws) < 0.3) {
		n->from_s = end * 0.8 * philox_uniform(draws);
		n->to_s = n->from_s + (end - n->from_s) * (0.2 + 0.8 * philox_uniform(draws));
	}
}

static bool add_name(const struct sim_context *ctx, const struct crowd *crowd, struct philox *draws,
    uint32_t i, struct crowd_name *n)
{
	static const char *const hosts[] = { "www", "mail", "api", "ns1", "shop", "img", "mx",
		"login" };
	struct sim_name name = { .ttl = n->ttl, .class = "crowd" };
	char text[512];
	int len = snprintf(text, sizeof(text), "%s.h%u.%s",
	    hosts[philox_below(draws, COUNT_OF(hosts))], i, crowd->suffix);

	if (len < 0 || !endpoint_from_name(&name.name, text, (size_t)len))
		return false;
	name.address =
	    (struct addr){ .len = 4, .bytes = { 198, 51, 100, (uint8_t)philox_below(draws, 256) } };
	return sim_add_name(ctx->sim, &name, &n->index);
}

/* A resolver by its popularity. */
static uint32_t any_resolver(const struct tables *t, struct philox *draws)
{
	double u = philox_uniform(draws) * t->share[t->resolvers - 1];
	uint32_t low = 0;
	uint32_t high = t->resolvers - 1;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (t->share[middle] < u)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Who makes the next request: one that has asked before, by how often, or a new one. */
static uint32_t next_resolver(
    struct tables *t, struct philox *draws, const struct crowd_name *n, uint32_t requests_before)
{
	double new_weight = n->concentration + DISCOUNT * t->met_count;
	double u = philox_uniform(draws) * (requests_before + n->concentration) - new_weight;
	uint32_t r;

	for (uint32_t i = 0; u >= 0 && i < t->met_count; i++) {
		u -= t->asked[t->met[i]] - DISCOUNT;
		if (u < 0)
			return t->met[i];
	}
	r = any_resolver(t, draws);
	if (t->asked[r] == 0)
		t->met[t->met_count++] = r;
	return r;
}

static int time_cmp(const void *a, const void *b)
{
	const double *x = a;
	const double *y = b;

	return (*x > *y) - (*x < *y);
}

/* Times of about `wanted` requests, sorted. *ret is owned by the caller. */
static bool draw_times(const struct sim_context *ctx, struct philox *draws,
    const struct crowd_name *n, uint32_t wanted, double **ret)
{
	double *times = malloc(size_mul((size_t)wanted + 1, sizeof(*times)));
	uint32_t count = 0;

	if (times == NULL)
		return false;
	while (count < wanted) {
		double at = n->from_s + (n->to_s - n->from_s) * philox_uniform(draws);

		if (in_hours(n, ctx->start_ns, at) || philox_uniform(draws) < n->off)
			times[count++] = at;
	}
	qsort(times, count, sizeof(*times), time_cmp);
	*ret = times;
	return true;
}

static bool ask(const struct sim_context *ctx, struct philox *draws, struct tables *t,
    const struct crowd_name *n, const double *times, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		uint32_t r = next_resolver(t, draws, n, i);

		t->asked[r]++;
		if (times[i] < t->fresh_until[r])
			continue;
		t->fresh_until[r] = times[i] + n->ttl;
		if (!sim_add_row(ctx, draws, times[i], n->index, t->first_peer + r, TYPE_A))
			return false;
		if (philox_uniform(draws) < n->dual &&
		    !sim_add_row(ctx, draws, times[i], n->index, t->first_peer + r, TYPE_AAAA))
			return false;
	}
	return true;
}

static bool one_name(
    const struct sim_context *ctx, size_t index, struct tables *t, uint32_t i, double wanted)
{
	const struct crowd *crowd = &ctx->scenario->crowds[index];
	struct crowd_name n = { .index = 0 };
	struct philox draws;
	double *times = NULL;
	uint32_t count;
	bool ok;

	philox_init(&draws, ctx->seed, (uint64_t)index << 32 | i, 2);
	draw_name(ctx, &draws, &n);
	/* the fraction by chance, so that the expected total is right */
	count = (uint32_t)(wanted + philox_uniform(&draws));
	for (uint32_t m = 0; m < t->met_count; m++)
		t->asked[t->met[m]] = 0;
	t->met_count = 0;
	for (uint32_t r = 0; r < t->resolvers; r++)
		t->fresh_until[r] = 0;
	ok = add_name(ctx, crowd, &draws, i, &n) && draw_times(ctx, &draws, &n, count, &times) &&
	     ask(ctx, &draws, t, &n, times, count);
	free(times);
	return ok;
}

static bool make_tables(const struct sim_context *ctx, const struct crowd *crowd, struct tables *t)
{
	struct addr net = { .len = 16, .bytes = { 0x20, 0x01, 0x0d, 0xb8, 0, 1 } };
	double sum = 0;

	t->resolvers = crowd->resolvers;
	t->fresh_until = calloc(t->resolvers, sizeof(*t->fresh_until));
	t->share = calloc(t->resolvers, sizeof(*t->share));
	t->asked = calloc(t->resolvers, sizeof(*t->asked));
	t->met = calloc(t->resolvers, sizeof(*t->met));
	if (t->fresh_until == NULL || t->share == NULL || t->asked == NULL || t->met == NULL)
		return false;
	for (uint32_t r = 0; r < t->resolvers; r++) {
		struct addr a = sim_addr_above(&net, r + 1);
		uint32_t peer;

		sum += 1.0 / (r + 1);
		t->share[r] = sum;
		if (!sim_add_peer(ctx->sim, &a, &peer))
			return false;
		if (r == 0)
			t->first_peer = peer;
	}
	return true;
}

bool sim_crowd(const struct sim_context *ctx, size_t index, struct err *reterr)
{
	const struct crowd *c = &ctx->scenario->crowds[index];
	struct tables t = { .resolvers = 0 };
	double total = 0;
	bool ok = true;

	if (c->names == 0)
		return true;
	if (c->resolvers == 0) {
		err_set(reterr, ERR_INPUT, "a crowd needs resolvers");
		return false;
	}
	for (uint32_t i = 0; i < c->names; i++)
		total += pow(i + 1.0, -c->exponent);
	ok = make_tables(ctx, c, &t);
	for (uint32_t i = 0; ok && i < c->names; i++)
		ok = one_name(
		    ctx, index, &t, i, (double)c->requests * pow(i + 1.0, -c->exponent) / total);
	if (!ok)
		err_set_memory(reterr);
	free(t.fresh_until);
	free(t.share);
	free(t.asked);
	free(t.met);
	return ok;
}
