/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A host beside what is usual, in words. */
#ifndef FINDING_USUAL_WORDS_H
#define FINDING_USUAL_WORDS_H

#include <stdbool.h>

#include "base/arena.h"
#include "finding/usual.h"

/*
 * Fill u->plain in *memory from its rows: nothing where no medians stand beside its own figures,
 * but for a name that was looked at alone, of which is then said that hunt has them. False: out of
 * memory.
 */
bool usual_words_fill(struct finding_usual *u, bool alone, struct arena *memory) MUST_USE;

#endif
