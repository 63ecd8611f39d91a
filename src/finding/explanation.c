/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "finding/explanation.h"

static const struct {
	const char *name;
	bool innocent;
} all[EXPLANATION_COUNT] = {
	[EXPLAINED_BULK_MAIL] = { "bulk-mail", true },
	[EXPLAINED_SENDER_CHECKS] = { "sender-checks", true },
	[EXPLAINED_REPUTATION_LOOKUPS] = { "reputation-lookups", true },
	[EXPLAINED_SCHEDULED_MACHINE] = { "scheduled-machine", true },
	[EXPLAINED_CRAWLER] = { "crawler", true },
	[EXPLAINED_HUMAN_CORRESPONDENCE] = { "human-correspondence", false },
	[EXPLAINED_BEACON] = { "beacon", false },
	[EXPLAINED_RETRY_LOOP] = { "retry-loop", true },
	[EXPLAINED_CACHE_ARTEFACT] = { "cache-artefact", true },
	[EXPLAINED_INCONSISTENT_LOG] = { "inconsistent-log", false },
	[EXPLAINED_SPOOFED_SOURCE] = { "spoofed-source", false },
	[EXPLAINED_OTHER] = { "other", false },
};

const char *explanation_name(enum explanation e)
{
	return all[e].name;
}

bool explanation_is_innocent(enum explanation e)
{
	return all[e].innocent;
}

const char *explanation_verdict_name(enum finding_verdict v)
{
	static const char *const names[] = {
		[VERDICT_CANNOT_TELL] = "cannot tell",
		[VERDICT_ORDINARY] = "ordinary",
		[VERDICT_UNUSUAL] = "unusual",
	};

	return names[v];
}

enum finding_verdict explanation_verdict(const struct finding_weighing *w)
{
	bool innocent = false, others = false;

	for (size_t i = 0; i < EXPLANATION_COUNT && w->weighed; i++) {
		innocent = innocent || (w->in_set[i] && all[i].innocent);
		others = others || (w->in_set[i] && !all[i].innocent);
	}
	if (innocent)
		return others ? VERDICT_CANNOT_TELL : VERDICT_ORDINARY;
	return w->weighed && others ? VERDICT_UNUSUAL : VERDICT_CANNOT_TELL;
}
