/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of what a cache shows and hides: as those of test_rows.c, which has them in its table. */
#ifndef REPORT_TEST_ROWS_CACHE_H
#define REPORT_TEST_ROWS_CACHE_H

#include <stdbool.h>

#include "base/buf.h"
#include "finding/finding.h"

bool test_rows_cache_rate(const struct finding *f, struct buf *out, double *ret_p);
bool test_rows_cache_pauses(const struct finding *f, struct buf *out, double *ret_p);
bool test_rows_cache_shape(const struct finding *f, struct buf *out, double *ret_p);
bool test_rows_cache_joint(const struct finding *f, struct buf *out, double *ret_p);

#endif
