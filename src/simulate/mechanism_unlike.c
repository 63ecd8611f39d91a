/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows that are not what this sensor would have seen: edited or made up, or sent by others under
 * a peer's address. Neither passes through a cache.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/size.h"
#include "base/stamp.h"
#include "simulate/mechanism.h"

enum edit {
	EDIT_RANDOM, /* all times are made up */
	EDIT_MOVED,  /* true times, moved by some minutes */
	EDIT_PASTED, /* some days are copied over others */
	EDIT_ADDED,  /* made-up rows among true ones */
	EDIT_COUNT,
};

static void move_rows(struct scene *s, double by_s)
{
	for (size_t i = 0; i < s->row_count; i++)
		s->rows[i].at_s = fmin(fmax(s->rows[i].at_s + by_s * philox_normal(&s->draws), 0),
		    s->days * S_PER_DAY - 1);
}

static void scatter_rows(struct scene *s, size_t from)
{
	double first = s->days * S_PER_DAY, last = 0;

	for (size_t i = 0; i < from; i++) {
		first = fmin(first, s->rows[i].at_s);
		last = fmax(last, s->rows[i].at_s);
	}
	for (size_t i = from == s->row_count ? 0 : from; i < s->row_count; i++)
		s->rows[i].at_s = scene_between(s, first, last);
}

static bool more_rows(struct scene *s, size_t count)
{
	struct scene_row *rows;

	if (s->row_count + count <= s->row_capacity)
		return true;
	rows = reallocarray(s->rows, s->row_count + count, sizeof(*rows));
	if (rows == NULL) {
		s->failed = true;
		return false;
	}
	s->rows = rows;
	s->row_capacity = s->row_count + count;
	return true;
}

static void add_rows(struct scene *s)
{
	size_t true_rows = s->row_count;
	size_t count = (size_t)(scene_between(s, .2, 1) * (double)true_rows);

	if (true_rows == 0 || !more_rows(s, count))
		return;
	for (size_t i = 0; i < count; i++)
		s->rows[s->row_count++] = s->rows[philox_below(&s->draws, (uint32_t)true_rows)];
	scatter_rows(s, true_rows);
}

/* One stretch of days over each of its later neighbors, as often as there is room. */
static void paste_rows(struct scene *s)
{
	double length_s = round(scene_between(s, 3, 14)) * S_PER_DAY;
	double from_s = scene_between(s, 0, fmax(0, s->days * S_PER_DAY - 3 * length_s));
	uint32_t copies = 1 + philox_below(&s->draws, 5);
	size_t kept = 0, original = s->row_count;

	if (!more_rows(s, size_mul(original, copies)))
		return;
	for (size_t i = 0; i < original; i++) {
		double into = s->rows[i].at_s - from_s - length_s;

		if (into < 0 || into >= length_s * copies)
			s->rows[kept++] = s->rows[i];
	}
	s->row_count = original = kept;
	for (uint32_t c = 1; c <= copies; c++)
		for (size_t i = 0; i < original; i++) {
			struct scene_row r = s->rows[i];

			if (r.at_s < from_s || r.at_s >= from_s + length_s)
				continue;
			r.at_s += length_s * c;
			if (r.at_s < s->days * S_PER_DAY && s->row_count < s->row_capacity)
				s->rows[s->row_count++] = r;
		}
}

/* M10: a true record of another mechanism, edited; or rows of one that is wholly made up. */
void mechanism_inconsistent(struct scene *s)
{
	static void (*const originals[])(struct scene * s) = { mechanism_sender_checks,
		mechanism_reputation, mechanism_schedule, mechanism_correspondence,
		mechanism_beacon, mechanism_retry, mechanism_cache };
	enum edit edit = (enum edit)philox_below(&s->draws, EDIT_COUNT);

	originals[philox_below(&s->draws, COUNT_OF(originals))](s);
	scene_pass_caches(s);
	switch (edit) {
	case EDIT_RANDOM:
		scatter_rows(s, s->row_count);
		break;
	case EDIT_MOVED:
		move_rows(s, scene_scale(s, 60, 3600) * s->stretch);
		break;
	case EDIT_PASTED:
		paste_rows(s);
		break;
	case EDIT_ADDED:
		add_rows(s);
		break;
	case EDIT_COUNT:
		break;
	}
}

/* In trains, as floods come. */
static void ask_floods(
    struct scene *s, uint32_t first, uint32_t peers, uint8_t company, double rows)
{
	double length_s = scene_scale(s, 10, 7200), each = scene_scale(s, 5, 300);

	for (uint32_t i = 0; i < (uint32_t)(rows / each) + 3; i++) {
		double at = scene_between(s, 0, s->days * S_PER_DAY);

		do
			scene_ask(s, at + scene_between(s, 0, length_s),
			    first + philox_below(&s->draws, peers), company);
		while (scene_chance(s, 1 - 1 / each));
	}
}

/* M11: others ask under the peers' addresses; the peers' own caches know nothing of it. */
void mechanism_spoofed(struct scene *s)
{
	uint32_t peers = scene_count(s, 1, 300), first;
	double rows = scene_scale(s, 30, 4000) * s->stretch;
	struct scene_company any = { .other = scene_chance(s, .3) ? scene_between(s, .3, 1) : 0 };
	uint8_t company = scene_add_company(s, &any);
	bool own_cached = s->cached;

	if (scene_chance(s, .4)) {
		mechanism_sender_checks(s);
		scene_pass_caches(s);
	}
	scene_add_peers(s, peers, 1, &first);
	if (scene_chance(s, .5) && first > 0)
		first = 0; /* peers that ask in earnest, too */
	if (scene_chance(s, .6))
		for (uint32_t i = 0; i < (uint32_t)rows; i++)
			scene_ask(s, scene_between(s, 0, s->days * S_PER_DAY),
			    first + philox_below(&s->draws, peers), company);
	else
		ask_floods(s, first, peers, company, rows);
	s->cached = false;
	scene_pass_caches(s);
	s->cached = own_cached;
}
