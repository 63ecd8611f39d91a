/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bars lie on their sides, so that each has its range written out beside it. */
#include "finding/words.h"
#include "report/plot.h"
#include "report/svg.h"

#define ROW_HEIGHT 18
#define BAR_HEIGHT 12
#define BARS_LEFT  126
#define BARS_RIGHT 260 /* counts and the TTL stand behind the longest bar */
#define NO_BIN     FINDING_GAP_BINS

static size_t ttl_bin(const struct finding_gaps *g)
{
	return g->ttl == TTL_NONE ? NO_BIN : finding_gap_bin(g->ttl);
}

static void put_range(struct buf *b, size_t bin)
{
	if (bin == 0)
		buf_text(b, "under ");
	else if (bin + 1 == FINDING_GAP_BINS)
		buf_text(b, "from ");
	words_seconds(b, finding_gap_from(bin == 0 ? 1 : bin));
	if (bin > 0 && bin + 1 < FINDING_GAP_BINS) {
		buf_text(b, " to ");
		words_seconds(b, finding_gap_from(bin + 1));
	}
}

/* Open a label; the words go to what is returned. */
static struct buf *begin_label(struct markup *m, double x, double y, const char *class)
{
	markup_begin(m, "text");
	plot_number(m, "x", x);
	plot_number(m, "y", y + BAR_HEIGHT - 2);
	markup_attr(m, "class", class);
	return markup_words(m);
}

static void put_bin(
    struct markup *m, const struct finding_gaps *g, size_t bin, uint64_t max, double y)
{
	double width = (double)g->counts[bin] / (double)max * (BARS_RIGHT - BARS_LEFT);
	bool ttl = ttl_bin(g) == bin;
	struct buf *b;

	put_range(begin_label(m, BARS_LEFT - 6, y, "tick end"), bin);
	markup_end(m);
	if (g->counts[bin] > 0) {
		markup_begin(m, "rect");
		markup_attr_uint(m, "x", BARS_LEFT);
		plot_number(m, "y", y);
		plot_number(m, "width", width < 1 ? 1 : width);
		markup_attr_uint(m, "height", BAR_HEIGHT);
		markup_attr(m, "class", ttl ? "f4" : "f2");
		markup_end(m);
	}
	b = begin_label(m, BARS_LEFT + width + 6, y, ttl ? "tick strong" : "tick");
	words_count(b, g->counts[bin]);
	if (ttl) {
		buf_text(b, "  TTL ");
		words_seconds(b, g->ttl);
	}
	markup_end(m);
}

static void put_caption(struct markup *m, const struct finding_gaps *g)
{
	struct buf *b;

	markup_begin(m, "figcaption");
	b = markup_words(m);
	buf_text(b, "How long a peer stayed away before its next visit: half of the ");
	words_things(b, g->total, "pause lasts", "pauses last");
	buf_text(b, " from ");
	words_seconds(b, g->quartiles_s[0]);
	buf_text(b, " to ");
	words_seconds(b, g->quartiles_s[2]);
	buf_text(b, g->ttl == TTL_NONE
			? ". No answer with a TTL (how long a cache may keep it) was seen."
			: ". TTL, in bold: the longest time for which an answer let caches keep"
			  " it; shorter pauses are of peers without a cache, or with several.");
	markup_end(m);
}

void svg_gaps(struct markup *m, const struct finding_gaps *g)
{
	size_t first = NO_BIN, last = 0;
	uint64_t max = 1;

	if (g->total == 0)
		return;
	for (size_t i = 0; i < FINDING_GAP_BINS; i++) {
		if (g->counts[i] == 0 && ttl_bin(g) != i)
			continue;
		first = first == NO_BIN ? i : first;
		last = i;
		max = g->counts[i] > max ? g->counts[i] : max;
	}
	markup_begin(m, "figure");
	plot_chart_narrow(m, (unsigned)(last - first + 1) * ROW_HEIGHT + 8,
	    "Pauses between visits of the same peer, counted by length, as bars with their "
	    "numbers");
	for (size_t i = first; i <= last; i++)
		put_bin(m, g, i, max, 4 + (double)(i - first) * ROW_HEIGHT);
	plot_rule(m, BARS_LEFT, 0, BARS_LEFT, (double)(last - first + 1) * ROW_HEIGHT + 8);
	markup_end(m);
	put_caption(m, g);
	markup_end(m);
}
