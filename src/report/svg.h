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

/*
 * The raster again by the clock of a zone, minutes east of UTC, a day at most and taken to the
 * nearest hour, with lines at 9 and 18. r->days must not be 0.
 */
void svg_raster_zone(struct markup *m, const struct finding_raster *r, int offset_min);

/*
 * The levels of t->changes, which must have run, over the days of the raster, and below them a
 * burst, a silence and the dates of outside events where they were found. Nothing without levels.
 */
void svg_rate(struct markup *m, const struct finding_raster *r, const struct finding_tests *t);

/* How often which pause was left between visits, with the TTL. Nothing without pauses. */
void svg_gaps(struct markup *m, const struct finding_gaps *g);

/*
 * The target in the middle of its listed peers, which f->peers gives by falling share; names are
 * shortened in their middle. Nothing without peers.
 */
void svg_circle(struct markup *m, const struct finding *f);

/*
 * When the target lived, its records, and the names that came before or after it, a line each from
 * first to last sighting. Nothing where only its own line is known.
 */
void svg_life(struct markup *m, const struct finding *f);

/* All contacts per day, and when the sensors were silent; days in rising order. */
void svg_coverage(struct markup *m, const struct coverage_day *days, size_t count);

#endif
