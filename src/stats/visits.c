/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Visits and spread stamps (docs/methods.md, ground rules). Equal stamps of a coarse log would
 * look like a clock of their own; moved by U(0, granularity) they are what a finer log might
 * have held.
 */
#include "stats/visits.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/philox.h"
#include "base/stamp.h"

#define PURPOSE_SPREAD 1

static int double_cmp(const void *a, const void *b)
{
	const double *x = a;
	const double *y = b;

	return (*x > *y) - (*x < *y);
}

void visits_spread(const int64_t *times_ns, size_t count, unsigned digits, uint64_t seed,
    uint64_t series, double *ret_s)
{
	struct philox random;
	int64_t unit_ns = NS_PER_S;
	size_t begin = 0;

	for (unsigned i = 0; i < digits && unit_ns > 1; i++)
		unit_ns /= 10;
	philox_init(&random, seed, series, PURPOSE_SPREAD);
	for (size_t i = 0; i < count; i++) {
		double rest_ns = (double)(times_ns[i] % NS_PER_S);

		rest_ns += (double)unit_ns * philox_uniform(&random);
		ret_s[i] = (double)(times_ns[i] / NS_PER_S) + rest_ns * 1e-9;
		/* only stamps of the same unit can have changed places */
		if (i + 1 < count && times_ns[i + 1] < times_ns[i] + unit_ns)
			continue;
		if (i > begin)
			qsort(ret_s + begin, i + 1 - begin, sizeof(*ret_s), double_cmp);
		begin = i + 1;
	}
}

size_t visits_find(const double *times_s, size_t count, struct visit *ret)
{
	size_t found = 0;

	for (size_t i = 0; i < count; i++) {
		struct visit *last = found > 0 ? &ret[found - 1] : NULL;

		if (last != NULL && times_s[i] - times_s[i - 1] <= LIMIT_VISIT_GAP_S &&
		    times_s[i] - last->start_s <= LIMIT_VISIT_SPAN_S) {
			last->span_s = times_s[i] - last->start_s;
			last->contacts++;
			continue;
		}
		ret[found++] = (struct visit){ .start_s = times_s[i], .contacts = 1 };
	}
	return found;
}

size_t visits_thin(const double *times_s, size_t count, double dead_s, double *ret)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		if (kept == 0 || times_s[i] >= ret[kept - 1] + dead_s)
			ret[kept++] = times_s[i];
	return kept;
}
