/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One sweep over look-ups and expiries: the expiries are the look-ups again, dead_s later.
 *
 * Several caches may fetch within seconds of each other, and what follows a look-up so closely is
 * taken for its visit. So that while is no time in which look-ups could be counted, and each
 * look-up hides on average q = rate * while * (share of caches that are still open) others, each of
 * which holds the name for a TTL as well: where h caches are seen to hold it, h (1 + q) do. The
 * rate in q is the one that comes out; a few rounds settle it.
 */
#include "stats/cache_states.h"

#include <assert.h>
#include <string.h>

#include "base/limits.h"
#include "base/minmax.h"

#define ROUNDS 8 /* q is a few hundredths, and its error in each round as small a part of it */

static size_t state_of(size_t held)
{
	return held < CACHES_MAX ? held : CACHES_MAX;
}

/* Add what lives of [*at_s, upto_s), and go on there. */
static void add_live(const struct exposure *e, double *at_s, double upto_s, double *live_s)
{
	if (*at_s >= upto_s)
		return;
	exposure_add_live(e, *at_s, upto_s, 1, live_s);
	*at_s = upto_s;
}

void cache_states_tally(struct cache_states *s, const struct exposure *e, const double *events_s,
    size_t count, double dead_s)
{
	size_t oldest = 0; /* look-up whose answer expires next */
	double at_s;       /* counted up to here */

	assert(count >= 1);
	memset(s, 0, sizeof(*s));
	s->count = count - 1;
	s->total_s = exposure_live(e, events_s[0], events_s[count - 1]);
	at_s = events_s[0] + LIMIT_VISIT_GAP_S;
	for (size_t i = 1; i < count; i++) {
		for (; oldest < i && events_s[oldest] + dead_s <= events_s[i]; oldest++)
			add_live(
			    e, &at_s, events_s[oldest] + dead_s, s->live_s[state_of(i - oldest)]);
		add_live(e, &at_s, events_s[i], s->live_s[state_of(i - oldest)]);
		at_s = events_s[i] + LIMIT_VISIT_GAP_S;
		s->seen[state_of(i - oldest)][exposure_folded_cell(events_s[i])]++;
	}
}

static double sum_of(const double cells[static FOLDED_CELLS])
{
	double sum = 0;

	for (unsigned c = 0; c < FOLDED_CELLS; c++)
		sum += cells[c];
	return sum;
}

/* Seconds just after look-ups, weighted by the share of m caches that is open then. */
static double merged_s(const struct cache_states *s, double m)
{
	double sum = 0;

	for (unsigned held = 0; held < CACHES_MAX; held++)
		sum += sum_of(s->seen[held]) * double_max(1 - (held + 1) / m, 0);
	return sum * LIMIT_VISIT_GAP_S;
}

double cache_states_free(const struct cache_states *s, double m)
{
	double free_s = merged_s(s, m);

	for (unsigned held = 0; held <= CACHES_MAX; held++)
		free_s += sum_of(s->live_s[held]) * double_max(1 - held / m, 0);
	return free_s;
}

double cache_open_share(const struct cache_open *open, unsigned held)
{
	return double_max(1 - held * (1 + open->hidden) / open->caches, 0);
}

struct cache_open cache_states_open(const struct cache_states *s, double m)
{
	struct cache_open open = { .caches = m };

	for (unsigned i = 0; i < ROUNDS; i++) {
		open.live_s = 0;
		for (unsigned held = 0; held <= CACHES_MAX; held++)
			open.live_s += sum_of(s->live_s[held]) * cache_open_share(&open, held);
		if (open.live_s <= 0)
			break;
		/* rate * merged_s / n, the rate being n / live_s */
		open.hidden = merged_s(s, m) / open.live_s;
	}
	return open;
}
