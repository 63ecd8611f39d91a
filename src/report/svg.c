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
#include "report/plot.h"

#define BARS_TOP     PLOT_TOP
#define BARS_HEIGHT  56
#define BARS_BOTTOM  (BARS_TOP + BARS_HEIGHT)
#define RASTER_TOP   (BARS_BOTTOM + 10)
#define HOUR_HEIGHT  6
#define RASTER_END   (RASTER_TOP + 24 * HOUR_HEIGHT)
#define SILENT_TOP   (BARS_BOTTOM + 6)
#define SILENT_DEPTH 16
#define SHADES       4

/* Bars over columns, and their largest value at the axis. */
static void put_bars(struct markup *m, const struct plot_axis *a, const uint64_t *sums)
{
	uint64_t max = 1;
	struct buf *out;

	for (size_t i = 0; i < a->columns; i++)
		max = sums[i] > max ? sums[i] : max;
	plot_begin(m, a, BARS_BOTTOM, -(double)BARS_HEIGHT / (double)max);
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
	plot_rule(m, PLOT_LEFT, BARS_BOTTOM, PLOT_RIGHT, BARS_BOTTOM);
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

static void put_cells(
    struct markup *m, const struct plot_axis *a, const struct cells *c, unsigned top)
{
	static const char *const classes[SHADES] = { "s1", "s2", "s3", "s4" };

	plot_begin(m, a, top, HOUR_HEIGHT);
	for (unsigned shade = 0; shade < SHADES; shade++) {
		markup_begin(m, "path");
		markup_attr(m, "class", classes[shade]);
		buf_text(m->out, " d=\"");
		put_shade(m->out, c, a->columns, shade);
		buf_u8(m->out, '"');
		markup_end(m);
	}
	markup_end(m);
}

static void put_hours(struct markup *m, unsigned top, const unsigned *hours, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char text[24];
		double y = top + hours[i] * HOUR_HEIGHT;

		(void)snprintf(text, sizeof(text), "%02u:00", hours[i]);
		plot_rule(m, PLOT_LEFT, y, PLOT_RIGHT, y);
		plot_label(m, PLOT_LEFT - 4, y + 4, "tick end", text);
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

static void put_caption(struct markup *m, const struct plot_axis *a, const char *text)
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
static bool sum_cells(const struct finding_raster *r, const struct plot_axis *a, struct cells *ret)
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

/* ---- raster ---- */

void svg_raster(struct markup *m, const struct finding_raster *r)
{
	static const unsigned hours[] = { 0, 6, 12, 18, 24 };
	struct plot_axis a = plot_axis_make(r->first_day, r->days);
	uint64_t *sums = calloc(a.columns, sizeof(*sums));
	struct cells cells;

	if (sum_cells(r, &a, &cells) && sums != NULL) {
		for (size_t i = 0; i < a.columns; i++)
			for (unsigned hour = 0; hour < 24; hour++)
				sums[i] += cells.sums[i][hour];
		markup_begin(m, "figure");
		plot_chart(m, RASTER_END + 44,
		    "Contacts over time as bars, and by day and hour as a raster of shades");
		plot_time_axis(m, &a, RASTER_END);
		put_bars(m, &a, sums);
		put_cells(m, &a, &cells, RASTER_TOP);
		put_hours(m, RASTER_TOP, hours, COUNT_OF(hours));
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

/* The same hours by a clock that is so many ahead, in one day more than the raster has. */
static void shift_hours(const struct finding_raster *r, int64_t ahead, uint32_t (*hours)[24])
{
	int64_t back = ahead < 0 ? 24 : 0;

	for (size_t day = 0; day < r->days; day++)
		for (unsigned hour = 0; hour < 24; hour++) {
			size_t at = day * 24 + (size_t)(hour + ahead + back);

			hours[at / 24][at % 24] = r->hours[day][hour];
		}
}

static void put_zone_caption(struct markup *m, int offset_min)
{
	struct buf *b;

	markup_begin(m, "figcaption");
	b = markup_words(m);
	buf_text(b, "The same by the clocks of ");
	words_zone(b, offset_min);
	buf_text(b, offset_min % 60 == 0 ? "" : ", to the nearest hour");
	buf_text(b, ": between the lines at 09:00 and 18:00 are its working hours.");
	markup_end(m);
}

void svg_raster_zone(struct markup *m, const struct finding_raster *r, int offset_min)
{
	static const unsigned hours[] = { 0, 9, 18, 24 };
	const unsigned end = PLOT_TOP + 24 * HOUR_HEIGHT;
	uint32_t(*shifted)[24] = calloc(r->days + 1, sizeof(*shifted));
	int64_t ahead = lround(offset_min / 60.0);
	struct finding_raster local = { r->first_day - (ahead < 0), r->days + 1,
		(const uint32_t(*)[24])shifted };
	struct plot_axis a = plot_axis_make(local.first_day, local.days);
	struct cells cells = { .sums = NULL };

	if (shifted != NULL)
		shift_hours(r, ahead, shifted);
	if (shifted != NULL && sum_cells(&local, &a, &cells)) {
		markup_begin(m, "figure");
		plot_chart(m, end + PLOT_BOTTOM,
		    "Contacts by day and hour again, by the clocks of the zone that was found");
		plot_time_axis(m, &a, end);
		put_cells(m, &a, &cells, PLOT_TOP);
		put_hours(m, PLOT_TOP, hours, COUNT_OF(hours));
		markup_end(m);
		put_zone_caption(m, offset_min);
		markup_end(m);
	} else {
		m->out->failed = true;
	}
	free(cells.sums);
	free(shifted);
}

/* Strokes from the top of the strip, as deep as the sensors were silent. */
static void put_silence(struct markup *m, const struct plot_axis *a, const double *dead)
{
	plot_begin(m, a, SILENT_TOP, SILENT_DEPTH);
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
	plot_rule(m, PLOT_LEFT, SILENT_TOP, PLOT_RIGHT, SILENT_TOP);
	plot_rule(m, PLOT_LEFT, SILENT_TOP + SILENT_DEPTH, PLOT_RIGHT, SILENT_TOP + SILENT_DEPTH);
	plot_label(m, PLOT_LEFT - 4, SILENT_TOP + 12, "tick end", "silent");
}

void svg_coverage(struct markup *m, const struct coverage_day *days, size_t count)
{
	size_t span = count == 0 ? 0 : (size_t)(days[count - 1].day - days[0].day) + 1;
	struct plot_axis a;
	uint64_t *sums;
	double *dead;

	if (count == 0)
		return;
	a = plot_axis_make(days[0].day, span);
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
		plot_chart(m, SILENT_TOP + SILENT_DEPTH + 20,
		    "All contacts over time as bars, and below them the share of the time in which"
		    " the sensors were silent");
		plot_time_axis(m, &a, SILENT_TOP + SILENT_DEPTH);
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
