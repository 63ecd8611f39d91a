/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The ranking for a terminal: first what was found in a sentence, then the table, then what the
 * marks mean and what to do next. Whatever comes from evidence passes through visible.h.
 */
#include "report/report.h"

#include <math.h>
#include <string.h>

#include "finding/words.h"
#include "report/sparkline.h"
#include "report/style.h"
#include "report/table.h"
#include "report/visible.h"

#define INFLATION_TOLD 1.1 /* METHODS 2.i */
#define SMALL_P        0.05

static void put_endpoint(struct buf *out, const struct endpoint *e)
{
	char text[ENDPOINT_TEXT_MAX];

	buf_put(out, text, endpoint_format(e, text));
}

/* The short form of words_p(). */
static void put_p(struct buf *b, double p)
{
	if (p < WORDS_P_FLOOR)
		buf_text(b, "<1e-300");
	else
		words_number(b, p, 2);
}

static void put_period(struct buf *b, const struct test_periodicity *t, const char *name)
{
	buf_printf(b, "%s ", name);
	words_seconds(b, t->period_s);
}

/* A few words on the rhythm. */
static void put_rhythm(struct buf *b, const struct finding *f)
{
	const struct test_periodicity *t = &f->tests.periodicity;
	bool gap = t->p_gap <= SMALL_P;
	bool days = t->p_days <= SMALL_P;

	if (t->status.why != NULL)
		buf_text(b, "?");
	else if (t->verdict == RHYTHM_SCHEDULE && isfinite(t->period_s))
		put_period(b, t, "clock");
	else if (t->verdict == RHYTHM_CACHE && isfinite(t->period_s))
		put_period(b, t, "cache");
	else if (gap && days)
		buf_text(b, "even");
	else if (gap)
		buf_text(b, "even gaps");
	else if (days)
		buf_text(b, "even days");
	else
		buf_text(b, "-");
	/* the period describes what the tests found; by itself it is no finding */
	if (f->needle && (gap || days) && isfinite(t->period_s) && t->verdict != RHYTHM_SCHEDULE &&
	    t->verdict != RHYTHM_CACHE) {
		buf_text(b, " ~");
		words_seconds(b, t->period_s);
	}
}

#define WIDE_FROM 80 /* a narrower terminal gets neither rhythm nor p */

static const struct table_column wide_columns[] = {
	{ "", false },
	{ "rank", true },
	{ "target", false },
	{ "peers", true },
	{ "contacts", true },
	{ "days", true },
	{ "rhythm", false },
	{ "p", true },
	{ "q", true },
};

static const struct table_column narrow_columns[] = {
	{ "", false },
	{ "rank", true },
	{ "target", false },
	{ "peers", true },
	{ "contacts", true },
	{ "days", true },
	{ "q", true },
};

static void add_finding(struct table *t, const struct finding *f, bool wide)
{
	buf_text(table_cell(t), f->needle ? "*" : " ");
	words_count(table_cell(t), f->rank);
	put_endpoint(table_cell(t), &f->target);
	words_number(table_cell(t), finding_effective_peers(f), 2);
	words_count(table_cell(t), f->contacts);
	words_count(table_cell(t), f->active_days);
	if (wide) {
		put_rhythm(table_cell(t), f);
		put_p(table_cell(t), f->p);
	}
	put_p(table_cell(t), f->q);
}

/* "      2016-05-04 [ ... ] 2016-09-23" under the row of a needle. */
static void put_spark_row(struct buf *out, const struct finding *f, const struct report_style *s)
{
	const size_t around = 7 + 10 + 2 + 2 + 10;
	size_t width = s->columns > around + 8 ? s->columns - around : 8;

	buf_text(out, "       ");
	words_date(out, f->first);
	buf_text(out, " [");
	sparkline_put(out, &f->raster, width, s->unicode);
	buf_text(out, "] ");
	words_date(out, f->last);
	buf_u8(out, '\n');
}

static void put_ranking(struct buf *out, const struct hunt_result *r, const struct report_style *s)
{
	bool wide = s->columns >= WIDE_FROM;
	struct table_layout layout;
	struct table t;

	table_init(&t, wide ? wide_columns : narrow_columns,
	    wide ? COUNT_OF(wide_columns) : COUNT_OF(narrow_columns), 2);
	t.above = true;
	for (size_t i = 0; i < r->finding_count; i++)
		add_finding(&t, &r->findings[i], wide);
	table_lay_out(&t, s->columns, &layout);
	style_dim(out, s);
	table_write_head(&t, &layout, out);
	style_plain(out, s);
	buf_u8(out, '\n');
	for (size_t i = 0; i < table_rows(&t); i++) {
		const struct finding *f = &r->findings[i];

		if (f->needle)
			style_strong(out, s);
		table_write_row(&t, &layout, i, out);
		if (f->needle)
			style_plain(out, s);
		buf_u8(out, '\n');
		if (f->needle && f->raster.days > 0)
			put_spark_row(out, f, s);
		if (f->allowed != NULL) {
			buf_text(out, "       on the allow list: ");
			visible_put(out, f->allowed, strlen(f->allowed), !s->unicode);
			buf_u8(out, '\n');
		}
	}
	table_close(&t, out);
}

static const struct table_column unranked_columns[] = {
	{ "target", false },
	{ "kind", false },
	{ "peers", true },
	{ "contacts", true },
	{ "visits", true },
	{ "days", true },
};

static void put_unranked(struct buf *out, const struct hunt_result *r, const struct report_style *s)
{
	struct table_layout layout;
	struct table t;

	table_init(&t, unranked_columns, COUNT_OF(unranked_columns), 0);
	t.above = true;
	for (size_t i = 0; i < r->unranked_count; i++) {
		const struct unranked *u = &r->unranked[i];

		put_endpoint(table_cell(&t), &u->target);
		buf_text(table_cell(&t), contact_kind_name(u->kind));
		words_count(table_cell(&t), u->peers_total);
		words_count(table_cell(&t), u->contacts);
		words_count(table_cell(&t), u->visits);
		words_count(table_cell(&t), u->active_days);
	}
	table_lay_out(&t, s->columns, &layout);
	style_dim(out, s);
	table_write_head(&t, &layout, out);
	style_plain(out, s);
	buf_u8(out, '\n');
	for (size_t i = 0; i < table_rows(&t); i++) {
		table_write_row(&t, &layout, i, out);
		buf_u8(out, '\n');
	}
	table_close(&t, out);
}

static void say_found(struct buf *b, const struct hunt_result *r)
{
	if (r->none_eligible != NULL) {
		buf_text(b, "No name could be ranked: ");
		visible_put(b, r->none_eligible, strlen(r->none_eligible), true);
		buf_u8(b, '.');
		return;
	}
	if (r->needles > 0) {
		words_things(b, r->needles, "name", "names");
		buf_text(b, r->needles == 1 ? " stands out among " : " stand out among ");
	} else {
		buf_text(b, "No name stands out beyond chance among ");
	}
	words_count(b, r->names);
	buf_text(b, "; ");
	words_count(b, r->eligible);
	buf_text(b, r->eligible == 1 ? " was" : " were");
	buf_text(b, " met often enough, by few enough peers, to be tested.");
}

static void say_records(struct buf *b, const struct hunt_result *r)
{
	words_things(b, r->contacts, "contact", "contacts");
	if (r->contacts > 0)
		words_span(b, r->first, r->last);
	if (isfinite(r->live_share)) {
		buf_text(b, "; ");
		words_outages(b, r->live_share, r->outages_judged);
		words_losses(b, "; ", &r->losses);
	}
	buf_printf(b, ". Vantage: %s.", r->vantage);
	if (r->lambda_gc > INFLATION_TOLD) {
		buf_text(b, " Miscalibrated here: the tests alarm too easily on these records"
			    " (inflation ");
		words_number(b, r->lambda_gc, 3);
		buf_text(b, "), and q is corrected for it.");
	}
}

static void say_marks(struct buf *b, const struct hunt_result *r, bool wide)
{
	if (r->finding_count == 0)
		return;
	if (r->needles > 0)
		buf_text(b, "* a needle: q is at most 0.05, so that on average no more than one in"
			    " twenty of them is chance. ");
	if (r->needles > 0 && r->needles_strict < r->needles) {
		words_count(b, r->needles_strict);
		buf_text(b,
		    " of them would be one by Benjamini and Yekutieli's stricter rule, which"
		    " holds whatever the names have in common. ");
	}
	if (r->needles < r->finding_count)
		buf_text(b,
		    "The names without a mark stand out by effect only; no error rate is claimed"
		    " for them. ");
	buf_text(
	    b, "peers: how many equal peers would make as much of a crowd; days: with contacts;");
	if (wide)
		buf_text(b,
		    " rhythm: even gaps, pauses more even than chance would make them; even days,"
		    " as many visits each day; even, both; clock, kept to one; cache, as one makes"
		    " it; -, none of these; ~, the strongest period; p: of the rhythm alone;");
	buf_text(b, " q: p among all names tested.");
}

static void say_health(struct buf *b, const struct report_input *in)
{
	size_t complete = 0;
	size_t unknown = 0;
	size_t skipping = 0;

	if (in->health_count == 0) {
		buf_text(b, "Evidence: none.");
		return;
	}
	for (size_t i = 0; i < in->health_count; i++) {
		complete += strcmp(in->health[i].state, "complete") == 0;
		unknown += strcmp(in->health[i].state, "unknown") == 0;
		skipping += in->health[i].skipped != NULL && in->health[i].skipped[0] != '\0';
	}
	buf_text(b, "Evidence: ");
	if (complete < in->health_count) {
		words_count(b, complete);
		buf_text(b, " of ");
		words_things(b, in->health_count, "source was", "sources were");
		buf_text(b, " read; ");
		words_count(b, unknown);
		buf_text(b, unknown == 1 ? " is" : " are");
		buf_text(b, " of a kind that is not read; ");
		words_count(b, in->health_count - complete - unknown);
		buf_text(b, " damaged");
	} else {
		words_things(b, in->health_count, "source", "sources");
	}
	if (skipping > 0) {
		buf_text(b, complete < in->health_count ? "; " : ", ");
		words_count(b, skipping);
		buf_text(b, " with records left out");
	}
	buf_text(b, complete < in->health_count || skipping > 0 ? ": see lodestone case sources."
								: ", all complete.");
}

static void say_next(struct buf *b, const struct hunt_result *r)
{
	if (r->none_eligible != NULL)
		buf_text(b,
		    "Next: add more evidence of the same place to the case; what is listed is"
		    " only counted, not tested.");
	else if (r->finding_count > 0)
		buf_text(
		    b, "Next: lodestone contacts --target NAME prints every row behind a name.");
}

void report_text(struct buf *out, const struct report_input *in, const struct report_style *style)
{
	const struct hunt_result *r = in->result;
	struct buf words;

	buf_init(&words, STYLE_PARAGRAPH_MAX);
	say_found(&words, r);
	style_paragraph(out, style, &words);
	say_records(&words, r);
	style_paragraph(out, style, &words);
	buf_u8(out, '\n');
	if (r->finding_count > 0)
		put_ranking(out, r, style);
	else if (r->unranked_count > 0)
		put_unranked(out, r, style);
	if (r->finding_count > 0 || r->unranked_count > 0)
		buf_u8(out, '\n');
	say_marks(&words, r, style->columns >= WIDE_FROM);
	style_paragraph(out, style, &words);
	say_health(&words, in);
	style_paragraph(out, style, &words);
	say_next(&words, r);
	style_paragraph(out, style, &words);
	buf_release(&words);
}
