/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is known of a target and its peers beside the evidence: shown with a finding, in no p and
 * no score.
 */
#ifndef HUNT_KNOWN_H
#define HUNT_KNOWN_H

#include "base/arena.h"
#include "enrich/enrich.h"
#include "finding/finding.h"
#include "hunt/trace.h"

/* Fill f->enrichment, in *memory. f->target and f->peers are filled already. */
bool known_fill(const struct enrich *e, const struct trace *t, struct arena *memory,
    struct finding *f, struct err *reterr) MUST_USE;

#endif
