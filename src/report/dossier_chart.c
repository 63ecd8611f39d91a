/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A cell's shade counts up to the darkest cell and is rounded up, so that a single contact is
 * never blank: on such a picture what is blank matters most.
 */
#include "report/dossier_chart.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "finding/change_words.h"
#include "finding/words.h"
#include "report/sparkline.h"
#include "report/style.h"

#define LABEL_WIDTH 6  /* "23 h  " */
#define WIDTH_MIN   20 /* of the drawing, however narrow the terminal is */
#define GAP_LABEL   23 /* "over 12 min to 20 min  " */
#define GAP_COUNT   11
#define BAR_MAX     60
#define EIGHTHS     8
#define RATE_ROWS   5

static const char *const unicode_shades[] = { " ", "\xe2\x96\x91", "\xe2\x96\x92", "\xe2\x96\x93",
	"\xe2\x96\x88" };
static const char *const ascii_shades[] = { " ", ".", "+", "#", "@" };

static void put_spaces(struct buf *out, size_t n)
{
	while (n-- > 0)
		buf_u8(out, ' ');
}

/* Contacts in this hour of `step` days; fewer days at the end count for as many. */
static uint64_t sum_cell(const struct finding_raster *r, size_t from, size_t step, size_t hour)
{
	size_t days = r->days - from < step ? r->days - from : step;
	uint64_t sum = 0;

	for (size_t i = 0; i < days; i++)
		sum += r->hours[from + i][hour];
	return (sum * step + days - 1) / days;
}

static uint64_t darkest_cell(const struct finding_raster *r, size_t step)
{
	uint64_t max = 1;

	for (size_t day = 0; day < r->days; day += step)
		for (size_t hour = 0; hour < 24; hour++) {
			uint64_t sum = sum_cell(r, day, step, hour);

			max = sum > max ? sum : max;
		}
	return max;
}

static void put_hour(struct buf *out, const struct finding_raster *r, size_t step, size_t hour,
    uint64_t max, bool unicode)
{
	const char *const *shades = unicode ? unicode_shades : ascii_shades;
	const uint64_t top = COUNT_OF(unicode_shades) - 1;

	buf_printf(out, "%02zu h |", hour);
	for (size_t day = 0; day < r->days; day += step)
		buf_text(out, shades[(sum_cell(r, day, step, hour) * top + max - 1) / max]);
	buf_text(out, "|\n");
}

/* The first day under the first column, the last under the last where there is room. */
static void put_axis(struct buf *out, const struct finding_raster *r, size_t columns)
{
	size_t start = out->len;

	put_spaces(out, LABEL_WIDTH);
	words_day(out, r->first_day);
	if (r->days > 1) {
		size_t used = out->len - start, wanted = LABEL_WIDTH + columns;
		struct buf last;

		buf_init(&last, 64);
		words_day(&last, r->first_day + (int64_t)r->days - 1);
		put_spaces(out, wanted > used + last.len ? wanted - used - last.len : 1);
		buf_put(out, last.bytes, last.len);
		buf_release(&last);
	}
	buf_u8(out, '\n');
}

static size_t plot_width(const struct report_style *s)
{
	return s->columns > LABEL_WIDTH + 1 + WIDTH_MIN ? s->columns - LABEL_WIDTH - 1 : WIDTH_MIN;
}

void dossier_raster(struct buf *out, const struct finding_raster *r, const struct report_style *s)
{
	size_t width = plot_width(s);
	size_t step = (r->days + width - 1) / width;
	struct buf words;
	uint64_t max;

	if (r->hours == NULL || r->days == 0)
		return;
	max = darkest_cell(r, step);
	for (size_t hour = 0; hour < 24; hour++)
		put_hour(out, r, step, hour, max, s->unicode);
	buf_text(out, " day |");
	sparkline_put(out, r, width, s->unicode);
	buf_text(out, "|\n");
	put_axis(out, r, (r->days + step - 1) / step);
	buf_init(&words, STYLE_PARAGRAPH_MAX);
	buf_text(&words, "Across: time, a column for ");
	words_things(&words, step, "day", "days");
	buf_text(&words, "; down: the hours of the day, UTC; darkest: ");
	words_things(&words, max, "contact", "contacts");
	buf_text(&words, " in a cell. The last row is all contacts of a column.");
	style_paragraph(out, s, &words);
	buf_release(&words);
}

/* ---- rate ---- */

/* The column of a time, clipped to the days shown. */
static size_t column_of(const struct finding_raster *r, size_t step, struct stamp at)
{
	int64_t day = stamp_day(at.ns) - r->first_day;

	if (day < 0)
		return 0;
	return (size_t)(day < (int64_t)r->days ? day : (int64_t)r->days - 1) / step;
}

/* The level in force in a column: the last that begins in it or before. */
static double level_of(
    const struct finding_raster *r, const struct test_changes *t, size_t step, size_t column)
{
	double level = 0;

	for (size_t i = 0; i < t->block_count; i++)
		if (column_of(r, step, t->blocks[i].from) <= column)
			level = t->blocks[i].rate_per_h;
	return level;
}

static bool has_events(const struct finding_tests *t)
{
	return t->events.status.why == NULL && t->events.date_count > 0;
}

/* One row of the steps; row 0 is the bottom one. */
static void put_steps(struct buf *out, const struct finding_raster *r, const struct test_changes *t,
    size_t step, double max, unsigned row, bool unicode)
{
	static const char *const parts[EIGHTHS + 1] = { " ", "\xe2\x96\x81", "\xe2\x96\x82",
		"\xe2\x96\x83", "\xe2\x96\x84", "\xe2\x96\x85", "\xe2\x96\x86", "\xe2\x96\x87",
		"\xe2\x96\x88" };

	for (size_t column = 0; column * step < r->days; column++) {
		double level = level_of(r, t, step, column);
		double filled = ceil(level / max * RATE_ROWS * EIGHTHS) - (double)row * EIGHTHS;
		unsigned part = filled <= 0 ? 0 : filled >= EIGHTHS ? EIGHTHS : (unsigned)filled;

		buf_text(out, unicode ? parts[part] : part == 0 ? " " : "#");
	}
}

/* A row of marks over the columns; '\0' is a blank. */
static void put_marks(
    struct buf *out, const char *label, const char *marks, size_t columns, bool unicode)
{
	static const struct {
		char ascii;
		const char *unicode;
	} forms[] = { { '^', "\xe2\x96\xb2" }, { '*', "\xe2\x97\x86" }, { 'o', "\xe2\x97\x87" } };

	while (columns > 0 && marks[columns - 1] == '\0')
		columns--; /* no blanks at the end of a line */
	buf_text(out, label);
	for (size_t column = 0; column < columns; column++) {
		size_t form = 0;

		while (form < COUNT_OF(forms) && forms[form].ascii != marks[column])
			form++;
		if (form == COUNT_OF(forms))
			buf_u8(out, ' ');
		else if (unicode)
			buf_text(out, forms[form].unicode);
		else
			buf_u8(out, (uint8_t)forms[form].ascii);
	}
	buf_u8(out, '\n');
}

/* Changes, then events: of two in a column the one near the busiest days is shown. */
static void put_found(struct buf *out, const struct finding_raster *r,
    const struct finding_tests *t, size_t step, bool unicode)
{
	size_t columns = (r->days + step - 1) / step;
	char *marks = calloc(2, columns);

	if (marks == NULL) {
		out->failed = true;
		return;
	}
	for (size_t i = 1; i < t->changes.block_count; i++)
		marks[column_of(r, step, t->changes.blocks[i].from)] = '^';
	if (t->changes.block_count > 1)
		put_marks(out, "      ", marks, columns, unicode);
	if (has_events(t)) {
		for (size_t i = 0; i < t->events.date_count; i++) {
			const struct event_mark *e = &t->events.marks[i];
			const struct stamp day = { e->day * NS_PER_DAY, 0 };
			char *mark = &marks[columns + column_of(r, step, day)];

			*mark = e->near || *mark == '*' ? '*' : 'o';
		}
		put_marks(out, "event ", marks + columns, columns, unicode);
	}
	free(marks);
}

static void say_marks(struct buf *out, const struct finding_tests *t, bool unicode)
{
	if (t->changes.block_count > 1) {
		buf_text(out, unicode ? "\xe2\x96\xb2" : "^");
		buf_text(out, " marks a change: ");
	} else {
		buf_text(out, "No change was found: ");
	}
	change_words_levels(out, &t->changes);
	buf_u8(out, '.');
	if (!has_events(t))
		return;
	buf_u8(out, ' ');
	buf_text(out, unicode ? "\xe2\x97\x86" : "*");
	buf_text(out, " marks an event with its busiest days near, ");
	buf_text(out, unicode ? "\xe2\x97\x87" : "o");
	buf_text(out, " another.");
}

void dossier_rate(struct buf *out, const struct finding_raster *r, const struct finding_tests *t,
    const struct report_style *s)
{
	const struct test_changes *c = &t->changes;
	size_t width = plot_width(s);
	size_t step = (r->days + width - 1) / width;
	struct buf words;
	double max = 0;

	for (size_t i = 0; i < c->block_count; i++)
		max = fmax(max, c->blocks[i].rate_per_h);
	if (r->days == 0 || max <= 0)
		return;
	for (unsigned row = RATE_ROWS; row-- > 0;) {
		buf_text(out, row + 1 == RATE_ROWS ? " top |" : row == 0 ? "   0 |" : "     |");
		put_steps(out, r, c, step, max, row, s->unicode);
		buf_text(out, "|\n");
	}
	put_found(out, r, t, step, s->unicode);
	put_axis(out, r, (r->days + step - 1) / step);
	buf_init(&words, STYLE_PARAGRAPH_MAX);
	buf_text(&words, "Visits, of all peers; the top is ");
	words_number(&words, max, 2);
	buf_text(&words, " an hour. ");
	say_marks(&words, t, s->unicode);
	style_paragraph(out, s, &words);
	buf_release(&words);
}

/* ---- gaps ---- */

/* "45 min to 1.5 h", with blanks behind it. */
static void put_bin(struct buf *out, size_t bin)
{
	size_t start = out->len;

	if (bin == 0) {
		buf_text(out, "under ");
		words_seconds(out, finding_gap_from(1));
	} else {
		buf_text(out, bin + 1 == FINDING_GAP_BINS ? "from " : "");
		words_seconds(out, finding_gap_from(bin));
	}
	if (bin > 0 && bin + 1 < FINDING_GAP_BINS) {
		buf_text(out, " to ");
		words_seconds(out, finding_gap_from(bin + 1));
	}
	if (buf_ok(out) && out->len - start < GAP_LABEL)
		put_spaces(out, GAP_LABEL - (out->len - start));
}

static void put_count(struct buf *out, uint64_t n)
{
	struct buf digits;

	buf_init(&digits, 64);
	words_count(&digits, n);
	if (digits.len < GAP_COUNT)
		put_spaces(out, GAP_COUNT - digits.len);
	buf_put(out, digits.bytes, digits.len);
	buf_release(&digits);
}

/* A bar of n > 0 parts of max over width characters; the shortest is one mark. */
static void put_bar(struct buf *out, uint64_t n, uint64_t max, size_t width, bool unicode)
{
	static const char *const parts[EIGHTHS] = { "", "\xe2\x96\x8f", "\xe2\x96\x8e",
		"\xe2\x96\x8d", "\xe2\x96\x8c", "\xe2\x96\x8b", "\xe2\x96\x8a", "\xe2\x96\x89" };
	double share = (double)n / (double)max * (double)width;
	size_t eighths = (size_t)(share * EIGHTHS + 0.5);

	if (eighths == 0)
		eighths = 1;
	if (!unicode)
		eighths = (eighths + EIGHTHS - 1) / EIGHTHS * EIGHTHS;
	for (size_t i = 0; i < eighths / EIGHTHS; i++)
		buf_text(out, unicode ? "\xe2\x96\x88" : "#");
	buf_text(out, parts[eighths % EIGHTHS]);
}

static void put_row(struct buf *out, const struct finding_gaps *g, size_t bin, uint64_t max,
    size_t width, bool unicode)
{
	put_bin(out, bin);
	put_count(out, g->counts[bin]);
	if (g->counts[bin] > 0) {
		buf_text(out, "  ");
		put_bar(out, g->counts[bin], max, width, unicode);
	}
	if (g->ttl != TTL_NONE && finding_gap_bin(g->ttl) == bin) {
		buf_text(out, " <- TTL ");
		words_seconds(out, g->ttl);
	}
	buf_u8(out, '\n');
}

void dossier_gaps(struct buf *out, const struct finding_gaps *g, const struct report_style *s)
{
	const size_t around = GAP_LABEL + GAP_COUNT + 2 + 16; /* the TTL's mark behind the bar */
	size_t width = s->columns > around + WIDTH_MIN ? s->columns - around : WIDTH_MIN;
	size_t first = FINDING_GAP_BINS, last = 0;
	uint64_t max = 1;

	for (size_t i = 0; i < FINDING_GAP_BINS; i++) {
		if (g->counts[i] == 0 && (g->ttl == TTL_NONE || finding_gap_bin(g->ttl) != i))
			continue;
		first = first == FINDING_GAP_BINS ? i : first;
		last = i;
		max = g->counts[i] > max ? g->counts[i] : max;
	}
	if (g->total == 0)
		return;
	for (size_t i = first; i <= last; i++)
		put_row(out, g, i, max, width < BAR_MAX ? width : BAR_MAX, s->unicode);
}
