/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The circle: the target in the middle, its listed peers around it. Peers stand right and left in
 * turn, busiest on top, at equal heights rather than equal angles: so no two labels meet, and
 * twenty of them can be read. Width and radius tell the share, never a color.
 */
#include <math.h>

#include "finding/words.h"
#include "report/plot.h"
#include "report/svg.h"
#include "report/visible.h"

#define MIDDLE      (PLOT_NARROW / 2.0)
#define RADIUS_X    50.0
#define PEER_PITCH  34.0 /* from label to label */
#define HEIGHT_MIN  120.0
#define NAME_WIDTH  19 /* characters: what fits between a node and the edge */
#define TITLE_WIDTH 46 /* of the target's name, on a line of its own on top */
#define TITLE       18.0
#define TARGET_NODE 9.0
#define TEXT_BYTES  2048

struct spot {
	double x;
	double y;
	bool right;
};

static double height_of(size_t peers)
{
	double height = (double)((peers + 1) / 2) * PEER_PITCH + PEER_PITCH;

	return height < HEIGHT_MIN ? HEIGHT_MIN : height;
}

/* The height is without the title. */
static double middle_of(double height)
{
	return TITLE + height / 2;
}

static struct spot spot_of(size_t i, size_t peers, double height)
{
	struct spot s = { .right = i % 2 == 0 };
	size_t on_side = s.right ? (peers + 1) / 2 : peers / 2;
	double at = (double)(2 * (i / 2) + 1) / (double)on_side - 1; /* -1 top, 1 bottom */
	double out = RADIUS_X * sqrt(1 - at * at * .75);

	s.x = MIDDLE + (s.right ? out : -out);
	s.y = middle_of(height) + at * (height - PEER_PITCH) / 2;
	return s;
}

static void put_node(struct markup *m, double x, double y, double radius, const char *class)
{
	markup_begin(m, "circle");
	plot_number(m, "cx", x);
	plot_number(m, "cy", y);
	plot_number(m, "r", radius);
	markup_attr(m, "class", class);
	markup_end(m);
}

static void put_spoke(struct markup *m, const struct spot *s, double height, double share)
{
	markup_begin(m, "line");
	plot_number(m, "x1", MIDDLE);
	plot_number(m, "y1", middle_of(height));
	plot_number(m, "x2", s->x);
	plot_number(m, "y2", s->y);
	markup_attr(m, "class", "spoke");
	plot_number(m, "stroke-width", 1 + 9 * share);
	markup_end(m);
}

/* The name, shortened in its middle if it must be. */
static void put_name(struct buf *out, const struct endpoint *e, size_t width)
{
	char text[ENDPOINT_TEXT_MAX];
	size_t len = endpoint_format(e, text);

	visible_elide(out, text, len, true, width);
}

static void put_text(
    struct markup *m, double x, double y, const char *class, const struct buf *text)
{
	markup_begin(m, "text");
	plot_number(m, "x", x);
	plot_number(m, "y", y);
	markup_attr(m, "class", class);
	markup_text_len(m, text->bytes, text->len);
	markup_end(m);
	m->out->failed = m->out->failed || !buf_ok(text);
}

static void put_peer_label(struct markup *m, const struct spot *s, const struct finding_peer *p)
{
	struct buf b;
	double x = s->x + (s->right ? 16 : -16);

	buf_init(&b, TEXT_BYTES);
	put_name(&b, &p->peer, NAME_WIDTH);
	put_text(m, x, s->y - 1, s->right ? "label" : "label end", &b);
	buf_clear(&b);
	words_share(&b, p->share);
	put_text(m, x, s->y + 11, s->right ? "quiet-label" : "quiet-label end", &b);
	buf_release(&b);
}

static void put_target_label(struct markup *m, const struct endpoint *target)
{
	struct buf b;

	buf_init(&b, TEXT_BYTES);
	put_name(&b, target, TITLE_WIDTH);
	put_text(m, MIDDLE, TITLE - 6, "center strong", &b);
	buf_release(&b);
}

/* In words, for those who do not see it; the table of peers says the rest. */
static void put_chart(struct markup *m, const struct finding *f, double height)
{
	struct buf b;

	buf_init(&b, TEXT_BYTES);
	buf_text(&b, "The target ");
	put_name(&b, &f->target, TITLE_WIDTH);
	buf_text(&b, " in the middle of ");
	words_things(&b, f->peer_count, "peer", "peers");
	buf_text(&b, f->peer_count > 1 ? "; the busiest is " : ": ");
	put_name(&b, &f->peers[0].peer, TITLE_WIDTH);
	buf_text(&b, ", with ");
	words_share(&b, f->peers[0].share);
	buf_text(&b, " of the contacts");
	buf_u8(&b, '\0');
	plot_chart_narrow(m, (unsigned)(TITLE + height), buf_ok(&b) ? (const char *)b.bytes : "");
	m->out->failed = m->out->failed || !buf_ok(&b);
	buf_release(&b);
}

static void put_caption(struct markup *m, const struct finding *f)
{
	struct buf *b;

	markup_begin(m, "figcaption");
	b = markup_words(m);
	buf_text(b, "In the middle the target, around it those who asked for it. The thicker the "
		    "line and the larger the point, the larger the peer's share.");
	if (f->peers_total > f->peer_count) {
		buf_u8(b, ' ');
		words_things(
		    b, f->peers_total - f->peer_count, "peer is not drawn", "peers are not drawn");
		buf_u8(b, '.');
	}
	markup_end(m);
}

void svg_circle(struct markup *m, const struct finding *f)
{
	double height = height_of(f->peer_count);

	if (f->peer_count == 0)
		return;
	markup_begin(m, "figure");
	put_chart(m, f, height);
	for (size_t i = 0; i < f->peer_count; i++) {
		struct spot s = spot_of(i, f->peer_count, height);

		put_spoke(m, &s, height, f->peers[i].share);
	}
	for (size_t i = 0; i < f->peer_count; i++) {
		struct spot s = spot_of(i, f->peer_count, height);

		put_node(m, s.x, s.y, 4 + 7 * sqrt(f->peers[i].share), "node");
		put_peer_label(m, &s, &f->peers[i]);
	}
	put_node(m, MIDDLE, middle_of(height), TARGET_NODE, "center-node");
	put_target_label(m, &f->target);
	markup_end(m);
	put_caption(m, f);
	markup_end(m);
}
