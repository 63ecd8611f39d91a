/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One sweep over look-ups and expiries: the expiries are the look-ups again, dead_s later. */
#include "stats/cache_states.h"

#include <assert.h>
#include <string.h>

static size_t state_of(size_t held)
{
	return held < CACHES_MAX ? held : CACHES_MAX;
}

void cache_states_tally(struct cache_states *s, const struct exposure *e, const double *events_s,
    size_t count, double dead_s)
{
	size_t oldest = 0; /* look-up whose answer expires next */
	double at_s;

	assert(count >= 1);
	memset(s, 0, sizeof(*s));
	s->count = count - 1;
	s->total_s = exposure_live(e, events_s[0], events_s[count - 1]);
	at_s = events_s[0];
	for (size_t i = 1; i < count; i++) {
		for (; oldest < i && events_s[oldest] + dead_s <= events_s[i]; oldest++) {
			exposure_add_live(
			    e, at_s, events_s[oldest] + dead_s, 1, s->live_s[state_of(i - oldest)]);
			at_s = events_s[oldest] + dead_s;
		}
		exposure_add_live(e, at_s, events_s[i], 1, s->live_s[state_of(i - oldest)]);
		at_s = events_s[i];
		s->seen[state_of(i - oldest)][exposure_folded_cell(events_s[i])]++;
	}
}

double cache_states_free(const struct cache_states *s, unsigned m)
{
	double free_s = 0;

	for (unsigned held = 0; held < m; held++)
		for (unsigned c = 0; c < FOLDED_CELLS; c++)
			free_s += s->live_s[held][c] * (double)(m - held) / (double)m;
	return free_s;
}
