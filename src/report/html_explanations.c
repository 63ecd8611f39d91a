/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The mechanisms that are not ruled out stand beside each other, each with what speaks for it and
 * what speaks against it, so that the likeliest is not the only one that a reader can weigh. The
 * table of all of them follows.
 */
#include "finding/words.h"
#include "report/html_parts.h"

static void put_side(
    struct markup *m, const struct explanation_moves *moves, bool against, const char *title)
{
	bool any = false;

	for (size_t i = 0; i < moves->count; i++)
		any = any || (moves->items[i].log_odds < 0) == against;
	markup_element(m, "p", "side", title);
	if (!any) {
		markup_element(m, "p", "quiet", "no trait that moves its odds to speak of");
		return;
	}
	markup_begin(m, "ul");
	for (size_t i = 0; i < moves->count; i++)
		if ((moves->items[i].log_odds < 0) == against)
			markup_element(m, "li", NULL, moves->items[i].trait);
	markup_end(m);
}

static void put_odds(struct markup *m, const struct finding_weighing *w, enum explanation e)
{
	struct buf *b;

	markup_begin(m, "p");
	markup_begin(m, "b");
	words_share(markup_words(m), w->probability[e]);
	markup_end(m);
	b = markup_words(m);
	buf_text(b, " likely, of ");
	words_share(b, w->prior[e]);
	buf_text(b, " beforehand");
	if (!w->in_set[e])
		buf_text(b, "; yet the pattern is odd for it");
	markup_end(m);
}

static void put_mechanism(struct markup *m, const struct finding_weighing *w, enum explanation e)
{
	markup_begin(m, "section");
	markup_begin(m, "h4");
	markup_text(m, explanation_name(e));
	markup_end(m);
	markup_element(m, "p", "quiet", explanation_words(e));
	if (e == EXPLAINED_OTHER) {
		markup_element(m, "p", NULL,
		    "The pattern is unlike what the models make, so that none of them may be it. "
		    "This"
		    " one has no model: nothing can be weighed for it or against it.");
	} else {
		put_odds(m, w, e);
		put_side(m, &w->moves[e], false, "Speaks for it");
		put_side(m, &w->moves[e], true, "Speaks against it");
	}
	markup_end(m);
}

/* The likeliest of those that are left; false: none is. */
static bool take_next(
    const struct finding_weighing *w, bool taken[static EXPLANATION_COUNT], enum explanation *ret)
{
	bool found = false;

	for (size_t i = 0; i < EXPLANATION_COUNT; i++) {
		bool shown = w->in_set[i] || i == w->first;

		/* "other" has no probability and comes last */
		if (shown && !taken[i] && (!found || w->probability[i] > w->probability[*ret])) {
			*ret = (enum explanation)i;
			found = true;
		}
	}
	if (found)
		taken[*ret] = true;
	return found;
}

static void put_mechanisms(struct markup *m, const struct finding_weighing *w)
{
	bool taken[EXPLANATION_COUNT] = { false };
	enum explanation e = EXPLAINED_OTHER;

	markup_begin(m, "div");
	markup_attr(m, "class", "ways");
	while (take_next(w, taken, &e))
		put_mechanism(m, w, e);
	markup_end(m);
}

static void put_table(struct markup *m, const struct finding_weighing *w)
{
	static const struct html_head heads[] = { { "Explanation", NULL }, { "Probability", "n" },
		{ "Beforehand", "n" } };

	html_begin_table(m, "Which mechanism would make such a pattern?", heads, COUNT_OF(heads));
	for (size_t i = 0; i < EXPLANATION_COUNT; i++) {
		markup_begin(m, "tr");
		(void)html_begin_cell(m, "th", NULL);
		markup_text(m, explanation_name((enum explanation)i));
		if (w->in_set[i])
			markup_element(m, "span", "note", " not ruled out");
		markup_end(m);
		words_share(html_begin_cell(m, "td", "n"), w->probability[i]);
		markup_end(m);
		words_share(html_begin_cell(m, "td", "n"), w->prior[i]);
		markup_end(m);
		markup_end(m);
	}
	html_end_table(m);
}

void html_explanations(struct markup *m, const struct finding *f)
{
	const struct finding_weighing *w = &f->weighing;

	if (!w->weighed)
		return;
	markup_element(m, "h3", NULL, "Explanations, weighed");
	markup_begin(m, "p");
	markup_text(m, "Verdict: ");
	markup_text(m, explanation_verdict_name(f->verdict));
	if (w->undecided != NULL) {
		markup_text(m, ", because ");
		markup_text(m, w->undecided);
	}
	markup_text(m, ". Each mechanism that is not ruled out, with the traits that moved its odds"
		       " most:");
	markup_end(m);
	put_mechanisms(m, w);
	put_table(m, w);
}
