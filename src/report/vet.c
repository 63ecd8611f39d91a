/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/vet.h"

#include <math.h>
#include <string.h>

#include "base/limits.h"
#include "contact/contact.h"
#include "finding/authenticity_words.h"
#include "finding/words.h"
#include "report/json_tests.h"
#include "report/member.h"
#include "report/style.h"
#include "report/visible.h"

/* ---- for a terminal ---- */

static void put_head(struct buf *out, const char *text, const struct report_style *s)
{
	style_strong(out, s);
	buf_text(out, text);
	style_plain(out, s);
	buf_u8(out, '\n');
}

static void put_time(struct buf *out, struct stamp s)
{
	char text[STAMP_TEXT_MAX];

	(void)stamp_format_iso(s, text);
	buf_text(out, text);
}

static void put_sensor(struct buf *out, const struct hunt_result *r, const struct report_style *s)
{
	struct buf words;

	buf_init(&words, STYLE_PARAGRAPH_MAX);
	put_head(out, "The sensor", s);
	words_things(&words, r->contacts, "contact", "contacts");
	if (r->contacts > 0) {
		words_span(&words, r->first, r->last);
		buf_text(&words, "; ");
		words_outages(&words, r->live_share, r->outages_judged);
		words_losses(&words, "; ", &r->losses);
	}
	buf_u8(&words, '.');
	style_paragraph(out, s, &words);
	for (size_t i = 0; i < r->outage_count; i++) {
		buf_text(out, "  silent from ");
		put_time(out, r->outages[i].from);
		buf_text(out, " to ");
		put_time(out, r->outages[i].to);
		buf_u8(out, '\n');
	}
	buf_u8(out, '\n');
	buf_release(&words);
}

static void put_check(
    struct buf *words, enum authenticity_check check, const struct authenticity_result *r)
{
	buf_printf(words, "- %s: ", authenticity_words_name(check));
	if (r->why != NULL) {
		buf_printf(words, "not testable: %s.", r->why);
		return;
	}
	words_p_of(words, "p", r->p);
	buf_text(words, ": ");
	authenticity_words_say(words, check, r);
	buf_printf(words, " (against: %s).", authenticity_words_null(check));
}

static void put_target(struct buf *out, const struct finding *f, const struct report_style *s)
{
	const struct test_authenticity *t = &f->tests.authenticity;
	char text[ENDPOINT_TEXT_MAX];
	struct buf words;

	buf_init(&words, STYLE_PARAGRAPH_MAX);
	(void)endpoint_format(&f->target, text);
	style_strong(out, s);
	visible_put(out, text, strlen(text), !s->unicode);
	style_plain(out, s);
	buf_printf(out, " (%s)\n", contact_kind_name(f->kind));
	buf_printf(&words, "Is the log what it says? %s", tests_authenticity_name(t->verdict));
	for (size_t i = 0; i < t->concern_count; i++)
		buf_printf(&words, "%s%s", i == 0 ? ": " : "; ", t->concerns[i]);
	if (isfinite(t->p)) {
		buf_text(&words, " (all checks together: ");
		words_p_of(&words, "p", t->p);
		buf_u8(&words, ')');
	}
	buf_text(&words, ". Compared are the look-ups by its busiest peer, ");
	(void)endpoint_format(&f->peers[0].peer, text);
	visible_put(&words, text, strlen(text), true);
	buf_text(&words, ", with that peer's other names, or where these are too few, with other"
			 " names on the same sensor.");
	style_paragraph(out, s, &words);
	for (size_t i = 0; i < AUTHENTICITY_CHECKS; i++) {
		put_check(&words, (enum authenticity_check)i, &t->checks[i]);
		style_paragraph(out, s, &words);
	}
	buf_printf(&words, "What no check can tell: %s.", authenticity_words_limit);
	style_paragraph(out, s, &words);
	buf_release(&words);
}

static void put_remarks(struct buf *out, const struct vet_input *in, const struct report_style *s)
{
	for (size_t i = 0; i < in->remark_count; i++) {
		visible_put(out, in->remarks[i], strlen(in->remarks[i]), !s->unicode);
		buf_u8(out, '\n');
	}
}

void vet_text(struct buf *out, const struct vet_input *in, const struct report_style *style)
{
	const struct report_input evidence = {
		.result = in->result, .health = in->health, .health_count = in->health_count
	};

	put_sensor(out, in->result, style);
	put_head(out, "The evidence", style);
	report_health(out, &evidence, style);
	put_remarks(out, in, style);
	if (in->finding == NULL)
		return;
	buf_u8(out, '\n');
	put_target(out, in->finding, style);
}

/* ---- for programs ---- */

static void put_outages(struct printer *p, const struct hunt_result *r)
{
	printer_map_key(p, "outages");
	printer_begin_list(p);
	for (size_t i = 0; i < r->outage_count; i++) {
		printer_begin_map(p);
		member_time(p, "from", r->outages[i].from);
		member_time(p, "to", r->outages[i].to);
		printer_end(p);
	}
	printer_end(p);
}

static void put_finding(struct printer *p, const struct finding *f)
{
	printer_map_key(p, "target");
	if (f == NULL) {
		printer_null(p);
		return;
	}
	printer_begin_map(p);
	member_endpoint(p, "name", &f->target);
	member_text(p, "kind", contact_kind_name(f->kind));
	member_endpoint(p, "peer", &f->peers[0].peer);
	json_tests_authenticity(p, &f->tests.authenticity);
	printer_end(p);
}

void vet_json(struct buf *out, const struct vet_input *in)
{
	const struct hunt_result *r = in->result;
	struct printer p;

	printer_init(&p, out);
	printer_begin_map(&p);
	member_text(&p, "schema", "lodestone.vet/1");
	member_count(&p, "contacts", r->contacts);
	member_time(&p, "first", r->first);
	member_time(&p, "last", r->last);
	member_number(&p, "live_share", r->live_share);
	printer_map_key(&p, "outages_judged");
	printer_boolean(&p, r->outages_judged);
	put_outages(&p, r);
	member_losses(&p, &r->losses);
	member_strings(&p, "remarks", in->remarks, in->remark_count);
	put_finding(&p, in->finding);
	member_text(&p, "limit", authenticity_words_limit);
	printer_end(&p);
	printer_line(&p);
}
