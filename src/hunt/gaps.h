/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long a name is left alone between two visits of the same peer. */
#ifndef HUNT_GAPS_H
#define HUNT_GAPS_H

#include "finding/finding.h"
#include "hunt/trace.h"

/* The trace is closed. False: out of memory. */
bool gaps_fill(const struct trace *t, struct finding_gaps *ret) MUST_USE;

#endif
