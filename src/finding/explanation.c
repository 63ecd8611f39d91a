/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "finding/explanation.h"

static const struct {
	const char *name;
	bool innocent;
	const char *words;
} all[EXPLANATION_COUNT] = {
	[EXPLAINED_BULK_MAIL] = { "bulk-mail", true,
	    "newsletters or other bulk mail, and the checks that it sets off" },
	[EXPLAINED_SENDER_CHECKS] = { "sender-checks", true,
	    "the checks that mail receivers make of a sender" },
	[EXPLAINED_REPUTATION_LOOKUPS] = { "reputation-lookups", true,
	    "reputation services or archives that scan old mail again" },
	[EXPLAINED_SCHEDULED_MACHINE] = { "scheduled-machine", true,
	    "a scheduled job or a monitor" },
	[EXPLAINED_CRAWLER] = { "crawler", true, "a crawler or scanner" },
	[EXPLAINED_HUMAN_CORRESPONDENCE] = { "human-correspondence", false,
	    "people who write to each other" },
	[EXPLAINED_BEACON] = { "beacon", false, "a program that sleeps between calls" },
	[EXPLAINED_RETRY_LOOP] = { "retry-loop", true,
	    "a mis-set client that asks again and again" },
	[EXPLAINED_CACHE_ARTEFACT] = { "cache-artefact", true,
	    "a popular name, seen through caches" },
	[EXPLAINED_INCONSISTENT_LOG] = { "inconsistent-log", false,
	    "rows that are unlike what caches would have let through" },
	[EXPLAINED_SPOOFED_SOURCE] = { "spoofed-source", false,
	    "queries of others under these peers' addresses" },
	[EXPLAINED_OTHER] = { "other", false, "none of these" },
};

const char *explanation_name(enum explanation e)
{
	return all[e].name;
}

const char *explanation_words(enum explanation e)
{
	return all[e].words;
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
	if (w->undecided != NULL)
		return VERDICT_CANNOT_TELL;
	if (innocent)
		return others ? VERDICT_CANNOT_TELL : VERDICT_ORDINARY;
	return w->weighed && others ? VERDICT_UNUSUAL : VERDICT_CANNOT_TELL;
}
