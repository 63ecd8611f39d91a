/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A host by all its names and addresses, in words. */
#ifndef FINDING_JOINED_WORDS_H
#define FINDING_JOINED_WORDS_H

#include "base/arena.h"
#include "finding/joined.h"

/*
 * Fill j->plain in *memory from all else of it: nothing where one key was met in one way, and no
 * other finding is of the host. False: out of memory.
 */
bool joined_words_fill(struct finding_joined *j, struct arena *memory) MUST_USE;

#endif
