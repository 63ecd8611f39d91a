/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a finding says in words: the plain paragraph, what evidence would decide, and what cannot
 * be known. Written from the finding's own numbers; nothing is claimed that no test has shown,
 * and names are hosts and addresses only (DESIGN 10).
 */
#ifndef FINDING_WHY_H
#define FINDING_WHY_H

#include "base/arena.h"
#include "base/err.h"
#include "finding/finding.h"

/*
 * Fill plain, would_decide and limits of *f from its other fields, which must all be set, and
 * from the vantage of the evidence ("authoritative", ..., "unknown"). The text is in *memory.
 * False when that is full; *f is then untouched.
 */
bool why_fill(
    struct finding *f, const char *vantage, struct arena *memory, struct err *reterr) MUST_USE;

/* Tests of a finding by their names in the output, in its order, so that none is forgotten. */
#define WHY_TESTS 10
struct why_test {
	const char *name;
	const struct test_status *status;
};
void why_tests(const struct finding_tests *t, struct why_test ret[static WHY_TESTS]);

#endif
