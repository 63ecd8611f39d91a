/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "finding/finding.h"

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
