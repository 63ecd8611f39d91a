/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/plot.h"

#include <stdio.h>

#include "base/decimal.h"
#include "base/stamp.h"
#include "finding/words.h"

#define LABELS_MAX 9

size_t plot_days_per_column(size_t days)
{
	size_t step = (days + PLOT_COLUMNS_MAX - 1) / PLOT_COLUMNS_MAX;

	return step <= 1 ? 1 : (step + 6) / 7 * 7;
}

struct plot_axis plot_axis_make(int64_t first_day, size_t days)
{
	struct plot_axis a = {
		.first_day = first_day, .days = days, .step = plot_days_per_column(days)
	};

	a.columns = (days + a.step - 1) / a.step;
	return a;
}

void plot_number(struct markup *m, const char *name, double value)
{
	char text[DECIMAL_TEXT_MAX];

	(void)decimal_format(value, 6, text);
	markup_attr(m, name, text);
}

void plot_begin(struct markup *m, const struct plot_axis *a, double y_zero, double y_scale)
{
	char x_text[DECIMAL_TEXT_MAX];
	char y_text[DECIMAL_TEXT_MAX];
	char transform[128];

	(void)decimal_format((double)PLOT_WIDTH / (double)a->columns, 9, x_text);
	(void)decimal_format(y_scale, 9, y_text);
	(void)snprintf(transform, sizeof(transform), "translate(%d,%d) scale(%s,%s)", PLOT_LEFT,
	    (int)y_zero, x_text, y_text);
	markup_begin(m, "g");
	markup_attr(m, "transform", transform);
}

void plot_label(struct markup *m, double x, double y, const char *class, const char *text)
{
	markup_begin(m, "text");
	plot_number(m, "x", x);
	plot_number(m, "y", y);
	markup_attr(m, "class", class);
	markup_text(m, text);
	markup_end(m);
}

void plot_rule(struct markup *m, double x1, double y1, double x2, double y2)
{
	markup_begin(m, "line");
	plot_number(m, "x1", x1);
	plot_number(m, "y1", y1);
	plot_number(m, "x2", x2);
	plot_number(m, "y2", y2);
	markup_attr(m, "class", "rule");
	markup_end(m);
}

/* The month of a day, counted from year 0. */
static int64_t month_of(int64_t day)
{
	int64_t year;
	unsigned month, in_month;

	stamp_date_of(day, &year, &month, &in_month);
	return year * 12 + month - 1;
}

void plot_time_axis(struct markup *m, const struct plot_axis *a, double y)
{
	static const int64_t steps[] = { 1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 4800 };
	int64_t months = month_of(a->first_day + (int64_t)a->days - 1) - month_of(a->first_day);
	double width = (double)PLOT_WIDTH / (double)a->columns;
	double free_from = PLOT_LEFT;
	size_t i = 0;

	while (i < COUNT_OF(steps) - 1 && months / steps[i] > LABELS_MAX)
		i++;
	for (size_t column = 0; column < a->columns; column++) {
		int64_t day = a->first_day + (int64_t)(column * a->step);
		int64_t month = month_of(day);
		bool starts = month / steps[i] != month_of(day - (int64_t)a->step) / steps[i];
		double x = PLOT_LEFT + (double)column * width;
		struct buf label;

		if ((column > 0 && !starts) || x < free_from || x > PLOT_CHART - 56)
			continue;
		buf_init(&label, 64);
		words_day(&label, day);
		label.len = column > 0 && label.len > 3 ? label.len - 3 : label.len; /* no day */
		buf_u8(&label, '\0');
		plot_rule(m, x, PLOT_TOP, x, y);
		plot_label(
		    m, x + 3, y + 13, "tick", buf_ok(&label) ? (const char *)label.bytes : "");
		free_from = x + (column == 0 ? 78 : 60);
		buf_release(&label);
	}
}

static void begin_chart(
    struct markup *m, unsigned width, unsigned height, const char *class, const char *label)
{
	char box[64];

	(void)snprintf(box, sizeof(box), "0 0 %u %u", width, height);
	markup_begin(m, "svg");
	if (class != NULL)
		markup_attr(m, "class", class);
	markup_attr(m, "xmlns", "http://www.w3.org/2000/svg");
	markup_attr(m, "viewBox", box);
	markup_attr(m, "role", "img");
	markup_attr(m, "aria-label", label);
}

void plot_chart(struct markup *m, unsigned height, const char *label)
{
	begin_chart(m, PLOT_CHART, height, NULL, label);
}

void plot_chart_narrow(struct markup *m, unsigned height, const char *label)
{
	begin_chart(m, PLOT_NARROW, height, "narrow", label);
}
