/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a cache shows and hides, with its figures, for those who know what they mean. */
#ifndef REPORT_DOSSIER_CACHE_H
#define REPORT_DOSSIER_CACHE_H

#include <stddef.h>

#include "base/buf.h"
#include "finding/tests.h"

#define DOSSIER_CACHE_LINES 4

/*
 * Append line i of DOSSIER_CACHE_LINES to *out; nothing where there is nothing to say: the test
 * did not run, or that part of it.
 */
void dossier_cache_line(struct buf *out, const struct test_cache *t, size_t i);

#endif
