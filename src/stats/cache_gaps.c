/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/cache_gaps.h"

#include <math.h>

#include "base/limits.h"
#include "base/minmax.h"

static double shortest_allowed(double ttl_s)
{
	return (1 - CACHE_GAPS_EARLY_SHARE) * ttl_s;
}

bool cache_gaps_tells(double ttl_s)
{
	return shortest_allowed(ttl_s) > LIMIT_VISIT_SPAN_S;
}

/* Of one look-up; see the header. The difference of the two as rate_per_s nears 0 is 0. */
static double chance(double ttl_s, double rate_per_s)
{
	double g = LIMIT_VISIT_SPAN_S, h = shortest_allowed(ttl_s);
	double asked_s;

	if (!(rate_per_s > 0) || h <= g)
		return 0;
	asked_s = exp(-rate_per_s * g) * -expm1(-rate_per_s * (h - g)) / rate_per_s;
	return double_max(h - g - asked_s, 0);
}

/* Of look-ups while the cache is empty, as live_rate.h has it; no look-up has to be kept for it. */
static double rate_behind(
    const struct exposure *e, const double *visits_s, size_t count, double held_s)
{
	double free_s = 0, kept_s;
	size_t kept = 0;

	if (count == 0)
		return 0;
	kept_s = visits_s[0];
	for (size_t i = 1; i < count; i++)
		if (visits_s[i] >= kept_s + held_s) {
			free_s += exposure_live(e, kept_s + held_s, visits_s[i]);
			kept_s = visits_s[i];
			kept++;
		}
	/* less than a second open a gap: a rate beyond all telling, but finite */
	return (double)kept / double_max(free_s, (double)kept + 1);
}

void cache_gaps_count(const struct exposure *e, const double *visits_s, size_t count, double ttl_s,
    double held_s, struct cache_gaps *ret)
{
	const double rate_per_s = rate_behind(e, visits_s, count, held_s);

	*ret = (struct cache_gaps){ .gaps = count > 0 ? count - 1 : 0,
		.asked = -expm1(-rate_per_s * CACHE_GAPS_EARLY_SHARE * ttl_s) };
	for (size_t i = 1; i < count; i++) {
		double gap_s = visits_s[i] - visits_s[i - 1];

		if (gap_s < shortest_allowed(ttl_s))
			ret->forbidden += gap_s > LIMIT_VISIT_SPAN_S;
		else if (gap_s < ttl_s - CACHE_GAPS_EARLY_S)
			ret->before++;
		else if (gap_s < (1 + CACHE_GAPS_EARLY_SHARE) * ttl_s)
			ret->after++;
	}
	ret->chances_s = (double)ret->gaps * chance(ttl_s, rate_per_s);
}
