/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The dossier of one target, in two voices: a paragraph that needs no knowledge of DNS, then
 * each test with its effect, its null and its p, the pictures, and what the reader can look up
 * for himself. A test without a p appears among those that did not run, with the reason.
 */
#include "report/report.h"

#include <math.h>
#include <string.h>

#include "finding/why.h"
#include "finding/words.h"
#include "report/dossier_chart.h"
#include "report/style.h"
#include "report/table.h"
#include "report/test_rows.h"
#include "report/visible.h"

/* What is under way: paragraphs are gathered in words. */
struct dossier {
	struct buf *out;
	const struct dossier_input *in;
	const struct finding *f;
	const struct report_style *style;
	struct buf words;
};

static void put_endpoint(struct buf *out, const struct endpoint *e)
{
	char text[ENDPOINT_TEXT_MAX];

	buf_put(out, text, endpoint_format(e, text));
}

static void put_heading(struct dossier *d, const char *text)
{
	buf_u8(d->out, '\n');
	style_strong(d->out, d->style);
	buf_text(d->out, text);
	style_plain(d->out, d->style);
	buf_u8(d->out, '\n');
}

static void end_paragraph(struct dossier *d)
{
	style_paragraph(d->out, d->style, &d->words);
}

static void put_text(struct dossier *d, const char *text)
{
	visible_put(&d->words, text, strlen(text), !d->style->unicode);
}

/* ---- in plain words ---- */

static void put_title(struct dossier *d)
{
	style_strong(d->out, d->style);
	put_endpoint(d->out, &d->f->target);
	style_plain(d->out, d->style);
	buf_printf(d->out, " (%s)\n", contact_kind_name(d->f->kind));
}

/* Up to the empty line, which is passed over; returns what follows. */
static const char *say_paragraph(struct dossier *d, const char *text)
{
	const char *end = strstr(text, "\n\n");
	size_t len = end == NULL ? strlen(text) : (size_t)(end - text);

	visible_put(&d->words, text, len, !d->style->unicode);
	end_paragraph(d);
	return text + len + (end == NULL ? 0 : 2);
}

static void say_glossary(struct dossier *d)
{
	if (d->f->kind == KIND_DNS)
		put_text(d,
		    "The words: computers find each other by number, people name them. Before a"
		    " computer can reach a name it asks for the number behind it; that question is"
		    " a look-up, and look-ups are what was recorded. A peer is who asks: a"
		    " computer, or a server that asks for many and keeps the answer for a while in"
		    " its cache. Look-ups within half a minute are one visit.");
	else
		put_text(d,
		    "The words: a contact is one exchange between a computer, the peer, and the"
		    " one that it met. Contacts within half a minute are one visit.");
	end_paragraph(d);
}

static void say_basics(struct dossier *d)
{
	const char *rest;

	put_heading(d, "In plain words");
	rest = say_paragraph(d, d->f->plain);
	buf_u8(d->out, '\n');
	say_glossary(d);
	while (*rest != '\0') {
		buf_u8(d->out, '\n');
		rest = say_paragraph(d, rest);
	}
}

/* ---- the tests ---- */

/* "- name: effect; p = 0.01. Against: null." */
static void say_row(struct dossier *d, const struct test_row *row, const struct buf *effect)
{
	buf_printf(&d->words, "- %s: ", row->name);
	visible_put(&d->words, effect->bytes, effect->len, !d->style->unicode);
	if (isfinite(row->p)) {
		buf_text(&d->words, "; ");
		words_p_of(&d->words, "p", row->p);
		buf_u8(&d->words, '.');
	} else {
		buf_text(&d->words, row->null != NULL ? "; no p." : ".");
	}
	if (row->null != NULL && isfinite(row->p))
		buf_printf(&d->words, " Against: %s.", row->null);
	if (row->model != NULL)
		buf_printf(&d->words, " Model: %s.", row->model);
	end_paragraph(d);
}

/* Each test under its question. */
static void say_rows(struct dossier *d)
{
	const char *asked = NULL;

	for (size_t i = 0; i < test_rows_count(); i++) {
		struct test_row row;
		struct buf effect;

		buf_init(&effect, STYLE_PARAGRAPH_MAX);
		if (test_rows_make(d->f, i, &row, &effect)) {
			if (asked != row.question) {
				asked = row.question;
				style_strong(d->out, d->style);
				buf_printf(d->out, "%s\n", asked);
				style_plain(d->out, d->style);
			}
			say_row(d, &row, &effect);
			d->out->failed = d->out->failed || !buf_ok(&effect);
		}
		buf_release(&effect);
	}
}

/* Is this the first test that did not run for this reason? */
static bool opens_reason(const struct why_test *tests, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (tests[i].status->why != NULL &&
		    strcmp(tests[i].status->why, tests[at].status->why) == 0)
			return false;
	return true;
}

/* One line for each reason, with all its tests. */
static void say_untested(struct dossier *d)
{
	struct why_test tests[WHY_TESTS];

	why_tests(&d->f->tests, tests);
	for (size_t i = 0; i < WHY_TESTS; i++) {
		const char *why = tests[i].status->why;

		if (why == NULL || !opens_reason(tests, i))
			continue;
		buf_printf(&d->words, "- Not testable: %s", tests[i].name);
		for (size_t j = i + 1; j < WHY_TESTS; j++)
			if (tests[j].status->why != NULL && strcmp(tests[j].status->why, why) == 0)
				buf_printf(&d->words, ", %s", tests[j].name);
		buf_text(&d->words, ": ");
		put_text(d, why);
		buf_u8(&d->words, '.');
		end_paragraph(d);
	}
}

static void say_tests(struct dossier *d)
{
	put_heading(d, "The tests");
	say_rows(d);
	say_untested(d);
	if (isnan(d->f->q))
		put_text(d,
		    "Rank and q are not to be had for one name alone: run lodestone hunt to compare"
		    " it with all names. The small p of a name that was picked for its looks proves"
		    " nothing, because among many names some look so by chance.");
	end_paragraph(d);
}

/* ---- pictures and tables ---- */

static void show_pictures(struct dossier *d)
{
	put_heading(d, "When");
	dossier_raster(d->out, &d->f->raster, d->style);
	if (d->f->tests.changes.status.why == NULL && d->f->tests.changes.block_count > 0) {
		put_heading(d, "How often, from change to change");
		dossier_rate(d->out, &d->f->raster, &d->f->tests, d->style);
	}
	if (d->f->gaps.total == 0)
		return;
	put_heading(d, "Pauses between visits of the same peer");
	dossier_gaps(d->out, &d->f->gaps, d->style);
	if (d->f->gaps.ttl == TTL_NONE) {
		put_text(d, "No answer with a TTL (how long a cache may keep it) was seen.");
	} else {
		put_text(d, "TTL: the longest time for which an answer allowed caches to keep it;"
			    " shorter pauses are of peers without a cache, or with several.");
	}
	end_paragraph(d);
}

static void put_table(struct dossier *d, struct table *t)
{
	struct table_layout layout;

	table_lay_out(t, d->style->columns, &layout);
	style_dim(d->out, d->style);
	table_write_head(t, &layout, d->out);
	style_plain(d->out, d->style);
	buf_u8(d->out, '\n');
	for (size_t i = 0; i < table_rows(t); i++) {
		table_write_row(t, &layout, i, d->out);
		buf_u8(d->out, '\n');
	}
	table_close(t, d->out);
}

static const struct table_column peer_columns[] = {
	{ "peer", false },
	{ "contacts", true },
	{ "share", true },
	{ "first", false },
	{ "last", false },
};

static void show_peers(struct dossier *d)
{
	struct table t;

	put_heading(d, d->f->kind == KIND_DNS ? "Who asked" : "Who met it");
	table_init(&t, peer_columns, COUNT_OF(peer_columns), 0);
	for (size_t i = 0; i < d->f->peer_count; i++) {
		const struct finding_peer *p = &d->f->peers[i];

		put_endpoint(table_cell(&t), &p->peer);
		words_count(table_cell(&t), p->contacts);
		words_share(table_cell(&t), p->share);
		words_date(table_cell(&t), p->first);
		words_date(table_cell(&t), p->last);
	}
	put_table(d, &t);
	if (d->f->peers_total > d->f->peer_count) {
		buf_text(&d->words, "... and ");
		words_things(
		    &d->words, d->f->peers_total - d->f->peer_count, "more peer", "more peers");
		end_paragraph(d);
	}
}

static const struct table_column fact_columns[] = {
	{ "record", false },
	{ "", false },
	{ "first", false },
	{ "last", false },
	{ "seen", true },
};

static void show_facts(struct dossier *d)
{
	struct table t;

	put_heading(d, "What answers showed");
	if (d->in->fact_count == 0) {
		put_text(d, "No answer that was read gave it an address or another name, and none"
			    " pointed to it.");
		end_paragraph(d);
		return;
	}
	table_init(&t, fact_columns, COUNT_OF(fact_columns), 1);
	for (size_t i = 0; i < d->in->fact_count; i++) {
		const struct dossier_fact *fact = &d->in->facts[i];
		char type[CONTACT_WORD_MAX];

		(void)contact_fact_format(fact->type, type);
		buf_printf(table_cell(&t), fact->points_here ? "is the %s of" : "%s", type);
		put_endpoint(table_cell(&t), &fact->other);
		words_date(table_cell(&t), fact->first);
		words_date(table_cell(&t), fact->last);
		words_count(table_cell(&t), fact->count);
	}
	put_table(d, &t);
	if (d->in->facts_cut) {
		put_text(d, "... and more: lodestone facts prints all.");
		end_paragraph(d);
	}
}

/* ---- explanations ---- */

static void say_moves(
    struct dossier *d, const struct explanation_moves *m, const char *side, bool against)
{
	bool any = false;

	for (size_t i = 0; i < m->count; i++) {
		if ((m->items[i].log_odds < 0) != against)
			continue;
		buf_text(&d->words, any ? "; " : side);
		put_text(d, m->items[i].trait);
		any = true;
	}
	if (any) {
		buf_u8(&d->words, '.');
		end_paragraph(d);
	}
}

static const struct table_column explanation_columns[] = {
	{ "explanation", false },
	{ "probability", true },
	{ "beforehand", true },
	{ "", false },
};

static void show_explanations(struct dossier *d)
{
	const struct finding_weighing *w = &d->f->weighing;
	struct table t;

	if (!w->weighed)
		return;
	put_heading(d, "Explanations, weighed");
	table_init(&t, explanation_columns, COUNT_OF(explanation_columns), 0);
	for (size_t i = 0; i < EXPLANATION_COUNT; i++) {
		buf_text(table_cell(&t), explanation_name((enum explanation)i));
		words_share(table_cell(&t), w->probability[i]);
		words_share(table_cell(&t), w->prior[i]);
		buf_text(table_cell(&t), w->in_set[i] ? "not ruled out" : "");
	}
	put_table(d, &t);
	buf_printf(&d->words, "Verdict: %s.", explanation_verdict_name(d->f->verdict));
	end_paragraph(d);
	for (size_t i = 0; i < EXPLANATION_COUNT; i++) {
		if (w->moves[i].count == 0)
			continue;
		buf_printf(&d->words, "%s, %s:", explanation_name((enum explanation)i),
		    i == w->first ? "the likeliest" : "not ruled out");
		end_paragraph(d);
		say_moves(d, &w->moves[i], "For it: ", false);
		say_moves(d, &w->moves[i], "Against it: ", true);
	}
}

/* ---- evidence ---- */

/* A word as a shell reads it: as it is where it is harmless, else between single quotes. */
static void put_shell_word(struct dossier *d, const char *word)
{
	static const char harmless[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "0123456789._-/:";

	if (word[0] != '\0' && word[strspn(word, harmless)] == '\0') {
		buf_text(d->out, word);
		return;
	}
	buf_u8(d->out, '\'');
	for (; *word != '\0';) {
		size_t len = strcspn(word, "'");

		visible_put(d->out, word, len, !d->style->unicode);
		word += len;
		if (*word == '\'') {
			buf_text(d->out, "'\\''");
			word++;
		}
	}
	buf_u8(d->out, '\'');
}

static void put_command(struct dossier *d)
{
	char target[ENDPOINT_TEXT_MAX];

	(void)endpoint_format(&d->f->target, target);
	buf_text(d->out, "Every row: lodestone contacts ");
	if (d->in->case_dir != NULL) {
		buf_text(d->out, "-C ");
		put_shell_word(d, d->in->case_dir);
		buf_u8(d->out, ' ');
	}
	buf_text(d->out, "--target ");
	put_shell_word(d, target);
	buf_u8(d->out, '\n');
}

static const struct table_column evidence_columns[] = {
	{ "contacts", true },
	{ "SHA-256", false },
	{ "name", false },
};

/* As many digits as the listing of contacts has. */
#define EVIDENCE_DIGITS 16

static const char *name_of(const struct dossier *d, const struct digest *source)
{
	for (size_t i = 0; i < d->in->health_count; i++)
		if (digest_cmp(&d->in->health[i].content, source) == 0)
			return d->in->health[i].name;
	return "-";
}

static void show_evidence(struct dossier *d)
{
	struct table t;

	put_heading(d, "Evidence");
	table_init(&t, evidence_columns, COUNT_OF(evidence_columns), 2);
	for (size_t i = 0; i < d->f->evidence_count; i++) {
		const struct finding_evidence *e = &d->f->evidence[i];
		const char *name = name_of(d, &e->source);
		char hex[DIGEST_TEXT_MAX];

		digest_format(&e->source, hex);
		words_count(table_cell(&t), e->contacts);
		buf_put(table_cell(&t), hex, EVIDENCE_DIGITS);
		visible_put(table_cell(&t), name, strlen(name), !d->style->unicode);
	}
	put_table(d, &t);
	words_losses(&d->words, "Coverage: ", &d->in->result->losses);
	if (d->words.len > 0)
		buf_u8(&d->words, '.');
	end_paragraph(d);
	put_command(d);
}

static void show_lines(
    struct dossier *d, const char *heading, const char *const *lines, size_t count)
{
	if (count == 0)
		return;
	put_heading(d, heading);
	for (size_t i = 0; i < count; i++) {
		buf_text(&d->words, "- ");
		put_text(d, lines[i]);
		end_paragraph(d);
	}
}

static void say_list(struct dossier *d, const char *name, const struct report_list *list)
{
	char hex[DIGEST_TEXT_MAX];

	if (!list->given)
		return;
	digest_format(&list->digest, hex);
	buf_printf(&d->words, "By the list of %s with SHA-256 %s.", name, hex);
	end_paragraph(d);
}

static void show_enrichment(struct dossier *d)
{
	const struct finding_enrichment *e = &d->f->enrichment;
	const struct report_basis *b = d->in->basis;

	show_lines(d, "What lists say of it", e->plain, e->plain_count);
	if (b == NULL)
		return;
	say_list(d, "networks", &b->networks);
	say_list(d, "places", &b->places);
	say_list(d, "popular domains", &b->popularity);
}

void report_dossier(
    struct buf *out, const struct dossier_input *in, const struct report_style *style)
{
	struct dossier d = { .out = out, .in = in, .f = in->finding, .style = style };

	buf_init(&d.words, STYLE_PARAGRAPH_MAX);
	put_title(&d);
	say_basics(&d);
	show_explanations(&d);
	say_tests(&d);
	show_pictures(&d);
	show_peers(&d);
	show_lines(&d, "The host by its other names", d.f->joined.plain, d.f->joined.plain_count);
	show_lines(&d, "Beside a normal mail host", d.f->usual.plain, d.f->usual.plain_count);
	show_enrichment(&d);
	show_facts(&d);
	show_evidence(&d);
	show_lines(&d, "Limits", d.f->limits, d.f->limit_count);
	show_lines(&d, "What would decide", d.f->would_decide, d.f->would_decide_count);
	buf_release(&d.words);
}
