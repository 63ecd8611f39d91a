/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of change and of outside events say in the plain paragraph. */
#ifndef FINDING_CHANGE_WORDS_H
#define FINDING_CHANGE_WORDS_H

#include "base/buf.h"
#include "finding/finding.h"

/* A burst or a silence is spoken of from this p on; with many findings on a page .05 is not rare. */
#define CHANGE_WORDS_P 0.01

/* Sentences, each with a space before it; nothing where there is nothing to say. */
void change_words_say(struct buf *b, const struct finding *f);

/* "0.44 an hour until 2016-06-24, then 1.2 until ..., then 0.3"; the first few of the blocks. */
void change_words_levels(struct buf *b, const struct test_changes *t);

#endif
