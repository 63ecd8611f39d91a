/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Each line has its words above it, not beside it, so that a long name leaves the line its width.
 * Names are thick and records thin; the target is full, its predecessors and successors hollow: no
 * color tells anything.
 */
#include <math.h>

#include "contact/contact.h"
#include "finding/words.h"
#include "report/plot.h"
#include "report/svg.h"
#include "report/visible.h"

#define LEFT          4.0
#define RIGHT         (PLOT_NARROW - 4.0)
#define TOP           6.0
#define PITCH         32.0
#define TEXT_BELOW    11.0 /* baseline, from the top of a row */
#define LINE_BELOW    16.0
#define NAME_HEIGHT   8.0
#define RECORD_HEIGHT 3.0
#define NAME_WIDTH    34 /* characters: what fits beside the dates */
#define TEXT_BYTES    4096

struct span {
	double from_s;
	double to_s;
};

static double seconds(struct stamp s)
{
	return (double)s.ns / (double)NS_PER_S;
}

static struct span span_of(const struct finding *f)
{
	struct span s = { INFINITY, -INFINITY };

	for (size_t i = 0; i < f->life_count; i++) {
		s.from_s = fmin(s.from_s, seconds(f->lives[i].first));
		s.to_s = fmax(s.to_s, seconds(f->lives[i].last));
	}
	return s;
}

static double place(const struct span *s, struct stamp at)
{
	double width = s->to_s > s->from_s ? s->to_s - s->from_s : 1;

	return LEFT + (seconds(at) - s->from_s) / width * (RIGHT - LEFT);
}

static void put_thing(struct buf *out, const struct finding_life *l)
{
	char text[ENDPOINT_TEXT_MAX], type[CONTACT_WORD_MAX];
	size_t len = endpoint_format(&l->thing, text);

	if (l->type != 0) {
		(void)contact_fact_format(l->type, type);
		buf_printf(out, "%s ", type);
	}
	visible_elide(out, text, len, false, NAME_WIDTH);
}

static void put_dates(struct buf *out, const struct finding_life *l)
{
	words_date(out, l->first);
	if (stamp_day(l->first.ns) == stamp_day(l->last.ns))
		return;
	buf_text(out, " to ");
	words_date(out, l->last);
}

static void put_text(struct markup *m, double x, double y, const char *class, const struct buf *b)
{
	markup_begin(m, "text");
	plot_number(m, "x", x);
	plot_number(m, "y", y);
	markup_attr(m, "class", class);
	markup_text_len(m, b->bytes, b->len);
	markup_end(m);
	m->out->failed = m->out->failed || !buf_ok(b);
}

static void put_words(struct markup *m, const struct finding_life *l, double y)
{
	struct buf b;

	buf_init(&b, TEXT_BYTES);
	put_thing(&b, l);
	put_text(m, l->type == 0 ? LEFT : LEFT + 10, y + TEXT_BELOW,
	    l->type == 0 ? "strong halo" : "label halo", &b);
	buf_clear(&b);
	put_dates(&b, l);
	put_text(m, RIGHT, y + TEXT_BELOW, "end halo", &b);
	buf_release(&b);
}

static void put_line(struct markup *m, const struct span *s, const struct finding_life *l, double y)
{
	double from = place(s, l->first), to = place(s, l->last);
	double height = l->type == 0 ? NAME_HEIGHT : RECORD_HEIGHT;

	markup_begin(m, "rect");
	plot_number(m, "x", fmin(from, RIGHT - 2));
	plot_number(m, "y", y + LINE_BELOW + (NAME_HEIGHT - height) / 2);
	plot_number(m, "width", fmax(to - from, 2));
	plot_number(m, "height", height);
	markup_attr(m, "class", l->type != 0 ? "f3" : l->of == LIFE_TARGET ? "f4" : "hollow");
	markup_end(m);
}

/* From the end of the one that came before to the beginning of the one that came after. */
static void put_succession(struct markup *m, const struct span *s, const struct finding_life *own,
    const struct finding_life *other, double y)
{
	bool after = other->of == LIFE_SUCCESSOR;
	double own_y = TOP + LINE_BELOW + NAME_HEIGHT, other_y = y + LINE_BELOW;

	markup_begin(m, "line");
	plot_number(m, "x1", place(s, after ? own->last : own->first));
	plot_number(m, "y1", own_y);
	plot_number(m, "x2", place(s, after ? other->first : other->last));
	plot_number(m, "y2", other_y);
	markup_attr(m, "class", "follows");
	markup_end(m);
}

/* All of it in words, for those who do not see it. */
static void put_label(struct buf *b, const struct finding *f)
{
	for (size_t i = 0; i < f->life_count; i++) {
		const struct finding_life *l = &f->lives[i];

		buf_text(b, i > 0 ? "; " : "");
		if (l->type == 0 && l->of != LIFE_TARGET)
			buf_printf(b, "%s ", finding_life_name(l->of));
		put_thing(b, l);
		buf_u8(b, ' ');
		put_dates(b, l);
	}
	buf_u8(b, '\0');
}

static void put_chart(struct markup *m, const struct finding *f)
{
	struct buf label;

	buf_init(&label, TEXT_BYTES * 8);
	put_label(&label, f);
	plot_chart_narrow(m, (unsigned)(TOP + PITCH * (double)f->life_count),
	    buf_ok(&label) ? (const char *)label.bytes : "");
	m->out->failed = m->out->failed || !buf_ok(&label);
	buf_release(&label);
}

static void put_caption(struct markup *m, const struct finding *f)
{
	bool others = f->lives[f->life_count - 1].of != LIFE_TARGET;
	struct buf *b;

	markup_begin(m, "figcaption");
	b = markup_words(m);
	buf_text(b, "From first to last sighting: names by their contacts, thick; below each the"
		    " records that answers showed of it, thin. A record is seen only when it is"
		    " asked for.");
	if (others)
		buf_text(b, " Hollow: names that may have come before or after it; the broken line"
			    " leads from the end of the one to the beginning of the other.");
	if (f->lives_left_out > 0) {
		buf_u8(b, ' ');
		words_things(b, f->lives_left_out, "record that was", "records that were");
		buf_text(b, " seen less often are not drawn; lodestone facts lists all.");
	}
	markup_end(m);
}

void svg_life(struct markup *m, const struct finding *f)
{
	struct span s = span_of(f);

	if (f->life_count < 2)
		return;
	markup_begin(m, "figure");
	put_chart(m, f);
	for (size_t i = 0; i < f->life_count; i++) {
		double y = TOP + PITCH * (double)i;

		if (f->lives[i].type == 0 && f->lives[i].of != LIFE_TARGET)
			put_succession(m, &s, &f->lives[0], &f->lives[i], y);
	}
	for (size_t i = 0; i < f->life_count; i++) {
		double y = TOP + PITCH * (double)i;

		put_words(m, &f->lives[i], y);
		put_line(m, &s, &f->lives[i], y);
	}
	markup_end(m);
	put_caption(m, f);
	markup_end(m);
}
