/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalogue's sources as lines of the evidence health table. */
#ifndef CLI_HEALTH_H
#define CLI_HEALTH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "casefile/case.h"
#include "finding/finding.h"

/* All sources of the case, in *memory. */
bool health_lines(struct casefile *c, struct arena *memory, const struct health_line **ret,
    size_t *ret_count, struct err *reterr) MUST_USE;

#endif
