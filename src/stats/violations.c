/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The test is excess.h's. Chances are those of a cache that is emptied at random; behind several
 * caches, or one that is emptied several times within a TTL, seen / chances changes with the rate
 * of the questions, by up to a half over all rates: hence names of like chances alone, and a
 * deviation of a tenth at least. A cache that fetches early does so when somebody asks in the last
 * tenth of the TTL: of the pauses that end near it, half do so early where questions are rare, and
 * all where they are many. This is taken out of the chances, so that names of all rates can speak.
 */
#include "stats/violations.h"

#define LIKE      2.0
#define DEVIATION .1

void violations_add(
    struct excess_background *b, const struct cache_gaps *target, const struct cache_gaps *other)
{
	double chance = other->chances_s * (double)target->gaps;
	double wanted = target->chances_s * (double)other->gaps;

	if (chance > 0 && chance <= LIKE * wanted && wanted <= LIKE * chance)
		excess_add(b, (double)other->forbidden, other->chances_s);
}

double violations_p(const struct excess_background *b, const struct cache_gaps *g)
{
	return excess_p_more(b, DEVIATION, (double)g->forbidden, g->chances_s);
}

double violations_p_above(const struct excess_background *b, const struct cache_gaps *g)
{
	return excess_p_more(b, DEVIATION, (double)g->forbidden + 1, g->chances_s);
}

/*
 * Of the pauses that end within a tenth of the TTL, those that a cache that always fetches early
 * would end before it: a = 1 - exp(-l / 10) of its pauses, and of the rest, a after it.
 */
static double early_chances(const struct cache_gaps *g)
{
	return (double)(g->before + g->after) / (2 - g->asked);
}

void violations_add_early(struct excess_background *b, const struct cache_gaps *other)
{
	if (other->before + other->after > 0)
		excess_add(b, (double)other->before, early_chances(other));
}

double violations_p_early(const struct excess_background *b, const struct cache_gaps *g)
{
	return excess_p_more(b, DEVIATION, (double)g->before, early_chances(g));
}

double violations_expected_early(const struct excess_background *b, const struct cache_gaps *g)
{
	return excess_expected(b, early_chances(g));
}
