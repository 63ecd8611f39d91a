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

/* One trait of the pattern, and what it did to the odds of an explanation. */
struct explanation_move {
	const char *trait; /* "share of its visits in the busiest nine hours: 93%" */
	double log_odds;   /* natural: above 0 it speaks for it, below 0 against it */
};

/* The traits that moved its odds most: those for it, then those against it, largest first. */
struct explanation_moves {
	const struct explanation_move *items;
	size_t count;
};

/* A zeroed weighing says that none was weighed. */
struct finding_weighing {
	bool weighed;
	double prior[EXPLANATION_COUNT];       /* adds up to 1; NAN for "other" */
	double probability[EXPLANATION_COUNT]; /* given the prior; NAN for "other" */
	double factor[EXPLANATION_COUNT];      /* odds against all others together, to prior odds */
	bool in_set[EXPLANATION_COUNT];        /* that the pattern does not rule out */
	bool prior_given;                      /* by the user; else all are equal */
	const char *undecided;  /* why it cannot be told whatever the set holds; NULL: it may be */
	enum explanation first; /* the likeliest */
	struct explanation_moves moves[EXPLANATION_COUNT]; /* of the first and of the set */
};

const char *explanation_name(enum explanation e);             /* "bulk-mail", ... */
const char *explanation_words(enum explanation e);            /* the same for people */
const char *explanation_verdict_name(enum finding_verdict v); /* "unusual", "ordinary", ... */

/* Is it a mechanism that nobody need look into? */
bool explanation_is_innocent(enum explanation e);

/*
 * Ordinary if the set holds innocent mechanisms only; cannot tell if it also holds others, if none
 * was weighed, or if the weighing is undecided.
 */
enum finding_verdict explanation_verdict(const struct finding_weighing *w);

#endif
