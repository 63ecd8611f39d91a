/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a cache shows and hides, in plain words. */
#ifndef FINDING_CACHE_WORDS_H
#define FINDING_CACHE_WORDS_H

#include "base/buf.h"
#include "finding/tests.h"

/* Append one to four sentences, each after a space; nothing where the test did not run. */
void cache_words_say(struct buf *b, const struct test_cache *t);

/* "0.71 to 0.74 an hour", or a day where that is easier to grasp; "53.4 an hour or more". */
void cache_words_rate(struct buf *b, double low_per_h, double high_per_h);

#endif
