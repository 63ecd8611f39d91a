/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What asks: processes in continuous time. Behind a cache a Poisson process is drawn only where
 * it can be seen: what comes while its own last look-up is still held would be swallowed anyway.
 * So a client that asks five hundred times per TTL costs no more than one that asks once.
 */
#include "simulate/scene.h"

#include <math.h>

#include "base/minmax.h"
#include "base/stamp.h"

#define BURST_MAX 6
#define DOUBLINGS 6

#define MEAN_STEP_S 33000.0

/* Mean over the record of hours times level, at times that meet all hours of all weekdays. */
static double mean_weight(const struct scene *s, const struct scene_poisson *p, double to_s)
{
	double sum = 0;
	int count = 0;

	for (double t = p->from_s; t < to_s; t += MEAN_STEP_S, count++)
		sum += scene_hours_at(s, &p->hours, t) * scene_level_at(s, t);
	return count > 0 ? sum / count : 0;
}

static double highest_level(const struct scene *s)
{
	double highest = 0;

	for (size_t i = 0; i < s->level_count; i++)
		highest = double_max(highest, s->levels[i]);
	return highest;
}

static void ask_burst(struct scene *s, const struct scene_poisson *p, double at)
{
	for (int n = 0; n < BURST_MAX; n++) {
		scene_ask(s, at, p->peer, p->company);
		if (!scene_chance(s, p->more))
			break;
		at += p->spacing_s * philox_exponential(&s->draws);
	}
}

void scene_ask_poisson(struct scene *s, const struct scene_poisson *p)
{
	double to_s = p->to_s > 0 ? p->to_s : s->days * S_PER_DAY;
	double mean = p->at_peak ? 1 : mean_weight(s, p, to_s), highest = highest_level(s), rate,
	       held_s = 0;
	size_t caches, before, asked = 0;

	if (mean <= 0 || p->peer >= s->peer_count)
		return;
	caches = s->peers[p->peer].caches;
	rate = p->per_day / S_PER_DAY / mean * highest;
	/* what each cache would swallow is skipped, so each has a process of its own */
	if (s->cached && rate * s->ttl_s > 4)
		held_s = s->peers[p->peer].dead_s * (1 - s->peers[p->peer].early);
	else
		caches = 1;
	rate /= (double)caches;
	for (size_t c = 0; c < caches; c++)
		for (double at = p->from_s; asked < 3 * SCENE_ROWS_MAX;) {
			double weight;

			at += philox_exponential(&s->draws) / rate;
			if (at >= to_s)
				break;
			weight = scene_hours_at(s, &p->hours, at) * scene_level_at(s, at) / highest;
			if (!scene_chance(s, weight))
				continue;
			before = s->request_count;
			ask_burst(s, p, at);
			asked++;
			if (held_s <= 0)
				continue;
			for (size_t i = before; i < s->request_count; i++)
				s->requests[i].cache = (uint8_t)c;
			at += at >= s->removed_s ? double_min(held_s, 300) : held_s;
		}
}

void scene_ask_timer(struct scene *s, const struct scene_timer *t)
{
	double to_s = t->to_s > 0 ? t->to_s : s->days * S_PER_DAY;
	double at = t->from_s + t->period_s * scene_between(s, 0, 1);
	double sleep_s = t->period_s;

	for (size_t beats = 0; at < to_s && beats < 4 * SCENE_ROWS_MAX; beats++) {
		double jitter =
		    t->jitter * (t->sleeping ? scene_between(s, -1, 1) : philox_normal(&s->draws));
		double beat = t->sleeping ? at : at + jitter * t->period_s;
		double level = scene_level_at(s, at);

		if (level > 0 && scene_chance(s, scene_hours_at(s, &t->hours, at)) &&
		    !scene_chance(s, t->missing) && scene_chance(s, double_min(1, 4 * level)))
			scene_ask(s, beat, t->peer, t->company);
		if (t->back_off > 0 && scene_chance(s, t->back_off))
			sleep_s = double_min(2 * sleep_s, t->period_s * (1 << DOUBLINGS));
		else
			sleep_s = t->period_s;
		at += t->sleeping ? sleep_s * (1 + jitter) : t->period_s;
	}
}

void scene_ask_runs(struct scene *s, uint32_t peer, double gap_s, double run_s, double on,
    double from_s, double to_s)
{
	double turn = from_s;
	bool is_on = false;

	for (double at = from_s; at < to_s && s->request_count < 10 * SCENE_ROWS_MAX;) {
		while (at >= turn) {
			is_on = scene_chance(s, on) && scene_level_at(s, at) > 0;
			turn += philox_exponential(&s->draws) * run_s;
		}
		if (is_on) {
			scene_ask(s, at, peer, 0);
			at += gap_s * philox_exponential(&s->draws);
		} else {
			at = turn;
		}
	}
}
