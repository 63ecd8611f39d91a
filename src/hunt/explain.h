/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which ordinary mechanisms would make a name's pattern (METHODS 2.g): its contacts as the
 * classifier sees them, and its answer as a finding has it.
 */
#ifndef HUNT_EXPLAIN_H
#define HUNT_EXPLAIN_H

#include "base/arena.h"
#include "base/buf.h"
#include "explain/classifier.h"
#include "finding/explanation.h"
#include "hunt/prior.h"
#include "hunt/trace.h"

/* It can be told what made a pattern: from so many contacts on, if the likeliest is so much likelier than the others. */
#define EXPLAIN_CONTACTS_MIN 50
#define EXPLAIN_FACTOR_MIN   10

struct explain_settings {
	const struct classifier *classifier;
	const struct prior *prior;
	const struct exposure *exposure;
	const char *vantage;
	uint64_t seed;
	bool alone; /* the exposure is the name's own */
};

/* Measure the name of this group, whose contacts are in t. */
bool explain_measure(const struct trace *t, struct haystack *h, const uint8_t *group,
    size_t group_len, const struct explain_settings *settings, struct traits *ret,
    struct err *reterr) MUST_USE;

/* Measure and weigh it; words are in *memory. */
bool explain_fill(const struct trace *t, struct haystack *h, const uint8_t *group, size_t group_len,
    const struct explain_settings *settings, struct arena *memory, struct finding_weighing *ret,
    struct err *reterr) MUST_USE;

/*
 * Why it cannot be told what made a pattern of so many contacts, whose likeliest mechanism is
 * `factor` times as likely as the others together; NULL: it can. Static.
 */
const char *explain_undecided(double contacts, const struct traits *f, double factor);

/* A trait and its value in words (explain_words.c). */
void explain_words(struct buf *b, enum trait f, double value);

#endif
