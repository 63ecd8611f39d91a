/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who asked: the share of each peer as a bar, and over time as a row of small ones. */
#include "finding/words.h"
#include "report/html_parts.h"
#include "report/plot.h"

#define BAR_WIDTH   96
#define BAR_HEIGHT  14
#define PART_WIDTH  5
#define PART_HEIGHT 22
#define THIRD       (FINDING_PARTS / 3)

static void begin_small(struct markup *m, unsigned width, unsigned height)
{
	markup_begin(m, "svg");
	markup_attr(m, "xmlns", "http://www.w3.org/2000/svg");
	markup_attr_uint(m, "width", width);
	markup_attr_uint(m, "height", height);
	markup_attr(m, "class", "small");
	markup_attr(m, "role", "img");
}

static void put_bar(struct markup *m, double x, double y, double width, double height)
{
	markup_begin(m, "rect");
	plot_number(m, "x", x);
	plot_number(m, "y", y);
	plot_number(m, "width", width);
	plot_number(m, "height", height);
	markup_attr(m, "class", "f3");
	markup_end(m);
}

/* The number stands beside it, for those who do not see the bar. */
static void put_share(struct markup *m, const struct finding_peer *p)
{
	struct buf *b = html_begin_cell(m, "td", "share");

	words_share(b, p->share);
	buf_u8(b, ' ');
	begin_small(m, BAR_WIDTH, BAR_HEIGHT);
	markup_attr(m, "aria-label", "the same as a bar");
	put_bar(m, 0, 0, p->share * BAR_WIDTH < 1 ? 1 : p->share * BAR_WIDTH, BAR_HEIGHT);
	markup_end(m);
	markup_end(m);
}

/* Contacts of all listed peers from one part to before another. */
static uint64_t sum_parts(const struct finding *f, size_t from, size_t to)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < f->peer_count; i++)
		for (size_t part = from; part < to; part++)
			sum += f->peers[i].parts[part];
	return sum;
}

static double share_of(
    const struct finding *f, const struct finding_peer *p, size_t from, size_t to)
{
	uint64_t all = sum_parts(f, from, to), own = 0;

	for (size_t part = from; part < to; part++)
		own += p->parts[part];
	return all == 0 ? 0 : (double)own / (double)all;
}

static void label_over_time(struct markup *m, const struct finding *f, const struct finding_peer *p)
{
	struct buf b;

	buf_init(&b, 256);
	buf_text(&b, "first third ");
	words_share(&b, share_of(f, p, 0, THIRD));
	buf_text(&b, ", middle third ");
	words_share(&b, share_of(f, p, THIRD, 2 * THIRD));
	buf_text(&b, ", last third ");
	words_share(&b, share_of(f, p, 2 * THIRD, FINDING_PARTS));
	markup_attr_len(m, "aria-label", b.bytes, b.len);
	m->out->failed = m->out->failed || !buf_ok(&b);
	buf_release(&b);
}

static void put_over_time(struct markup *m, const struct finding *f, const struct finding_peer *p)
{
	(void)html_begin_cell(m, "td", NULL);
	begin_small(m, FINDING_PARTS * PART_WIDTH, PART_HEIGHT);
	label_over_time(m, f, p);
	plot_rule(m, 0, PART_HEIGHT - .5, FINDING_PARTS * PART_WIDTH, PART_HEIGHT - .5);
	for (size_t i = 0; i < FINDING_PARTS; i++) {
		double height = share_of(f, p, i, i + 1) * (PART_HEIGHT - 1);

		if (p->parts[i] > 0)
			put_bar(m, (double)i * PART_WIDTH, PART_HEIGHT - 1 - height, PART_WIDTH - 1,
			    height < 1 ? 1 : height);
	}
	markup_end(m);
	markup_end(m);
}

static void put_row(struct markup *m, const struct finding *f, const struct finding_peer *p)
{
	markup_begin(m, "tr");
	(void)html_begin_cell(m, "th", "name");
	html_endpoint(m, &p->peer);
	markup_end(m);
	html_count_cell(m, p->contacts);
	put_share(m, p);
	put_over_time(m, f, p);
	words_date(html_begin_cell(m, "td", "date"), p->first);
	markup_end(m);
	words_date(html_begin_cell(m, "td", "date"), p->last);
	markup_end(m);
	markup_end(m);
}

void html_peers(struct markup *m, const struct finding *f)
{
	static const struct html_head heads[] = { { "Peer", NULL }, { "Contacts", "n" },
		{ "Share", NULL }, { "Share over time", NULL }, { "First", NULL },
		{ "Last", NULL } };
	bool more = f->peers_total > f->peer_count;
	struct buf *b;

	if (f->peer_count == 0)
		return;
	markup_element(m, "h3", NULL, f->kind == KIND_DNS ? "Who asked" : "Who met it");
	html_begin_table(m, more ? "The busiest peers" : "All peers", heads, COUNT_OF(heads));
	for (size_t i = 0; i < f->peer_count; i++)
		put_row(m, f, &f->peers[i]);
	html_end_table(m);
	markup_begin(m, "p");
	markup_attr(m, "class", "quiet");
	b = markup_words(m);
	buf_text(b, "Over time: the share among these peers in each of ");
	words_count(b, FINDING_PARTS);
	buf_text(b, " equal parts of the time from its first contact to its last; a whole column is"
		    " all of them.");
	if (more) {
		buf_u8(b, ' ');
		words_things(b, f->peers_total - f->peer_count, "peer", "peers");
		buf_text(b, " more, with fewer contacts each.");
	}
	markup_end(m);
}
