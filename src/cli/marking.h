/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The actions of lodestone case that put marks on targets, take them back and list them. */
#ifndef CLI_MARKING_H
#define CLI_MARKING_H

#include "cli/output.h"
#include "cli/settings.h"

/* Is it one of note, tag, mute, verdict, marks and retire? */
bool marking_is(const char *action) MUST_USE;

/*
 * Do s->operands[0], which marking_is(), with the operands behind it; the haystack is not opened. What was done, or what
 * is in force, goes to *out. ERR_INPUT: the words are off, and nothing was changed.
 */
bool marking_run(const struct settings *s, struct output *out, struct err *reterr) MUST_USE;

#endif
