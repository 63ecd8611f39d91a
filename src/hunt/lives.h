/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When a name lived, what answers showed about it, and the names that came before or after it. */
#ifndef HUNT_LIVES_H
#define HUNT_LIVES_H

#include "base/arena.h"
#include "finding/finding.h"
#include "haystack/haystack.h"

/*
 * Fill lives of *f, whose target, times and tests of succession are set: of the target the records
 * that were seen most, of other names fewer, each list by first sighting. Memory is in *memory.
 */
bool lives_fill(
    struct haystack *h, struct arena *memory, struct finding *f, struct err *reterr) MUST_USE;

#endif
