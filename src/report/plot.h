/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the charts of the page have in common: their width, days as columns, and the first marks.
 * Lengths are units of the drawing, which the page scales to its own width.
 */
#ifndef REPORT_PLOT_H
#define REPORT_PLOT_H

#include <stddef.h>
#include <stdint.h>

#include "report/markup.h"

#define PLOT_CHART  760 /* width of a whole chart */
#define PLOT_LEFT   48  /* labels of the vertical axis end here */
#define PLOT_RIGHT  (PLOT_CHART - 8)
#define PLOT_WIDTH  (PLOT_RIGHT - PLOT_LEFT)
#define PLOT_TOP    16
#define PLOT_BOTTOM 20 /* below the lowest mark, for the labels of the time axis */

#define PLOT_NARROW 360 /* width of a chart that a phone shows whole */

#define PLOT_COLUMNS_MAX 366

/* Days that a column of a chart over so many days stands for: 1, 7, 14, ... */
size_t plot_days_per_column(size_t days);

/* Days as columns. */
struct plot_axis {
	int64_t first_day;
	size_t days;
	size_t step; /* days a column */
	size_t columns;
};

struct plot_axis plot_axis_make(int64_t first_day, size_t days);

/* Open the drawing; the label says in words what it shows. */
void plot_chart(struct markup *m, unsigned height, const char *label);

/* The same, PLOT_NARROW wide. */
void plot_chart_narrow(struct markup *m, unsigned height, const char *label);

/* Open a group that maps data to the drawing: x in columns, y in units of y_scale from y_zero. */
void plot_begin(struct markup *m, const struct plot_axis *a, double y_zero, double y_scale);

/* From PLOT_TOP down to y: the first day, then months, as many as there is room for. */
void plot_time_axis(struct markup *m, const struct plot_axis *a, double y);

void plot_label(struct markup *m, double x, double y, const char *class, const char *text);
void plot_rule(struct markup *m, double x1, double y1, double x2, double y2);
void plot_number(struct markup *m, const char *name, double value); /* an attribute */

#endif
