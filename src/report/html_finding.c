/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One finding: the plain paragraph, the picture, then the expert's numbers, each test beside the
 * null hypothesis that it speaks against, then what is open and how to see the rows themselves.
 */
#include <stdio.h>
#include <string.h>

#include "finding/why.h"
#include "finding/words.h"
#include "report/html_parts.h"
#include "report/svg.h"
#include "report/test_rows.h"

#define EFFECT_BYTES_MAX 16384
#define EVENTS_SHOWN     12

/* A test is a group of rows below its question. */
static void begin_group(struct markup *m, const char *question)
{
	markup_begin(m, "tbody");
	markup_begin(m, "tr");
	markup_begin(m, "th");
	markup_attr(m, "scope", "rowgroup");
	markup_attr(m, "colspan", "4");
	markup_attr(m, "class", "group");
	markup_text(m, question);
	markup_end(m);
	markup_end(m);
}

static void put_row(struct markup *m, const struct test_row *row, const struct buf *effect)
{
	markup_begin(m, "tr");
	(void)html_begin_cell(m, "th", NULL);
	markup_text(m, row->name);
	markup_end(m);
	(void)html_begin_cell(m, "td", "long");
	markup_text_len(m, effect->bytes, effect->len);
	markup_end(m);
	(void)html_begin_cell(m, "td", "long");
	if (row->model != NULL)
		markup_text(m, "model: ");
	markup_text(m, row->null != NULL ? row->null : row->model);
	markup_end(m);
	html_p_cell(m, row->p);
	markup_end(m);
}

static void put_rows(struct markup *m, const struct finding *f)
{
	const char *asked = NULL;

	for (size_t i = 0; i < test_rows_count(); i++) {
		struct test_row row;
		struct buf effect;

		buf_init(&effect, EFFECT_BYTES_MAX);
		if (test_rows_make(f, i, &row, &effect)) {
			if (asked != NULL && asked != row.question)
				markup_end(m);
			if (asked != row.question)
				begin_group(m, row.question);
			asked = row.question;
			put_row(m, &row, &effect);
			m->out->failed = m->out->failed || !buf_ok(&effect);
		}
		buf_release(&effect);
	}
	if (asked != NULL)
		markup_end(m);
}

static void put_untested(struct markup *m, const char *name, const char *why)
{
	markup_begin(m, "tr");
	(void)html_begin_cell(m, "th", NULL);
	markup_text(m, name);
	markup_end(m);
	markup_begin(m, "td");
	markup_attr(m, "colspan", "3");
	markup_attr(m, "class", "quiet");
	markup_text(m, why);
	markup_end(m);
	markup_end(m);
}

static void put_all_untested(struct markup *m, const struct finding *f)
{
	struct why_test all[WHY_TESTS];
	bool any = false;

	why_tests(&f->tests, all);
	for (size_t i = 0; i < WHY_TESTS; i++) {
		if (all[i].status->why == NULL)
			continue;
		if (!any)
			begin_group(m, "Not testable here");
		any = true;
		put_untested(m, all[i].name, all[i].status->why);
	}
	if (any)
		markup_end(m);
}

static void put_tests(struct markup *m, const struct finding *f)
{
	static const struct html_head heads[] = { { "Test", NULL }, { "Seen", NULL },
		{ "If nothing is special (null hypothesis)", NULL }, { "p", "n" } };
	struct buf *b;

	markup_element(m, "h3", NULL, "The tests");
	html_begin_groups(m, "What was tested", heads, COUNT_OF(heads));
	put_rows(m, f);
	put_all_untested(m, f);
	html_end_groups(m);
	markup_begin(m, "p");
	b = markup_words(m);
	buf_text(b, "The timing tests together: ");
	words_p_of(b, "p", f->p);
	buf_text(b, ". Among all names tested: ");
	words_p_of(b, "q", f->q);
	buf_text(b,
	    ". Narrowness and persistence are shown effects and count in neither. Score for the"
	    " ranking: ");
	words_number(b, f->score, 3);
	buf_u8(b, '.');
	markup_end(m);
}

static void put_list(struct markup *m, const char *title, const char *const *lines, size_t count)
{
	if (count == 0)
		return;
	markup_element(m, "h3", NULL, title);
	markup_begin(m, "ul");
	for (size_t i = 0; i < count; i++)
		markup_element(m, "li", NULL, lines[i]);
	markup_end(m);
}

/* As one word of a POSIX shell: between single quotes, unless it is plain. */
static void put_shell_word(struct markup *m, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789.-_:";

	if (word[0] != '-' && strspn(word, plain) == strlen(word)) {
		markup_text(m, word);
		return;
	}
	markup_text(m, "'");
	while (*word != '\0') {
		size_t n = strcspn(word, "'");

		markup_text_len(m, word, n);
		word += n;
		if (*word == '\'') {
			markup_text(m, "'\\''");
			word++;
		}
	}
	markup_text(m, "'");
}

static void put_evidence(struct markup *m, const struct finding *f)
{
	char target[ENDPOINT_TEXT_MAX];

	(void)endpoint_format(&f->target, target);
	markup_element(m, "h3", NULL, "The rows themselves");
	markup_element(m, "p", NULL, "This prints every row behind this finding:");
	markup_begin(m, "code");
	markup_attr(m, "class", "line");
	markup_text(m, "lodestone contacts -C CASE --target ");
	put_shell_word(m, target);
	markup_end(m);
	if (f->evidence_count == 0)
		return;
	markup_element(
	    m, "p", NULL, "They come from these sources, named by the SHA-256 of their content:");
	markup_begin(m, "ul");
	for (size_t i = 0; i < f->evidence_count; i++) {
		char digest[DIGEST_TEXT_MAX];

		digest_format(&f->evidence[i].source, digest);
		markup_begin(m, "li");
		markup_element(m, "code", NULL, digest);
		markup_text(m, " ");
		words_things(markup_words(m), f->evidence[i].contacts, "contact", "contacts");
		markup_end(m);
	}
	markup_end(m);
}

/* Up to the empty line, which is passed over; returns what follows. */
static const char *put_paragraph(struct markup *m, const char *text)
{
	const char *end = strstr(text, "\n\n");
	size_t len = end == NULL ? strlen(text) : (size_t)(end - text);

	markup_text_len(m, text, len);
	return text + len + (end == NULL ? 0 : 2);
}

/* The mark stands in the first paragraph. */
static void put_plain(struct markup *m, const struct finding *f)
{
	const char *rest = f->plain != NULL ? f->plain : "";

	markup_begin(m, "p");
	markup_attr(m, "class", "gist");
	if (f->needle)
		markup_element(m, "span", "mark", "Needle. ");
	rest = put_paragraph(m, rest);
	markup_end(m);
	while (*rest != '\0') {
		markup_begin(m, "p");
		rest = put_paragraph(m, rest);
		markup_end(m);
	}
}

/* On a phone the charts scroll on their own, by keys as well. */
static void begin_figures(struct markup *m, const char *heading)
{
	markup_element(m, "h3", NULL, heading);
	markup_begin(m, "div");
	markup_attr(m, "class", "chart");
	markup_attr(m, "role", "region");
	markup_attr(m, "aria-label", heading);
	markup_attr(m, "tabindex", "0");
}

/* The events of the chart by name. */
static void put_events(struct markup *m, const struct test_events *t)
{
	size_t shown = t->date_count < EVENTS_SHOWN ? t->date_count : EVENTS_SHOWN;

	if (t->status.why != NULL || shown == 0)
		return;
	markup_begin(m, "ul");
	for (size_t i = 0; i < shown; i++) {
		markup_begin(m, "li");
		words_day(markup_words(m), t->marks[i].day);
		markup_text(m, " ");
		markup_element(m, "bdi", NULL, t->marks[i].label);
		if (t->marks[i].near)
			markup_text(m, " (near its busiest days)");
		markup_end(m);
	}
	if (shown < t->date_count) {
		markup_begin(m, "li");
		words_things(markup_words(m), t->date_count - shown, "more event", "more events");
		markup_end(m);
	}
	markup_end(m);
}

static void put_pictures(struct markup *m, const struct finding *f)
{
	const struct test_hours *hours = &f->tests.hours;

	if (f->raster.days > 0 && f->raster.hours != NULL) {
		begin_figures(m, "When");
		svg_raster(m, &f->raster);
		if (hours->status.why == NULL && hours->offset_found)
			svg_raster_zone(m, &f->raster, hours->utc_offset_min);
		markup_end(m);
	}
	if (f->raster.days > 0 && f->tests.changes.status.why == NULL &&
	    f->tests.changes.block_count > 0) {
		begin_figures(m, "How often, from change to change");
		svg_rate(m, &f->raster, &f->tests);
		markup_end(m);
		put_events(m, &f->tests.events);
	}
	if (f->life_count > 1) {
		begin_figures(m, "Its life, and what came before and after");
		svg_life(m, f);
		markup_end(m);
	}
	if (f->gaps.total > 0) {
		begin_figures(m, "Pauses between visits");
		svg_gaps(m, &f->gaps);
		markup_end(m);
	}
	if (f->peer_count > 0) {
		begin_figures(m, "Its circle");
		svg_circle(m, f);
		markup_end(m);
	}
}

void html_finding(struct markup *m, const struct finding *f)
{
	char id[24];

	(void)snprintf(id, sizeof(id), "f%u", f->rank);
	markup_begin(m, "article");
	markup_attr(m, "id", id);
	markup_begin(m, "h2");
	markup_attr(m, "class", "name");
	buf_printf(markup_words(m), "%u. ", f->rank);
	html_endpoint(m, &f->target);
	markup_end(m);
	put_plain(m, f);
	if (f->allowed != NULL) {
		markup_begin(m, "p");
		markup_text(m, "On the allow list, by the line ");
		markup_element(m, "code", NULL, f->allowed);
		markup_end(m);
	}
	html_explanations(m, f);
	put_pictures(m, f);
	html_peers(m, f);
	put_list(m, "The host by its other names", f->joined.plain, f->joined.plain_count);
	put_list(m, "Beside a normal mail host", f->usual.plain, f->usual.plain_count);
	put_list(m, "What lists say of it", f->enrichment.plain, f->enrichment.plain_count);
	put_tests(m, f);
	put_list(m, "What would decide", f->would_decide, f->would_decide_count);
	put_list(m, "What cannot be known from here", f->limits, f->limit_count);
	put_evidence(m, f);
	markup_end(m);
}
