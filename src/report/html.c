/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The page is read twice: its first half screen by anybody, the rest by an expert. It holds no
 * script and loads nothing; neither the clock, the machine nor the way the program was called is
 * in it, so that the same result gives the same bytes.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "finding/why.h"
#include "finding/words.h"
#include "report/html_parts.h"
#include "report/html_style.h"
#include "report/report.h"
#include "report/svg.h"

/* A page beyond these would not open any more; it says what it leaves out. */
#define SECTIONS_MAX 200
#define ROWS_MAX     5000
#define NAMED_MAX    5 /* needles in the summary */
#define SMALL_P      0.05

/* What the page follows from, for those who make it anew: report --verify. */
static void put_basis(struct markup *m, const struct report_input *in)
{
	struct buf text;

	buf_init(&text, 1024);
	report_basis_words(&text, in);
	markup_begin(m, "meta");
	markup_attr(m, "name", "lodestone-basis");
	markup_attr_len(m, "content", text.bytes, text.len);
	markup_end(m);
	m->out->failed = m->out->failed || !buf_ok(&text);
	buf_release(&text);
}

static void put_head(struct markup *m, const struct report_input *in)
{
	markup_begin(m, "head");
	markup_begin(m, "meta");
	markup_attr(m, "charset", "utf-8");
	markup_end(m);
	markup_begin(m, "meta");
	markup_attr(m, "http-equiv", "Content-Security-Policy");
	markup_attr(m, "content", "default-src 'none'; style-src 'unsafe-inline'");
	markup_end(m);
	markup_begin(m, "meta");
	markup_attr(m, "name", "viewport");
	markup_attr(m, "content", "width=device-width, initial-scale=1");
	markup_end(m);
	put_basis(m, in);
	markup_element(m, "title", NULL, "lodestone: what stands out in these records");
	markup_begin(m, "style");
	buf_text(markup_words(m), html_style);
	markup_end(m);
	markup_end(m);
}

static void put_looked_at(struct markup *m, const struct hunt_result *r)
{
	struct buf *b;

	markup_begin(m, "p");
	b = markup_words(m);
	words_things(b, r->contacts, "contact", "contacts");
	buf_text(b, " with ");
	words_things(b, r->names, "name", "names");
	if (r->contacts > 0)
		words_span(b, r->first, r->last);
	if (strcmp(r->vantage, "unknown") == 0) {
		markup_text(m, "; where they were recorded is not known");
	} else {
		markup_text(m, ". Place of recording: ");
		markup_text(m, r->vantage);
	}
	b = markup_words(m);
	if (isfinite(r->live_share)) {
		buf_text(b, "; ");
		words_outages(b, r->live_share, r->outages_judged);
		words_losses(b, "; ", &r->losses);
	}
	buf_u8(b, '.');
	markup_end(m);
	markup_element(m, "p", NULL,
	    "A contact is one recorded exchange. Most are look-ups: before a computer can reach a"
	    " name it asks for the number behind it. Who asks is called a peer: a computer, or a"
	    " server that asks for many and keeps the answer for a while in its cache.");
}

/* What is most telling of it, in a few words. */
static void put_telling(struct buf *b, const struct finding_tests *t)
{
	if (t->periodicity.status.why == NULL && t->periodicity.verdict == RHYTHM_SCHEDULE &&
	    isfinite(t->periodicity.period_s)) {
		buf_text(b, "; about every ");
		words_seconds(b, t->periodicity.period_s);
		buf_text(b, ", by a clock");
	}
	if (t->changes.status.why == NULL && t->changes.has_stopped) {
		buf_text(b, "; stopped on ");
		words_date(b, t->changes.stopped);
	}
}

static void put_needle_line(struct markup *m, const struct finding *f)
{
	char href[24];
	struct buf *b;

	(void)snprintf(href, sizeof(href), "#f%u", f->rank);
	markup_begin(m, "li");
	markup_attr(m, "class", "name");
	markup_begin(m, "a");
	markup_attr(m, "href", href);
	html_endpoint(m, &f->target);
	markup_end(m);
	b = markup_words(m);
	buf_text(b, ": ");
	words_things(b, f->contacts, "contact", "contacts");
	buf_text(b, " on ");
	words_things(b, f->active_days, "day", "days");
	buf_text(b, ", by ");
	words_things(b, f->peers_total, "peer", "peers");
	put_telling(b, &f->tests);
	markup_end(m);
}

/* Is each needle narrow, by a test that could run and that is all shown? */
static bool all_narrow(const struct hunt_result *r)
{
	uint64_t narrow = 0;

	for (size_t i = 0; i < r->finding_count; i++) {
		const struct test_narrowness *t = &r->findings[i].tests.narrowness;

		narrow += r->findings[i].needle && t->status.why == NULL && t->p <= SMALL_P;
	}
	return narrow == r->needles;
}

static void put_stands_out(struct markup *m, const struct hunt_result *r)
{
	struct buf *b;
	size_t named = 0;

	markup_begin(m, "p");
	if (r->none_eligible != NULL) {
		markup_text(m, "No name could be ranked: ");
		markup_text(m, r->none_eligible);
		markup_text(m, ".");
		markup_end(m);
		return;
	}
	b = markup_words(m);
	if (r->needles == 0) {
		buf_text(b, "No name stands out beyond what chance does.");
		markup_end(m);
		return;
	}
	words_things(b, r->needles, "name is a needle", "names are needles");
	buf_text(b,
	    all_narrow(r)
		? ". Hardly anyone asks for such a name, yet it is asked for again and again, and"
		  " more evenly"
		: ". Such a name is asked for again and again, and more evenly");
	buf_text(b, " than chance would have it. On average no more than one needle in twenty is"
		    " chance. A needle is a pattern that needs an explanation; it is no verdict on"
		    " anybody.");
	markup_end(m);
	markup_begin(m, "ul");
	for (size_t i = 0; i < r->finding_count && named < NAMED_MAX; i++) {
		if (!r->findings[i].needle)
			continue;
		put_needle_line(m, &r->findings[i]);
		named++;
	}
	markup_end(m);
}

static void put_ordinary(struct markup *m, const struct hunt_result *r)
{
	uint64_t tested = r->eligible > r->needles ? r->eligible - r->needles : 0;
	uint64_t untested = r->names > r->eligible ? r->names - r->eligible : 0;
	struct buf *b;

	markup_begin(m, "p");
	b = markup_words(m);
	words_things(b, tested, "name was tested and shows", "names were tested and show");
	buf_text(b, " nothing that these tests can tell from chance. ");
	words_things(b, untested, "name was", "names were");
	buf_text(
	    b, " met too seldom, or by too many peers, to be tested: nothing is said about them.");
	markup_end(m);
}

static void put_summary(struct markup *m, const struct hunt_result *r)
{
	markup_begin(m, "section");
	markup_attr(m, "class", "summary");
	markup_element(m, "h2", NULL, "What was looked at");
	put_looked_at(m, r);
	markup_element(m, "h2", NULL, "What stands out");
	put_stands_out(m, r);
	markup_element(m, "h2", NULL, "What shows nothing unusual to these tests");
	put_ordinary(m, r);
	markup_element(m, "h2", NULL, "What cannot be known");
	markup_element(m, "p", NULL,
	    "Such records show that a name was asked for, when, and from which address. They do not"
	    " show what was said, by whom, or why. Explanations are weighed by "
	    "models"
	    " of what such records look like: they hold as far as the models do.");
	markup_end(m);
}

static void put_ranking_row(struct markup *m, const struct finding *f, bool linked)
{
	char href[24];

	(void)snprintf(href, sizeof(href), "#f%u", f->rank);
	markup_begin(m, "tr");
	html_count_cell(m, f->rank);
	(void)html_begin_cell(m, "th", "name");
	if (linked) {
		markup_begin(m, "a");
		markup_attr(m, "href", href);
	}
	html_endpoint(m, &f->target);
	if (linked)
		markup_end(m);
	markup_end(m);
	(void)html_begin_cell(m, "td", "word");
	markup_element(
	    m, "span", f->needle ? "mark" : "quiet", f->needle ? "needle" : "effect only");
	markup_end(m);
	words_number(html_begin_cell(m, "td", "n"), finding_effective_peers(f), 2);
	if (f->tests.narrowness.status.why != NULL)
		markup_element(m, "sup", NULL, "a");
	markup_end(m);
	html_count_cell(m, f->peers_total);
	html_count_cell(m, f->contacts);
	html_count_cell(m, f->active_days);
	html_p_cell(m, f->p);
	html_p_cell(m, f->q);
	markup_end(m);
}

static void put_left_out(struct markup *m, size_t shown, size_t all, const char *what)
{
	struct buf *b;

	if (shown >= all)
		return;
	markup_begin(m, "p");
	b = markup_words(m);
	buf_text(b, "The page would grow too large: ");
	buf_printf(b, "%s of the first ", what);
	words_count(b, shown);
	buf_text(b, " of ");
	words_count(b, all);
	buf_text(b, " are here; lodestone hunt --json prints all of them.");
	markup_end(m);
}

static void put_ranking(struct markup *m, const struct hunt_result *r)
{
	static const struct html_head heads[] = { { "Rank", "n" }, { "Target", NULL },
		{ "Mark", NULL }, { "Effective peers", "n" }, { "Peers", "n" }, { "Contacts", "n" },
		{ "Days", "n" }, { "p", "n" }, { "q", "n" } };
	size_t rows = r->finding_count < ROWS_MAX ? r->finding_count : ROWS_MAX;

	if (r->finding_count == 0)
		return;
	markup_begin(m, "section");
	markup_element(m, "h2", NULL, "The ranking");
	markup_element(m, "p", NULL,
	    "A needle has q of at most 0.05. The others are listed for how narrow and steady they "
	    "are,"
	    " and no error rate is claimed for them. Effective peers: how many peers with equal "
	    "shares"
	    " would make as much of a crowd. p: of the timing tests; q: p among all names tested.");
	html_begin_table(m, "Names in rank order", heads, COUNT_OF(heads));
	for (size_t i = 0; i < rows; i++)
		put_ranking_row(m, &r->findings[i], i < SECTIONS_MAX);
	html_end_table(m);
	for (size_t i = 0; i < rows; i++) {
		if (r->findings[i].tests.narrowness.status.why == NULL)
			continue;
		markup_element(m, "p", "quiet",
		    "a: of the peers listed with the name; how narrow it is could not be tested.");
		break;
	}
	put_left_out(m, rows, r->finding_count, "rows");
	markup_end(m);
}

static void put_unranked(struct markup *m, const struct hunt_result *r)
{
	static const struct html_head heads[] = { { "Target", NULL }, { "Kind", NULL },
		{ "Peers", "n" }, { "Contacts", "n" }, { "Visits", "n" }, { "Days", "n" } };
	size_t rows = r->unranked_count < ROWS_MAX ? r->unranked_count : ROWS_MAX;

	if (r->unranked_count == 0)
		return;
	markup_begin(m, "section");
	markup_element(m, "h2", NULL, "What was met");
	html_begin_table(m, "Counted, not tested", heads, COUNT_OF(heads));
	for (size_t i = 0; i < rows; i++) {
		const struct unranked *u = &r->unranked[i];

		markup_begin(m, "tr");
		(void)html_begin_cell(m, "th", "name");
		html_endpoint(m, &u->target);
		markup_end(m);
		markup_element(m, "td", NULL, contact_kind_name(u->kind));
		html_count_cell(m, u->peers_total);
		html_count_cell(m, u->contacts);
		html_count_cell(m, u->visits);
		html_count_cell(m, u->active_days);
		markup_end(m);
	}
	html_end_table(m);
	put_left_out(m, rows, r->unranked_count, "rows");
	markup_end(m);
}

static void put_health_row(struct markup *m, const struct health_line *h)
{
	char digest[DIGEST_TEXT_MAX];

	digest_format(&h->content, digest);
	markup_begin(m, "tr");
	(void)html_begin_cell(m, "th", "name");
	markup_element(m, "bdi", NULL, h->name);
	markup_end(m);
	markup_element(m, "td", NULL, h->state);
	markup_element(m, "td", NULL, h->format[0] == '\0' ? "-" : h->format);
	html_count_cell(m, h->records);
	html_count_cell(m, h->contacts);
	if (h->contacts > 0)
		words_date(html_begin_cell(m, "td", "date"), h->first);
	else
		buf_u8(html_begin_cell(m, "td", NULL), '-');
	markup_end(m);
	if (h->contacts > 0)
		words_date(html_begin_cell(m, "td", "date"), h->last);
	else
		buf_u8(html_begin_cell(m, "td", NULL), '-');
	markup_end(m);
	(void)html_begin_cell(m, "td", "long");
	markup_text(m, h->skipped == NULL || h->skipped[0] == '\0' ? "nothing" : h->skipped);
	if (h->losses != NULL && h->losses[0] != '\0') {
		markup_text(m, "; the sensor lost: ");
		markup_text(m, h->losses);
	}
	markup_end(m);
	(void)html_begin_cell(m, "td", "long");
	markup_element(m, "code", NULL, digest);
	markup_end(m);
	markup_end(m);
}

static bool is_unknown(const struct health_line *h)
{
	return strcmp(h->state, "unknown") == 0;
}

/* Whole folders are given, and most of a folder may be none of ours: one line for all of it. */
static void put_unknown(struct markup *m, const struct report_input *in, size_t rows)
{
	uint64_t count = 0;

	for (size_t i = 0; i < rows; i++)
		count += is_unknown(&in->health[i]);
	if (count == 0)
		return;
	markup_begin(m, "details");
	markup_begin(m, "summary");
	words_things(markup_words(m), count, "source is", "sources are");
	markup_text(m, " of a kind that is not read");
	markup_end(m);
	markup_begin(m, "ul");
	for (size_t i = 0; i < rows; i++) {
		if (!is_unknown(&in->health[i]))
			continue;
		markup_begin(m, "li");
		markup_attr(m, "class", "name");
		markup_element(m, "bdi", NULL, in->health[i].name);
		markup_end(m);
	}
	markup_end(m);
	markup_end(m);
}

static void put_health(struct markup *m, const struct report_input *in)
{
	static const struct html_head heads[] = { { "Source", NULL }, { "State", NULL },
		{ "Format", NULL }, { "Records", "n" }, { "Contacts", "n" }, { "First", NULL },
		{ "Last", NULL }, { "Skipped", NULL }, { "SHA-256 of the content", NULL } };
	size_t rows = in->health_count < ROWS_MAX ? in->health_count : ROWS_MAX;

	markup_begin(m, "section");
	markup_element(m, "h2", NULL, "The evidence and its health");
	html_begin_table(m, "What was read, and what could not be", heads, COUNT_OF(heads));
	for (size_t i = 0; i < rows; i++)
		if (!is_unknown(&in->health[i]))
			put_health_row(m, &in->health[i]);
	html_end_table(m);
	put_unknown(m, in, rows);
	if (rows < in->health_count)
		markup_element(m, "p", NULL,
		    "More sources than a page can hold: lodestone case sources lists them all.");
	if (in->result->coverage_count > 0) {
		markup_begin(m, "div");
		markup_attr(m, "class", "chart");
		markup_attr(m, "role", "region");
		markup_attr(m, "aria-label", "Coverage of the sensors");
		markup_attr(m, "tabindex", "0");
		svg_coverage(m, in->result->coverage, in->result->coverage_count);
		markup_end(m);
	}
	markup_end(m);
}

void report_html(struct buf *out, const struct report_input *in)
{
	const struct hunt_result *r = in->result;
	size_t sections = r->finding_count < SECTIONS_MAX ? r->finding_count : SECTIONS_MAX;
	struct markup m;

	markup_init(&m, out);
	buf_text(out, "<!DOCTYPE html>\n");
	markup_begin(&m, "html");
	markup_attr(&m, "xmlns", "http://www.w3.org/1999/xhtml");
	markup_attr(&m, "lang", "en");
	put_head(&m, in);
	markup_begin(&m, "body");
	markup_begin(&m, "main");
	markup_element(&m, "h1", NULL, "What stands out in these records");
	put_summary(&m, r);
	put_ranking(&m, r);
	put_unranked(&m, r);
	for (size_t i = 0; i < sections; i++)
		html_finding(&m, &r->findings[i]);
	put_left_out(&m, sections, r->finding_count, "sections");
	put_health(&m, in);
	html_methods(&m, in);
	markup_end(&m);
	markup_end(&m);
	markup_end(&m);
}
