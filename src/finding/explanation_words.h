/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which mechanisms would make a name's pattern, in plain words. */
#ifndef FINDING_EXPLANATION_WORDS_H
#define FINDING_EXPLANATION_WORDS_H

#include "base/buf.h"
#include "finding/explanation.h"

/* Sentences, each with a space before it; nothing where none was weighed. */
void explanation_words_say(struct buf *b, const struct finding_weighing *w);

/*
 * What evidence would tell the explanations of the set apart, beside what every finding is told:
 * at most EXPLANATION_DECIDES_MAX static lines. Returns how many.
 */
#define EXPLANATION_DECIDES_MAX 4
size_t explanation_words_decide(
    const struct finding_weighing *w, const char *ret[static EXPLANATION_DECIDES_MAX]);

/* What weighing cannot do, whatever the name. */
extern const char explanation_words_limit[];

#endif
