/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What machines do: schedules, beacons, loops, crawlers, and caches of busy names. */
#include <math.h>

#include "base/size.h"
#include "base/stamp.h"
#include "simulate/mechanism.h"

#define ROWS_WANTED 4000.0

/* A record of a fast beat that is too long to be kept is cut: machines are switched off. */
static double timer_end(struct scene *s, double period_s)
{
	double longest = ROWS_WANTED * period_s;
	double span = s->days * S_PER_DAY * (scene_chance(s, .2) ? scene_between(s, .3, 1) : 1);

	if (s->cached && period_s < s->ttl_s)
		longest = ROWS_WANTED * s->ttl_s;
	return fmin(span, longest);
}

/* M4: cron jobs and monitors, locked to the clock. */
void mechanism_schedule(struct scene *s)
{
	static const double periods_s[] = { 60, 300, 600, 900, 1800, 3600, 3600, 7200, 14400, 21600,
		43200, 86400, 86400, 604800 };
	double period_s = periods_s[philox_below(&s->draws, COUNT_OF(periods_s))];
	uint32_t peers = scene_count(s, 1, 4), first;
	struct scene_hours hours = scene_chance(s, .85) ? scene_always : scene_office(s);
	struct scene_company twin = { .aaaa = scene_chance(s, .4) ? scene_between(s, .3, 1) : 0 };
	uint8_t company = scene_add_company(s, &twin);
	double jitter = scene_scale(s, .3, period_s / 40) * s->stretch / period_s;
	double missing = scene_between(s, 0, .3), to_s;

	if (period_s > 100000)
		s->days = fmax(s->days, 84);
	to_s = timer_end(s, period_s);
	scene_add_peers(s, peers, 1, &first);
	for (uint32_t i = 0; i < peers; i++) {
		const struct scene_timer t = { .peer = first + i,
			.period_s = period_s,
			.jitter = jitter,
			.missing = missing,
			.hours = hours,
			.company = company,
			.to_s = to_s };

		scene_ask_timer(s, &t);
	}
}

/* M7: programs that sleep between calls, whose beat therefore drifts. */
void mechanism_beacon(struct scene *s)
{
	double period_s = scene_scale(s, 120, 2 * 86400);
	uint32_t peers = scene_count(s, 1, 3), first;
	struct scene_hours hours = scene_chance(s, .7) ? scene_always : scene_office(s);
	struct scene_company twin = { .aaaa = scene_chance(s, .3) ? scene_between(s, .3, 1) : 0 };
	uint8_t company = scene_add_company(s, &twin);
	double jitter = fmin(.8, scene_between(s, 0, .5) * s->stretch);
	double missing = scene_between(s, 0, .2);
	double back_off = scene_chance(s, .25) ? scene_between(s, .01, .2) : 0;
	double to_s = timer_end(s, period_s);

	scene_add_peers(s, peers, 1, &first);
	for (uint32_t i = 0; i < peers; i++) {
		const struct scene_timer t = { .peer = first + i,
			.period_s = period_s,
			.jitter = jitter,
			.sleeping = true,
			.missing = missing,
			.back_off = back_off,
			.hours = hours,
			.company = company,
			.to_s = to_s };

		scene_ask_timer(s, &t);
	}
}

/* Without a cache before it a loop shows as it is: trains of queries, some seconds apart. */
static void ask_trains(struct scene *s, uint32_t peer, const struct scene_hours *hours)
{
	double gap_s = scene_scale(s, .5, 120) / s->stretch, grow = scene_chance(s, .3) ? 1.6 : 1;
	double length = scene_scale(s, 5, 200);
	double trains = scene_scale(s, 20, 3000) / length + 4;

	for (uint32_t i = 0; i < (uint32_t)trains; i++) {
		double at = scene_between(s, 0, s->days * S_PER_DAY), gap = gap_s;

		if (!scene_chance(s, scene_hours_at(s, hours, at)))
			continue;
		do {
			scene_ask(s, at, peer, 0);
			at += gap * scene_between(s, .9, 1.1);
			gap = fmin(gap * grow, 900);
		} while (scene_chance(s, 1 - 1 / length));
	}
}

/* M8: a mis-set client that asks again the moment the cache forgets. */
void mechanism_retry(struct scene *s)
{
	uint32_t peers = scene_count(s, 1, 4), first;
	struct scene_hours hours = scene_chance(s, .7) ? scene_always : scene_office(s);
	double to_s = s->days * S_PER_DAY, demand, longest;

	longest = scene_scale(s, 60, ROWS_WANTED) * s->ttl_s / peers;
	if (s->cached)
		to_s = fmin(to_s, fmax(longest, 4 * S_PER_DAY));
	if (scene_chance(s, .25))
		s->removed_s = to_s * scene_between(s, .6, 1);
	scene_add_peers(s, peers, scene_chance(s, .85) ? 1 : 2, &first);
	for (uint32_t i = 0; i < peers; i++) {
		demand = scene_scale(s, 8, 500) * s->stretch / s->ttl_s * S_PER_DAY;
		const struct scene_poisson p = { .peer = first + i,
			.per_day = demand,
			.at_peak = true,
			.hours = hours,
			.to_s = to_s };

		if (s->cached)
			scene_ask_poisson(s, &p);
		else
			ask_trains(s, first + i, &hours);
	}
}

/* M9: a popular name; what is seen is the work of the caches. */
void mechanism_cache(struct scene *s)
{
	uint32_t peers = scene_count(s, 1, 60), first;
	uint32_t several = scene_chance(s, .5) ? 1 : scene_count(s, 2, SCENE_CACHES);
	double early = scene_chance(s, .5) ? .1 : 0, popular = scene_scale(s, .3, 40) * s->stretch;
	double longest =
	    scene_scale(s, 100, ROWS_WANTED) * s->ttl_s * (1 + 1 / popular) / peers / several;
	struct scene_hours hours = { .zone_h = scene_between(s, -11, 12),
		.from_h = scene_between(s, 6, 9),
		.length_h = scene_between(s, 10, 18),
		.outside = scene_between(s, .1, 1),
		.weekend = scene_between(s, .3, 1.5) };
	struct scene_company twin = { .aaaa = scene_chance(s, .6) ? scene_between(s, .2, 1) : 0 };
	uint8_t company = scene_add_company(s, &twin);

	/* a machine of one user has a cache, too */
	s->cached = s->lookups;
	for (uint32_t i = 0; i < peers; i++) {
		const struct scene_poisson p = { .peer = (uint32_t)s->peer_count,
			.per_day = popular * scene_scale(s, .3, 3) / s->ttl_s * S_PER_DAY,
			.at_peak = true,
			.hours = hours,
			.company = company,
			.to_s = fmin(s->days * S_PER_DAY, fmax(longest, 4 * S_PER_DAY)) };

		scene_add_peers(s, 1, (uint8_t)several, &first);
		if (early > 0 && first < s->peer_count)
			s->peers[first].early = early;
		scene_ask_poisson(s, &p);
	}
}

/* M5: crawlers and scanners: many resolvers, hardly any of them twice. */
void mechanism_crawler(struct scene *s)
{
	uint32_t peers = scene_count(s, 10, 1200), first;
	struct scene_company all = { .aaaa = scene_chance(s, .6) ? scene_between(s, 0, 1) : 0,
		.txt = scene_chance(s, .5) ? scene_between(s, 0, .8) : 0,
		.mx = scene_chance(s, .5) ? scene_between(s, 0, .8) : 0,
		.other = scene_chance(s, .5) ? scene_between(s, 0, .8) : 0 };
	uint8_t company = scene_add_company(s, &all);
	uint32_t sweeps = scene_chance(s, .6) ? scene_count(s, 2, 20) : 0;
	double each = scene_scale(s, 1, 3), length_s = scene_scale(s, .5, 120) * 3600;
	double begin[20];

	for (uint32_t i = 0; i < sweeps; i++)
		begin[i] = scene_between(s, 0, s->days * S_PER_DAY);
	scene_add_peers(s, peers, 1, &first);
	for (uint32_t i = 0; i < peers; i++) {
		do {
			double at = scene_between(s, 0, s->days * S_PER_DAY);

			if (sweeps > 0)
				at = begin[philox_below(&s->draws, sweeps)] +
				     scene_between(s, 0, length_s);
			scene_ask(s, at, first + i, company);
		} while (scene_chance(s, 1 - 1 / each));
	}
}
