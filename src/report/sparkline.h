/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Contacts over time in one line of characters. */
#ifndef REPORT_SPARKLINE_H
#define REPORT_SPARKLINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "finding/finding.h"

/*
 * The days of the raster in at most width characters, several days to a character where they do
 * not fit. A blank is a time without contacts; the smallest mark is at least one.
 */
void sparkline_put(struct buf *out, const struct finding_raster *r, size_t width, bool unicode);

#endif
