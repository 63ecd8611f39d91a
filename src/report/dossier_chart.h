/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pictures of a dossier, in characters. */
#ifndef REPORT_DOSSIER_CHART_H
#define REPORT_DOSSIER_CHART_H

#include "base/buf.h"
#include "finding/finding.h"
#include "report/report.h"

/*
 * Days across, hours of the day (UTC) down, and below them all contacts of a day; several days
 * to a column where they do not fit into s->columns. Nothing without days.
 */
void dossier_raster(struct buf *out, const struct finding_raster *r, const struct report_style *s);

/*
 * The level of its visits between changes, as steps over the same days as the raster's, with a
 * mark where it changes, and below them the dates of outside events. Nothing without days or
 * levels; t->changes must have run.
 */
void dossier_rate(struct buf *out, const struct finding_raster *r, const struct finding_tests *t,
    const struct report_style *s);

/* How often which gap was left between visits, and where the TTL lies. Nothing without gaps. */
void dossier_gaps(struct buf *out, const struct finding_gaps *g, const struct report_style *s);

#endif
