/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "finding/finding.h"

#include <math.h>

double finding_effective_peers(const struct finding *f)
{
	const struct test_narrowness *t = &f->tests.narrowness;
	double squares = 0;

	if (t->status.why == NULL && isfinite(t->peers))
		return t->peers;
	for (size_t i = 0; i < f->peer_count; i++)
		squares += f->peers[i].share * f->peers[i].share;
	return squares > 0 ? 1 / squares : (double)NAN;
}

#define MIN_S 60.0
#define H_S   3600.0
#define DAY_S 86400.0

static const double gap_edges_s[FINDING_GAP_BINS] = { 0, 1.5 * MIN_S, 3 * MIN_S, 7 * MIN_S,
	12 * MIN_S, 20 * MIN_S, 45 * MIN_S, 1.5 * H_S, 3 * H_S, 6 * H_S, 10 * H_S, 18 * H_S,
	1.5 * DAY_S, 3 * DAY_S, 5 * DAY_S, 10 * DAY_S, 20 * DAY_S };

size_t finding_gap_bin(double seconds)
{
	size_t bin = FINDING_GAP_BINS - 1;

	while (bin > 0 && seconds < gap_edges_s[bin])
		bin--;
	return bin;
}

double finding_gap_from(size_t bin)
{
	return gap_edges_s[bin];
}

const char *finding_life_name(enum life_of of)
{
	switch (of) {
	case LIFE_PREDECESSOR:
		return "predecessor";
	case LIFE_SUCCESSOR:
		return "successor";
	case LIFE_TARGET:
		break;
	}
	return "target";
}
