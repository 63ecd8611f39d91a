/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Beside the mechanism itself most names have a few stray look-ups by others, and many a minor
 * habit of one of their peers: a monitor, a poller, somebody's own checks. A classifier that
 * had never seen these would call every real name something else.
 */
#include "simulate/mechanism.h"

#include <math.h>

#include "base/stamp.h"

#define DRAWS_MAX   200 /* of one series, until it is usable: a prior that fails more is wrong */
#define MINOR_SHARE .35

static const struct {
	void (*ask)(struct scene *s);
	void (*alter)(struct scene *s); /* rows, behind the caches; or NULL */
	bool crowded;                   /* strays are part of it */
} all[MECHANISM_COUNT] = {
	[MECHANISM_BULK_MAIL] = { mechanism_bulk_mail, NULL, true },
	[MECHANISM_SENDER_CHECKS] = { mechanism_sender_checks, NULL, false },
	[MECHANISM_REPUTATION] = { mechanism_reputation, NULL, false },
	[MECHANISM_SCHEDULE] = { mechanism_schedule, NULL, false },
	[MECHANISM_CRAWLER] = { mechanism_crawler, NULL, true },
	[MECHANISM_CORRESPONDENCE] = { mechanism_correspondence, NULL, false },
	[MECHANISM_BEACON] = { mechanism_beacon, NULL, false },
	[MECHANISM_RETRY] = { mechanism_retry, NULL, false },
	[MECHANISM_CACHE] = { mechanism_cache, NULL, false },
	[MECHANISM_INCONSISTENT] = { NULL, mechanism_inconsistent, false },
	[MECHANISM_SPOOFED] = { NULL, mechanism_spoofed, false },
};

static void ask_strays(struct scene *s)
{
	uint32_t peers = scene_count(s, 1, 40), visits = scene_count(s, 1, 60), first;

	scene_add_peers(s, peers, 1, &first);
	for (uint32_t i = 0; i < visits; i++)
		scene_ask(s, scene_between(s, 0, s->days * S_PER_DAY),
		    first + philox_below(&s->draws, peers), 0);
}

/* A minor habit, of a peer that is there or of one more. */
static void ask_minor(struct scene *s)
{
	double upto = scene_between(s, .02, MINOR_SHARE) * (double)s->request_count;
	uint32_t peer;

	if (scene_chance(s, .5) && s->peer_count > 0)
		peer = philox_below(&s->draws, (uint32_t)s->peer_count);
	else
		scene_add_peers(s, 1, 1, &peer);
	if (scene_chance(s, .5)) {
		const struct scene_poisson p = { .peer = peer,
			.per_day = upto / s->days,
			.hours = scene_chance(s, .5) ? scene_office(s) : scene_always };

		scene_ask_poisson(s, &p);
	} else {
		double gap = scene_scale(s, 300, 86400), length = gap * upto;
		double from = scene_between(s, 0, s->days * S_PER_DAY);
		const struct scene_timer t = { .peer = peer,
			.period_s = gap,
			.jitter = scene_scale(s, .001, .3),
			.sleeping = true,
			.hours = scene_always,
			.from_s = from,
			.to_s = fmin(from + length, s->days * S_PER_DAY) };

		scene_ask_timer(s, &t);
	}
}

static void make(enum mechanism m, struct scene *s)
{
	if (all[m].ask != NULL) {
		all[m].ask(s);
		if (!all[m].crowded && scene_chance(s, .4))
			ask_minor(s);
		if (!all[m].crowded && scene_chance(s, .6))
			ask_strays(s);
		scene_pass_caches(s);
	}
	if (all[m].alter != NULL)
		all[m].alter(s);
}

bool mechanism_simulate(enum mechanism m, uint64_t seed, uint64_t series, double stretch,
    struct scene *s, struct err *reterr)
{
	for (uint64_t draw = 0; draw < DRAWS_MAX; draw++) {
		bool usable;

		scene_open(s, seed ^ (uint64_t)m << 56, series * DRAWS_MAX + draw, stretch);
		make(m, s);
		if (!scene_close(s, &usable, reterr))
			return false;
		if (usable)
			return true;
	}
	err_set(reterr, ERR_LIMIT, "mechanism %d makes no series that can be used", (int)m);
	return false;
}
