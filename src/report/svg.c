/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A chart is a few paths. Each is drawn in units of the data (columns, hours, contacts) and put
 * in its place by a transform, so that the path itself holds small whole numbers: a cell of the
 * raster is a vertical stroke one column wide, and hours of one shade that follow each other are
 * one stroke. Shades differ in strength alone, so that they survive gray print.
 */
#include "report/svg.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/decimal.h"
#include "finding/words.h"

#define CHART_WIDTH  760
#define PLOT_LEFT    48
#define PLOT_WIDTH   (CHART_WIDTH - PLOT_LEFT - 8)
#define BARS_TOP     16
#define BARS_HEIGHT  56
#define BARS_BOTTOM  (BARS_TOP + BARS_HEIGHT)
#define RASTER_TOP   (BARS_BOTTOM + 10)
#define HOUR_HEIGHT  6
#define RASTER_END   (RASTER_TOP + 24 * HOUR_HEIGHT)
#define SILENT_TOP   (BARS_BOTTOM + 6)
#define SILENT_DEPTH 16
#define SHADES       4
#define LABELS_MAX   9

size_t svg_days_per_column(size_t days)
{
	size_t step = (days + SVG_COLUMNS_MAX - 1) / SVG_COLUMNS_MAX;

	return step <= 1 ? 1 : (step + 6) / 7 * 7;
}

/* Days as columns. */
struct axis {
	int64_t first_day;
	size_t days;
	size_t step; /* days a column */
	size_t columns;
};

static struct axis make_axis(int64_t first_day, size_t days)
{
	struct axis a = { .first_day = first_day, .days = days, .step = svg_days_per_column(days) };

	a.columns = (days + a.step - 1) / a.step;
	return a;
}

static void attr_number(struct markup *m, const char *name, double value)
{
	char text[DECIMAL_TEXT_MAX];

	(void)decimal_format(value, 6, text);
	markup_attr(m, name, text);
}

/* Open a group that maps data units to the plot: x in columns, y in units of y_scale from y_zero.
 */
static void begin_plot(struct markup *m, const struct axis *a, double y_zero, double y_scale)
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

static void put_label(struct markup *m, double x, double y, const char *class, const char *text)
{
	markup_begin(m, "text");
	attr_number(m, "x", x);
	attr_number(m, "y", y);
	markup_attr(m, "class", class);
	markup_text(m, text);
	markup_end(m);
}

static void put_rule(struct markup *m, double x1, double y1, double x2, double y2)
{
	markup_begin(m, "line");
	attr_number(m, "x1", x1);
	attr_number(m, "y1", y1);
	attr_number(m, "x2", x2);
	attr_number(m, "y2", y2);
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

/* The first day, then months, as many as there is room for. */
static void put_time_axis(struct markup *m, const struct axis *a, double y)
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

		if ((column > 0 && !starts) || x < free_from || x > CHART_WIDTH - 56)
			continue;
		buf_init(&label, 64);
		words_day(&label, day);
		label.len = column > 0 && label.len > 3 ? label.len - 3 : label.len; /* no day */
		buf_u8(&label, '\0');
		put_rule(m, x, BARS_TOP, x, y);
		put_label(
		    m, x + 3, y + 13, "tick", buf_ok(&label) ? (const char *)label.bytes : "");
		free_from = x + (column == 0 ? 78 : 60);
		buf_release(&label);
	}
}

/* Bars over columns, and their largest value at the axis. */
static void put_bars(struct markup *m, const struct axis *a, const uint64_t *sums)
{
	uint64_t max = 1;
	struct buf *out;

	for (size_t i = 0; i < a->columns; i++)
		max = sums[i] > max ? sums[i] : max;
	begin_plot(m, a, BARS_BOTTOM, -(double)BARS_HEIGHT / (double)max);
	markup_begin(m, "path");
	markup_attr(m, "class", "bar");
	buf_text(m->out, " d=\"");
	out = m->out;
	for (size_t i = 0; i < a->columns; i++)
		if (sums[i] > 0)
			buf_printf(out, "M%zu.5 0v%" PRIu64, i, sums[i]);
	buf_u8(out, '"');
	markup_end(m);
	markup_end(m);
	put_rule(m, PLOT_LEFT, BARS_BOTTOM, CHART_WIDTH - 8, BARS_BOTTOM);
	markup_begin(m, "text");
	markup_attr_uint(m, "x", PLOT_LEFT - 4);
	markup_attr_uint(m, "y", BARS_TOP + 9);
	markup_attr(m, "class", "tick end");
	words_count(markup_words(m), max);
	markup_end(m);
}

/* The bounds of the shades: shade i holds counts from base^i to base^(i+1) - 1. */
static uint64_t shade_base(uint64_t max)
{
	uint64_t base = 2;

	while ((double)base * (double)base * (double)base * (double)base <= (double)max)
		base++;
	return base;
}

static unsigned shade_of(uint64_t count, uint64_t base)
{
	unsigned shade = 0;

	for (uint64_t bound = base; count >= bound && shade < SHADES - 1; bound *= base)
		shade++;
	return shade;
}

struct cells {
	uint64_t (*sums)[24]; /* one row a column of the chart */
	uint64_t max;
	uint64_t base;
};

static void put_shade(struct buf *out, const struct cells *c, size_t columns, unsigned shade)
{
	for (size_t column = 0; column < columns; column++) {
		const uint64_t *hours = c->sums[column];
		unsigned hour = 0;

		while (hour < 24) {
			unsigned start = hour;

			while (
			    hour < 24 && hours[hour] > 0 && shade_of(hours[hour], c->base) == shade)
				hour++;
			if (hour > start)
				buf_printf(out, "M%zu.5 %uv%u", column, start, hour - start);
			else
				hour++;
		}
	}
}

static void put_cells(struct markup *m, const struct axis *a, const struct cells *c)
{
	static const char *const classes[SHADES] = { "s1", "s2", "s3", "s4" };

	begin_plot(m, a, RASTER_TOP, HOUR_HEIGHT);
	for (unsigned shade = 0; shade < SHADES; shade++) {
		markup_begin(m, "path");
		markup_attr(m, "class", classes[shade]);
		buf_text(m->out, " d=\"");
		put_shade(m->out, c, a->columns, shade);
		buf_u8(m->out, '"');
		markup_end(m);
	}
	markup_end(m);
	for (unsigned hour = 0; hour <= 24; hour += 6) {
		char text[8];
		double y = RASTER_TOP + hour * HOUR_HEIGHT;

		(void)snprintf(text, sizeof(text), "%02u:00", hour);
		put_rule(m, PLOT_LEFT, y, CHART_WIDTH - 8, y);
		put_label(m, PLOT_LEFT - 4, y + 4, "tick end", text);
	}
}

/* A square of each shade with the counts it stands for. */
static void put_legend(struct markup *m, const struct cells *c, unsigned y)
{
	static const char *const classes[SHADES] = { "f1", "f2", "f3", "f4" };
	uint64_t from = 1;
	unsigned x = PLOT_LEFT;

	for (unsigned shade = 0; shade < SHADES && from <= c->max; shade++) {
		uint64_t to = from * c->base - 1;
		struct buf *out;

		markup_begin(m, "rect");
		markup_attr_uint(m, "x", x);
		markup_attr_uint(m, "y", y);
		markup_attr(m, "width", "12");
		markup_attr(m, "height", "12");
		markup_attr(m, "class", classes[shade]);
		markup_end(m);
		markup_begin(m, "text");
		markup_attr_uint(m, "x", x + 17);
		markup_attr_uint(m, "y", y + 10);
		markup_attr(m, "class", "tick");
		out = markup_words(m);
		to = to > c->max ? c->max : to;
		words_count(out, from);
		if (to > from) {
			buf_text(out, " to ");
			words_count(out, to);
		}
		if (shade == 0)
			buf_text(out, to > 1 ? " contacts" : " contact");
		markup_end(m);
		x += 150;
		from *= c->base;
	}
}

static void begin_chart(struct markup *m, unsigned height, const char *label)
{
	char box[64];

	(void)snprintf(box, sizeof(box), "0 0 %d %u", CHART_WIDTH, height);
	markup_begin(m, "svg");
	markup_attr(m, "xmlns", "http://www.w3.org/2000/svg");
	markup_attr(m, "viewBox", box);
	markup_attr(m, "role", "img");
	markup_attr(m, "aria-label", label);
}

static void put_caption(struct markup *m, const struct axis *a, const char *text)
{
	markup_begin(m, "figcaption");
	markup_text(m, text);
	if (a->step == 1) {
		markup_text(m, " A column is a day.");
	} else {
		markup_text(m, " The record is long: a column is the sum of ");
		words_count(markup_words(m), a->step);
		markup_text(m, " days.");
	}
	markup_end(m);
}

/* Sum the raster into columns; false: no memory. */
static bool sum_cells(const struct finding_raster *r, const struct axis *a, struct cells *ret)
{
	*ret = (struct cells){ .sums = calloc(a->columns, sizeof(*ret->sums)), .max = 1 };
	if (ret->sums == NULL)
		return false;
	for (size_t day = 0; day < r->days; day++)
		for (unsigned hour = 0; hour < 24; hour++) {
			uint64_t *sum = &ret->sums[day / a->step][hour];

			*sum += r->hours[day][hour];
			ret->max = *sum > ret->max ? *sum : ret->max;
		}
	ret->base = shade_base(ret->max);
	return true;
}

void svg_raster(struct markup *m, const struct finding_raster *r)
{
	struct axis a = make_axis(r->first_day, r->days);
	uint64_t *sums = calloc(a.columns, sizeof(*sums));
	struct cells cells;

	if (sum_cells(r, &a, &cells) && sums != NULL) {
		for (size_t i = 0; i < a.columns; i++)
			for (unsigned hour = 0; hour < 24; hour++)
				sums[i] += cells.sums[i][hour];
		markup_begin(m, "figure");
		begin_chart(m, RASTER_END + 44,
		    "Contacts over time as bars, and by day and hour as a raster of shades");
		put_time_axis(m, &a, RASTER_END);
		put_bars(m, &a, sums);
		put_cells(m, &a, &cells);
		put_legend(m, &cells, RASTER_END + 26);
		markup_end(m);
		put_caption(m, &a,
		    "Above, contacts over time. Below, the hours of the day from top to bottom,"
		    " 00:00 to 24:00 UTC: the stronger the shade, the more contacts.");
		markup_end(m);
	} else {
		m->out->failed = true;
	}
	free(cells.sums);
	free(sums);
}

/* Strokes from the top of the strip, as deep as the sensors were silent. */
static void put_silence(struct markup *m, const struct axis *a, const double *dead)
{
	begin_plot(m, a, SILENT_TOP, SILENT_DEPTH);
	markup_begin(m, "path");
	markup_attr(m, "class", "dead");
	buf_text(m->out, " d=\"");
	for (size_t i = 0; i < a->columns; i++) {
		char text[DECIMAL_TEXT_MAX];
		size_t in_column = i + 1 < a->columns ? a->step : a->days - i * a->step;

		if (dead[i] > 0 && decimal_format(dead[i] / (double)in_column, 3, text) > 0)
			buf_printf(m->out, "M%zu.5 0v%s", i, text);
	}
	buf_u8(m->out, '"');
	markup_end(m);
	markup_end(m);
	put_rule(m, PLOT_LEFT, SILENT_TOP, CHART_WIDTH - 8, SILENT_TOP);
	put_rule(
	    m, PLOT_LEFT, SILENT_TOP + SILENT_DEPTH, CHART_WIDTH - 8, SILENT_TOP + SILENT_DEPTH);
	put_label(m, PLOT_LEFT - 4, SILENT_TOP + 12, "tick end", "silent");
}

void svg_coverage(struct markup *m, const struct coverage_day *days, size_t count)
{
	size_t span = count == 0 ? 0 : (size_t)(days[count - 1].day - days[0].day) + 1;
	struct axis a;
	uint64_t *sums;
	double *dead;

	if (count == 0)
		return;
	a = make_axis(days[0].day, span);
	sums = calloc(a.columns, sizeof(*sums));
	dead = calloc(a.columns, sizeof(*dead));
	if (sums == NULL || dead == NULL) {
		m->out->failed = true;
	} else {
		for (size_t i = 0; i < count; i++) {
			size_t column = (size_t)(days[i].day - days[0].day) / a.step;

			sums[column] += days[i].contacts;
			dead[column] += isfinite(days[i].live) ? 1 - days[i].live : 0;
		}
		markup_begin(m, "figure");
		begin_chart(m, SILENT_TOP + SILENT_DEPTH + 20,
		    "All contacts over time as bars, and below them the share of the time in which"
		    " the sensors were silent");
		put_time_axis(m, &a, SILENT_TOP + SILENT_DEPTH);
		put_bars(m, &a, sums);
		put_silence(m, &a, dead);
		markup_end(m);
		put_caption(m, &a,
		    "All contacts over time (days in UTC). The strip below is filled as far as the"
		    " sensors were silent.");
		markup_end(m);
	}
	free(sums);
	free(dead);
}
