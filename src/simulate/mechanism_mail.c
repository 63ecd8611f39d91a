/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What mail does: campaigns, receivers' checks, reputation services, and people who write. */
#include <math.h>

#include "base/minmax.h"
#include "base/stamp.h"
#include "simulate/mechanism.h"

#define MONTH_DAYS 30.0
#define CHECKED                                                                                    \
	.6 /* chance that receivers' other checks are to be seen at all: the rest look up A alone */
#define ROWS_WANTED_L 25.0
#define ROWS_WANTED_H 12000.0 /* questions; caches leave less */

static struct scene_company draw_checks(struct scene *s, double scale)
{
	return (struct scene_company){ .aaaa = scene_between(s, 0, .6) * scale,
		.txt = scene_between(s, 0, 1) * scale,
		.mx = scene_between(s, 0, .4) * scale,
		.reverse = scene_between(s, .3, 1) * scale };
}

/* M1: campaigns, each of which many receivers meet within minutes to hours. */
void mechanism_bulk_mail(struct scene *s)
{
	uint32_t receivers = scene_count(s, 15, 800), first;
	double campaigns = fmax(4, scene_between(s, 1, 8) * s->stretch * s->days / MONTH_DAYS);
	struct scene_company checks = draw_checks(s, 1);
	uint8_t company = scene_add_company(s, &checks);
	struct scene_hours hours = scene_office(s);
	double part = scene_between(s, .2, 1), again = scene_between(s, 0, .4);
	double length_s = scene_scale(s, 120, 8 * 3600) * s->stretch;
	double later_s = scene_scale(s, 300, 3600);

	scene_add_peers(s, receivers, 1, &first);
	for (uint32_t c = 0; c < (uint32_t)campaigns; c++) {
		double at = scene_between(s, 0, s->days * S_PER_DAY);

		while (!scene_chance(s, scene_hours_at(s, &hours, at)))
			at = scene_between(s, 0, s->days * S_PER_DAY);
		for (uint32_t i = 0; i < receivers; i++) {
			double u = scene_between(s, 0, 1), met = at + u * u * length_s;

			if (!scene_chance(s, part))
				continue;
			scene_ask(s, met, first + i, company);
			if (scene_chance(s, again)) /* refused at first: greylisting */
				scene_ask(s, met + later_s * (1 + scene_between(s, 0, .5)),
				    first + i, company);
		}
	}
}

/* How the contacts are shared among peers: from equal to one that has nearly all. */
static void draw_shares(struct scene *s, uint32_t count, double *ret)
{
	double sum = 0, bend = scene_between(s, .3, 3);

	for (uint32_t i = 0; i < count; i++)
		sum += ret[i] = pow(philox_exponential(&s->draws), bend);
	for (uint32_t i = 0; i < count; i++)
		ret[i] /= sum;
}

#define ORGS_MAX 10

/*
 * What cannot be delivered waits in a queue, which tries again in runs (RFC 5321 4.5.4.1), each try
 * with its look-ups: a part of all mail, whoever wrote it.
 */
static void ask_queue(struct scene *s, uint32_t first, uint32_t count, double to_s)
{
	double gap_s = scene_scale(s, 60, 3600), run_s = scene_scale(s, 1800, 2 * 86400);
	double on = scene_between(s, .1, .8), from_s = scene_between(s, 0, to_s);

	for (uint32_t i = 0; i < count; i++)
		scene_ask_runs(s, first + i, gap_s, run_s, on, from_s, to_s);
}

/* M2: messages in their sender's hours; each receiver looks its sender up, and at times again. */
void mechanism_sender_checks(struct scene *s)
{
	uint32_t orgs = scene_count(s, 1, ORGS_MAX - 1);
	double shares[ORGS_MAX], wanted = scene_scale(s, ROWS_WANTED_L, ROWS_WANTED_H) * s->stretch;
	struct scene_hours hours = scene_chance(s, .8) ? scene_office(s) : scene_always;
	struct scene_company checks = draw_checks(s, 1);
	uint8_t company = scene_chance(s, CHECKED) ? scene_add_company(s, &checks) : 0;
	double to_s = s->days * S_PER_DAY * (scene_chance(s, .35) ? scene_between(s, .3, 1) : 1);
	bool queued = scene_chance(s, .4);

	draw_shares(s, orgs, shares);
	for (uint32_t i = 0; i < orgs; i++) {
		uint32_t first, resolvers = scene_chance(s, .4) ? 2 : 1;
		double more = scene_between(s, 0, .6), spacing = scene_scale(s, 1, 20);

		scene_add_peers(s, resolvers, scene_chance(s, .85) ? 1 : 2, &first);
		for (uint32_t r = 0; r < resolvers; r++) {
			const struct scene_poisson p = { .peer = first + r,
				.per_day = wanted * shares[i] / resolvers / s->days,
				.hours = hours,
				.more = more,
				.spacing_s = spacing,
				.company = company,
				.to_s = to_s };

			scene_ask_poisson(s, &p);
		}
		if (queued && i == 0)
			ask_queue(s, first, resolvers, to_s);
	}
}

/* One peer's daily or weekly pass over old mail, or its lists. */
static void ask_nightly(struct scene *s, uint32_t peer, double every_days, uint8_t company)
{
	double hour_s = scene_between(s, 0, S_PER_DAY), missed = scene_between(s, 0, .5);
	double spread_s = scene_scale(s, .02, 2.5) * 3600 * s->stretch;
	double more = scene_between(s, 0, .5);

	for (double day = floor(scene_between(s, 0, every_days)); day < s->days;
	     day += every_days) {
		double at = day * S_PER_DAY + hour_s + spread_s * philox_normal(&s->draws);

		if (scene_chance(s, missed) || scene_level_at(s, at) <= 0)
			continue;
		do {
			scene_ask(s, at, peer, company);
			at += spread_s * philox_exponential(&s->draws);
		} while (scene_chance(s, more));
	}
}

/* M3: reputation services and archives that scan again, whatever hours the sender had. */
void mechanism_reputation(struct scene *s)
{
	uint32_t peers = scene_count(s, 1, 30), first;
	double steady = scene_chance(s, .35) ? 1 : 0, every = scene_chance(s, .8) ? 1 : 7;
	double wanted = scene_scale(s, ROWS_WANTED_L, 1500) * s->stretch;
	struct scene_company little = { .aaaa = scene_chance(s, .3) ? scene_between(s, 0, .6) : 0,
		.txt = scene_chance(s, .1) ? scene_between(s, 0, .2) : 0 };
	uint8_t company = scene_add_company(s, &little);

	if (scene_chance(s, .3))
		s->removed_s = s->days * S_PER_DAY * scene_between(s, .2, .95);
	scene_add_peers(s, peers, 1, &first);
	for (uint32_t i = 0; i < peers; i++) {
		const struct scene_poisson p = { .peer = first + i,
			.per_day = wanted / peers / s->days,
			.hours = scene_always,
			.more = scene_between(s, 0, .3),
			.spacing_s = scene_scale(s, 1, 20),
			.company = company };

		if (steady > 0)
			scene_ask_poisson(s, &p);
		else
			ask_nightly(s, first + i, every, company);
	}
}

/* When people at both ends write: at either's hours, or when both are at work. */
static double both_at(const struct scene *s, const struct scene_hours *ends, bool either, double at)
{
	double a = scene_hours_at(s, &ends[0], at), b = scene_hours_at(s, &ends[1], at);

	return either ? double_max(a, b) : double_min(a, b);
}

/*
 * M6: sessions in the hours of one end or of both, each a cascade of messages and replies; each
 * message makes its receiver look the sender up, whose checks may be seen as M2's are.
 */
void mechanism_correspondence(struct scene *s)
{
	uint32_t peers = scene_count(s, 1, 5), twins = scene_chance(s, .4) ? 2 : 1, first;
	double shares[ORGS_MAX];
	struct scene_hours ends[2];
	bool either = scene_chance(s, .5);
	double replies = scene_between(s, 0, .85), reply_s = scene_scale(s, 120, 5400);
	double more = scene_between(s, 0, .6), spacing_s = scene_scale(s, 1, 20);
	double wanted = scene_scale(s, ROWS_WANTED_L, ROWS_WANTED_H) * s->stretch;
	struct scene_company checks = draw_checks(s, scene_between(s, .1, 1));
	uint8_t company = scene_chance(s, .6) ? scene_add_company(s, &checks) : 0;
	size_t tries = 0, limit = 400000;

	ends[0] = scene_office(s);
	ends[0].outside = fmin(ends[0].outside, .15);
	ends[1] = scene_chance(s, .4) ? scene_office(s) : ends[0];
	ends[1].outside = fmin(ends[1].outside, .15);
	draw_shares(s, peers, shares);
	/* an office with two resolvers asks either */
	scene_add_peers(s, peers * twins, 1, &first);
	if (scene_chance(s, .4))
		ask_queue(s, first, twins, s->days * S_PER_DAY);
	for (double made = 0; made < wanted && tries < limit; tries++) {
		double at = scene_between(s, 0, s->days * S_PER_DAY), u = scene_between(s, 0, 1);
		uint32_t peer = 0;

		if (!scene_chance(s, both_at(s, ends, either, at) * scene_level_at(s, at) / 5))
			continue;
		while (peer + 1 < peers && (u -= shares[peer]) > 0)
			peer++;
		do {
			double query = at;

			do {
				scene_ask(s, query,
				    first + peer * twins + philox_below(&s->draws, twins), company);
				query += spacing_s * philox_exponential(&s->draws);
				made++;
			} while (scene_chance(s, more));
			at += reply_s * philox_exponential(&s->draws);
		} while (scene_chance(s, replies));
	}
}
