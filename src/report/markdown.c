/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * CommonMark with the tables that most readers know: for a ticket or a wiki. All that means
 * something to Markdown or to HTML is escaped in what comes from evidence.
 */
#include "report/export.h"

#include <string.h>

#include "finding/words.h"
#include "report/visible.h"

/* A dot or colon inside of a word: some readers would make a link of the name around it. */
static bool joins(char mark, const struct cursor *rest)
{
	const uint8_t *next = cursor_peek(rest, 1);

	return (mark == '.' || mark == ':') && next != NULL && *next > ' ' &&
	       (*next < '0' || *next > '9');
}

static void put_text(struct buf *out, const char *bytes, size_t len)
{
	struct cursor c = cursor_of(bytes, len);
	char text[VISIBLE_MAX];

	while (cursor_left(&c) > 0) {
		size_t n = visible_next(&c, false, text);

		if (n == 1 && text[0] == '<')
			buf_text(out, "&lt;");
		else if (n == 1 && text[0] == '&')
			buf_text(out, "&amp;");
		else if (n == 1 && (strchr("\\`*_[]#|~>@", text[0]) != NULL || joins(text[0], &c)))
			buf_printf(out, "\\%c", text[0]);
		else
			buf_put(out, text, n);
	}
}

static void put_endpoint(struct buf *out, const struct endpoint *e)
{
	char text[ENDPOINT_TEXT_MAX];
	size_t len = endpoint_format(e, text);

	put_text(out, text, len);
}

static void put_row(struct buf *out, const struct finding *f)
{
	buf_printf(out, "| %u | ", f->rank);
	put_endpoint(out, &f->target);
	buf_printf(out, " | %s | ", f->needle ? "needle" : "effect only");
	words_p(out, f->p);
	buf_text(out, " | ");
	words_p(out, f->q);
	buf_text(out, " | ");
	words_count(out, f->contacts);
	buf_text(out, " | ");
	words_count(out, f->peers_total);
	buf_text(out, " | ");
	words_date(out, f->first);
	buf_text(out, " | ");
	words_date(out, f->last);
	buf_printf(out, " | %s |\n", explanation_verdict_name(f->verdict));
}

static void put_list(struct buf *out, const char *title, const char *const *lines, size_t count)
{
	if (count == 0)
		return;
	buf_printf(out, "\n**%s**\n\n", title);
	for (size_t i = 0; i < count; i++) {
		buf_text(out, "- ");
		put_text(out, lines[i], strlen(lines[i]));
		buf_u8(out, '\n');
	}
}

/* An empty line parts paragraphs, as it does in Markdown. */
static void put_plain(struct buf *out, const char *plain)
{
	while (*plain != '\0') {
		size_t len = strcspn(plain, "\n");

		put_text(out, plain, len);
		buf_u8(out, '\n');
		plain += len + (plain[len] == '\n');
	}
}

static void put_finding(struct buf *out, const struct finding *f)
{
	buf_printf(out, "\n## %u. ", f->rank);
	put_endpoint(out, &f->target);
	buf_text(out, "\n\n");
	put_plain(out, f->plain);
	put_list(out, "What would decide", f->would_decide, f->would_decide_count);
	put_list(out, "What cannot be known from here", f->limits, f->limit_count);
}

void export_markdown(struct buf *out, const struct report_input *in)
{
	const struct hunt_result *r = in->result;

	buf_text(out, "# What stands out in these records\n\n");
	words_things(out, r->contacts, "contact", "contacts");
	buf_text(out, " with ");
	words_things(out, r->names, "name", "names");
	if (r->contacts > 0)
		words_span(out, r->first, r->last);
	buf_text(out, "; ");
	words_things(out, r->eligible, "name was", "names were");
	buf_text(out, " tested, ");
	words_things(out, r->needles, "is a needle", "are needles");
	buf_text(out, ".\n");
	if (r->none_eligible != NULL) {
		buf_text(out, "\nNo name could be ranked: ");
		put_text(out, r->none_eligible, strlen(r->none_eligible));
		buf_text(out, ".\n");
	}
	if (r->finding_count > 0)
		buf_text(out, "\n| Rank | Target | Mark | p | q | Contacts | Peers | First | Last "
			      "| Verdict |\n"
			      "|---:|---|---|---:|---:|---:|---:|---|---|---|\n");
	for (size_t i = 0; i < r->finding_count; i++)
		put_row(out, &r->findings[i]);
	for (size_t i = 0; i < r->finding_count; i++)
		put_finding(out, &r->findings[i]);
}
