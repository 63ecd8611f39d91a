/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The steps stand over the same days as the raster above them. Below lie what was found on the
 * way, a row each, so that nothing but the level is drawn over the level.
 */
#include <math.h>
#include <stdlib.h>

#include "finding/change_words.h"
#include "finding/words.h"
#include "report/plot.h"
#include "report/svg.h"

#define STEPS_HEIGHT 72
#define STEPS_BOTTOM (PLOT_TOP + STEPS_HEIGHT)
#define ROW_HEIGHT   18
#define MARK_HEIGHT  10

/* In columns, clipped to the chart. */
static double place(const struct plot_axis *a, double days)
{
	double x = (days - (double)a->first_day) / (double)a->step;

	return fmin(fmax(x, 0), (double)a->columns);
}

static double place_of(const struct plot_axis *a, struct stamp s)
{
	return place(a, (double)s.ns / (double)NS_PER_DAY);
}

static double to_chart(const struct plot_axis *a, double column)
{
	return PLOT_LEFT + column * PLOT_WIDTH / (double)a->columns;
}

static double highest(const struct test_changes *t)
{
	double max = 0;

	for (size_t i = 0; i < t->block_count; i++)
		max = fmax(max, t->blocks[i].rate_per_h);
	return max;
}

/* The area under the levels; its upper edge is the rate. */
static void put_steps(struct markup *m, const struct plot_axis *a, const struct test_changes *t)
{
	double max = highest(t);

	for (size_t i = 0; i < t->block_count; i++) {
		double from = to_chart(a, place_of(a, t->blocks[i].from));
		double to = to_chart(a, place_of(a, t->blocks[i].to));
		double height = t->blocks[i].rate_per_h / max * STEPS_HEIGHT;

		if (to <= from)
			continue;
		markup_begin(m, "rect");
		plot_number(m, "x", from);
		plot_number(m, "y", STEPS_BOTTOM - height);
		plot_number(m, "width", to - from);
		plot_number(m, "height", height);
		markup_attr(m, "class", "f1");
		markup_end(m);
		markup_begin(m, "line");
		plot_number(m, "x1", from);
		plot_number(m, "y1", STEPS_BOTTOM - height);
		plot_number(m, "x2", to);
		plot_number(m, "y2", STEPS_BOTTOM - height);
		markup_attr(m, "class", "level");
		markup_end(m);
	}
	plot_rule(m, PLOT_LEFT, STEPS_BOTTOM, PLOT_RIGHT, STEPS_BOTTOM);
	markup_begin(m, "text");
	plot_number(m, "x", PLOT_LEFT - 4);
	plot_number(m, "y", PLOT_TOP + 9);
	markup_attr(m, "class", "tick end");
	words_number(markup_words(m), max, 2);
	markup_text(m, "/h");
	markup_end(m);
	plot_label(m, PLOT_LEFT - 4, STEPS_BOTTOM, "tick end", "0");
}

/* A bar from one time to another in its row, as wide as can be seen. */
static void put_span(struct markup *m, const struct plot_axis *a, double y, const char *name,
    const struct change_span *s, const char *class)
{
	double from = to_chart(a, place_of(a, s->from));
	double to = to_chart(a, place_of(a, s->to));

	plot_label(m, PLOT_LEFT - 4, y + MARK_HEIGHT, "tick end", name);
	markup_begin(m, "rect");
	plot_number(m, "x", from);
	plot_number(m, "y", y);
	plot_number(m, "width", fmax(to - from, 3));
	plot_number(m, "height", MARK_HEIGHT);
	markup_attr(m, "class", class);
	markup_end(m);
}

/* Full height where it is near the busiest days, half where not. */
static void put_events(
    struct markup *m, const struct plot_axis *a, double y, const struct test_events *t)
{
	plot_label(m, PLOT_LEFT - 4, y + MARK_HEIGHT, "tick end", "events");
	for (size_t i = 0; i < t->date_count; i++) {
		double x = to_chart(a, place(a, (double)t->marks[i].day + .5));
		double height = t->marks[i].near ? MARK_HEIGHT : MARK_HEIGHT / 2.0;

		markup_begin(m, "line");
		plot_number(m, "x1", x);
		plot_number(m, "x2", x);
		plot_number(m, "y1", y + MARK_HEIGHT - height);
		plot_number(m, "y2", y + MARK_HEIGHT);
		markup_attr(m, "class", "event");
		markup_end(m);
	}
}

static void put_caption(
    struct markup *m, const struct test_changes *t, bool burst, bool silence, bool events)
{
	struct buf *b;

	markup_begin(m, "figcaption");
	b = markup_words(m);
	buf_text(b, t->block_count > 1
			? "Visits an hour, of all peers, level from change to change: "
			: "Visits an hour, of all peers; no change was found: ");
	change_words_levels(b, t);
	buf_u8(b, '.');
	if (burst)
		buf_text(b, " Burst: more often than one level would have it by chance.");
	if (silence)
		buf_text(b, " Silence: a pause longer than the weeks before make likely.");
	if (events)
		buf_text(b, " Events: dates of the list, tall where its busiest days are near.");
	markup_end(m);
}

void svg_rate(struct markup *m, const struct finding_raster *r, const struct finding_tests *t)
{
	struct plot_axis a = plot_axis_make(r->first_day, r->days);
	const struct test_changes *c = &t->changes;
	bool burst = c->p_burst <= CHANGE_WORDS_P;
	bool silence = c->p_silence <= CHANGE_WORDS_P;
	bool events = t->events.status.why == NULL && t->events.date_count > 0;
	unsigned rows = (unsigned)burst + silence + events;
	unsigned bottom = STEPS_BOTTOM + 8 + rows * ROW_HEIGHT;
	double y = STEPS_BOTTOM + 8;

	if (!(highest(c) > 0))
		return;
	markup_begin(m, "figure");
	plot_chart(m, bottom + PLOT_BOTTOM,
	    "The level of its visits over time, as steps between changes, and what was found"
	    " beside them; the caption says it in words");
	plot_time_axis(m, &a, bottom);
	put_steps(m, &a, c);
	if (burst) {
		put_span(m, &a, y, "burst", &c->burst, "f4");
		y += ROW_HEIGHT;
	}
	if (silence) {
		put_span(m, &a, y, "silence", &c->silence, "hollow");
		y += ROW_HEIGHT;
	}
	if (events)
		put_events(m, &a, y, &t->events);
	markup_end(m);
	put_caption(m, c, burst, silence, events);
	markup_end(m);
}
