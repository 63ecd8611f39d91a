/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A host beside what is usual, in words. */
#ifndef FINDING_USUAL_WORDS_H
#define FINDING_USUAL_WORDS_H

#include <stdbool.h>

#include "base/arena.h"
#include "finding/usual.h"

/* Fill u->plain in *memory from its rows. False: out of memory. */
bool usual_words_fill(struct finding_usual *u, struct arena *memory) MUST_USE;

#endif
