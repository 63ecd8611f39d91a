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

const char *finding_verdict_name(enum finding_verdict v)
{
	static const char *const names[] = {
		[VERDICT_CANNOT_TELL] = "cannot tell",
		[VERDICT_ORDINARY] = "ordinary",
		[VERDICT_UNUSUAL] = "unusual",
	};

	return names[v];
}

const char *finding_rhythm_name(enum rhythm_verdict v)
{
	static const char *const names[] = {
		[RHYTHM_CANNOT_TELL] = "cannot tell",
		[RHYTHM_NONE] = "none",
		[RHYTHM_CACHE] = "cache",
		[RHYTHM_SCHEDULE] = "schedule",
	};

	return names[v];
}
