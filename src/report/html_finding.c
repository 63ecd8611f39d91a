/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One finding: the plain paragraph, the picture, then the expert's numbers, each test beside the
 * null hypothesis that it speaks against, then what is open and how to see the rows themselves.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "finding/why.h"
#include "finding/words.h"
#include "report/html_parts.h"
#include "report/svg.h"

#define SMALL_P 0.05

static const char chance[] =
    "visits come by chance, at the rate of these hours of the week, through a cache";

static void put_peers(struct markup *m, const struct finding *f)
{
	static const struct html_head heads[] = { { "Peer", NULL }, { "Contacts", "n" },
		{ "Share", "n" }, { "First", NULL }, { "Last", NULL } };

	if (f->peer_count == 0)
		return;
	html_begin_table(m, f->peers_total > f->peer_count ? "Who asked most" : "Who asked", heads,
	    COUNT_OF(heads));
	for (size_t i = 0; i < f->peer_count; i++) {
		const struct finding_peer *p = &f->peers[i];

		markup_begin(m, "tr");
		(void)html_begin_cell(m, "th", "name");
		html_endpoint(m, &p->peer);
		markup_end(m);
		html_count_cell(m, p->contacts);
		words_share(html_begin_cell(m, "td", "n"), p->share);
		markup_end(m);
		words_date(html_begin_cell(m, "td", "date"), p->first);
		markup_end(m);
		words_date(html_begin_cell(m, "td", "date"), p->last);
		markup_end(m);
		markup_end(m);
	}
	html_end_table(m);
	if (f->peers_total > f->peer_count) {
		struct buf *b;

		markup_begin(m, "p");
		markup_attr(m, "class", "quiet");
		b = markup_words(m);
		words_things(b, f->peers_total - f->peer_count, "peer", "peers");
		buf_text(b, " more, with fewer contacts each.");
		markup_end(m);
	}
}

/* Open a row: the test, its null, and the cell for its effect. */
static struct buf *begin_test(struct markup *m, const char *name, const char *null)
{
	markup_begin(m, "tr");
	(void)html_begin_cell(m, "th", NULL);
	markup_text(m, name);
	markup_end(m);
	(void)html_begin_cell(m, "td", "long");
	markup_text(m, null);
	markup_end(m);
	return html_begin_cell(m, "td", "long");
}

/* Close the effect, then p. */
static void end_test(struct markup *m, double p)
{
	markup_end(m);
	html_p_cell(m, p);
	markup_end(m);
}

static void put_test(struct markup *m, const char *name, const char *null, double p,
    const char *seen, const char *not_seen)
{
	if (isnan(p))
		return;
	(void)begin_test(m, name, null);
	markup_text(m, p <= SMALL_P ? seen : not_seen);
	end_test(m, p);
}

static void put_narrowness(struct markup *m, const struct test_narrowness *t)
{
	struct buf *b =
	    begin_test(m, "narrowness", "names that are asked for as often have as few peers");

	words_amount(b, t->peers, 3, "effective peer", "effective peers");
	buf_text(b, "; ");
	words_number(b, t->expected, 3);
	buf_text(b, " in the middle of ");
	words_things(b, t->band_names, "name", "names");
	end_test(m, t->p);
}

static void put_persistence(struct markup *m, const struct test_persistence *t)
{
	struct buf *b = begin_test(
	    m, "persistence", "names that are as popular and as narrow are met on as many days");

	words_count(b, t->active_days);
	buf_text(b, " of ");
	words_things(b, t->span_days, "day", "days");
	end_test(m, t->p);
}

static void put_clock(struct markup *m, const struct test_periodicity *t)
{
	struct buf *b;

	if (isnan(t->p_clock))
		return;
	b = begin_test(m, "clock",
	    "pauses of one run may come in any order, or each day may be moved as a whole");
	if (isfinite(t->period_s)) {
		buf_text(b, "period ");
		words_seconds(b, t->period_s);
	}
	if (isfinite(t->period_s) && isfinite(t->jitter_s)) {
		buf_text(b, ", give or take ");
		words_seconds(b, t->jitter_s);
		buf_text(b, ", ");
		words_share(b, t->missing);
		buf_text(b, " of beats missing");
	}
	end_test(m, t->p_clock);
}

static void put_periodicity(struct markup *m, const struct test_periodicity *t)
{
	put_test(m, "even gaps", chance, t->p_gap, "pauses between visits are more even than that",
	    "pauses between visits are no more even than that");
	put_test(m, "even days", chance, t->p_days,
	    "days have more equal numbers of visits than that",
	    "days have no more equal numbers of visits than that");
	put_test(m, "any rhythm at all (not counted)",
	    "look-ups at a constant rate; caches and office hours alone reject this", t->p_any,
	    "the rate is not constant", "the rate may be constant");
	put_test(m, "beyond the cache", chance, t->p_cache,
	    "it has a period that cache and hours do not make",
	    "no period stands out but what cache and hours make");
	put_clock(m, t);
}

static void put_hours(struct markup *m, const struct test_hours *t)
{
	struct buf *b =
	    begin_test(m, "working hours", "visits could stand at any turn of their UTC day");

	words_share(b, t->office_share);
	buf_text(b, " from 9 to 18 in ");
	if (t->offset_found)
		words_zone(b, t->utc_offset_min);
	else
		buf_text(b, "the zone where they are most");
	buf_text(b, "; 38% by chance");
	end_test(m, t->p);
	put_test(m, "weekends", "weeks could begin on any of their days", t->p_week,
	    "weekends differ from other days", "weekends are as other days");
	put_test(m, "holidays", "which day of its group was the holiday makes no difference",
	    t->p_holidays, "holidays are quieter", "holidays are as other days");
}

static void put_span(struct buf *b, const struct change_span *s)
{
	words_date(b, s->from);
	buf_text(b, " to ");
	words_date(b, s->to);
}

static void put_changes(struct markup *m, const struct finding *f)
{
	const struct test_changes *t = &f->tests.changes;
	struct buf *b = begin_test(m, "burst", "one level all the time, in its own hours");

	buf_text(b, "densest from ");
	put_span(b, &t->burst);
	end_test(m, t->p_burst);
	b = begin_test(m, "silence", "the level of the four weeks before, in its own hours");
	buf_text(b, "longest pause from ");
	put_span(b, &t->silence);
	end_test(m, t->p_silence);
	if (!isnan(t->p_stop)) {
		b = begin_test(m, "stop", "it goes on at the level that it had");
		buf_text(b, "last met on ");
		words_date(b, f->last);
		end_test(m, t->p_stop);
	}
}

static void put_events(struct markup *m, const struct test_events *t)
{
	struct buf *b =
	    begin_test(m, "outside events", "the list would fit as well on any other days");

	words_count(b, t->matched_count);
	buf_text(b, " of ");
	words_things(b, t->date_count, "date", "dates");
	buf_text(b, " on or near its busiest days");
	end_test(m, t->p);
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
	markup_text(m, "not testable: ");
	markup_text(m, why);
	markup_end(m);
	markup_end(m);
}

static void put_tests(struct markup *m, const struct finding *f)
{
	static const struct html_head heads[] = { { "Test", NULL },
		{ "If nothing is special (null hypothesis)", NULL }, { "Seen", NULL },
		{ "p", "n" } };
	struct why_test all[WHY_TESTS];
	const struct finding_tests *t = &f->tests;
	struct buf *b;

	why_tests(t, all);
	html_begin_table(m, "What was tested", heads, COUNT_OF(heads));
	for (size_t i = 0; i < WHY_TESTS; i++) {
		if (all[i].status->why != NULL)
			put_untested(m, all[i].name, all[i].status->why);
		else if (all[i].status == &t->narrowness.status)
			put_narrowness(m, &t->narrowness);
		else if (all[i].status == &t->persistence.status)
			put_persistence(m, &t->persistence);
		else if (all[i].status == &t->periodicity.status)
			put_periodicity(m, &t->periodicity);
		else if (all[i].status == &t->hours.status)
			put_hours(m, &t->hours);
		else if (all[i].status == &t->changes.status)
			put_changes(m, f);
		else if (all[i].status == &t->events.status)
			put_events(m, &t->events);
	}
	html_end_table(m);
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
	markup_begin(m, "p");
	if (f->needle)
		markup_element(m, "span", "mark", "Needle. ");
	if (f->plain != NULL)
		markup_text(m, f->plain);
	markup_end(m);
	if (f->allowed != NULL) {
		markup_begin(m, "p");
		markup_text(m, "On the allow list, by the line ");
		markup_element(m, "code", NULL, f->allowed);
		markup_end(m);
	}
	if (f->raster.days > 0 && f->raster.hours != NULL) {
		markup_begin(m, "div");
		markup_attr(m, "class", "chart");
		svg_raster(m, &f->raster);
		markup_end(m);
	}
	put_peers(m, f);
	put_tests(m, f);
	put_list(m, "What would decide", f->would_decide, f->would_decide_count);
	put_list(m, "What cannot be known from here", f->limits, f->limit_count);
	put_evidence(m, f);
	markup_end(m);
}
