/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The charts of the page. However long the record, a chart has at most PLOT_COLUMNS_MAX columns:
 * beyond that a column stands for several days, and the caption says so.
 */
#ifndef REPORT_SVG_H
#define REPORT_SVG_H

#include "finding/finding.h"
#include "report/markup.h"

/*
 * Contacts per day as bars, and below them by hour of the day, in one figure with its legend.
 * r->days must not be 0.
 */
void svg_raster(struct markup *m, const struct finding_raster *r);

/* All contacts per day, and when the sensors were silent; days in rising order. */
void svg_coverage(struct markup *m, const struct coverage_day *days, size_t count);

#endif
