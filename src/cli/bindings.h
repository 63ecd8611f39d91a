/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What answers bound a target to, and what to it, over time: for its dossier. */
#ifndef CLI_BINDINGS_H
#define CLI_BINDINGS_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "haystack/haystack.h"
#include "report/report.h"

/*
 * Fill facts, fact_count and facts_cut of *ret, in *memory: of each direction the first
 * DOSSIER_FACTS_MAX in the order of their keys, records of the target first.
 */
bool bindings_read(struct haystack *h, const struct endpoint *target, struct arena *memory,
    struct dossier_input *ret, struct err *reterr) MUST_USE;

#endif
