/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ordinary mechanisms, weighed against each other (METHODS 2.g). Their names are fixed: users'
 * scripts and the weights of the classifier hang on them.
 */
#ifndef FINDING_EXPLANATION_H
#define FINDING_EXPLANATION_H

#include <stdbool.h>
#include <stddef.h>

enum explanation {
	EXPLAINED_BULK_MAIL,
	EXPLAINED_SENDER_CHECKS,
	EXPLAINED_REPUTATION_LOOKUPS,
	EXPLAINED_SCHEDULED_MACHINE,
	EXPLAINED_CRAWLER,
	EXPLAINED_HUMAN_CORRESPONDENCE,
	EXPLAINED_BEACON,
	EXPLAINED_RETRY_LOOP,
	EXPLAINED_CACHE_ARTEFACT,
	EXPLAINED_INCONSISTENT_LOG,
	EXPLAINED_SPOOFED_SOURCE,
	EXPLAINED_OTHER, /* none of these: it has no model and no probability */
	EXPLANATION_COUNT,
};

/* The verdict on a finding: see explanation_verdict(). */
enum finding_verdict {
	VERDICT_CANNOT_TELL,
	VERDICT_ORDINARY,
	VERDICT_UNUSUAL,
};

/* A zeroed weighing says that none was weighed. */
struct finding_weighing {
	bool weighed;
	double probability[EXPLANATION_COUNT]; /* given the prior; NAN for "other" */
	bool in_set[EXPLANATION_COUNT];        /* that the pattern does not rule out */
	const char *const *moved;              /* what spoke for and against the first, in words */
	size_t moved_count;
};

const char *explanation_name(enum explanation e);             /* "bulk-mail", ... */
const char *explanation_verdict_name(enum finding_verdict v); /* "unusual", "ordinary", ... */

/* Is it a mechanism that nobody need look into? */
bool explanation_is_innocent(enum explanation e);

/* Ordinary if the set holds innocent mechanisms only; cannot tell if it also holds others, or none was weighed. */
enum finding_verdict explanation_verdict(const struct finding_weighing *w);

#endif
