/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lodestone.hunt/1, the first line of CASE/findings.jsonl: all that the findings behind it follow
 * from, so that they can be made again and compared, and what a page says of the hunt as a whole.
 */
#include "report/report.h"

#include <inttypes.h>
#include <string.h>

#include "report/member.h"

static void put_digest(struct printer *p, const char *key, const struct digest *d)
{
	char text[sizeof("sha256:") + DIGEST_TEXT_MAX] = "sha256:";

	digest_format(d, text + strlen(text));
	member_text(p, key, text);
}

static void put_list(struct printer *p, const char *key, const struct report_list *list)
{
	if (list->given)
		put_digest(p, key, &list->digest);
	else
		member_text(p, key, NULL);
}

static void put_settings(struct printer *p, const struct report_basis *b)
{
	printer_map_key(p, "settings");
	printer_begin_map(p);
	member_count(p, "top", b->top);
	put_list(p, "allow", &b->allow);
	put_list(p, "holidays", &b->holidays);
	put_list(p, "events", &b->events);
	put_list(p, "prior", &b->prior);
	put_list(p, "networks", &b->networks);
	put_list(p, "places", &b->places);
	put_list(p, "popularity", &b->popularity);
	printer_end(p);
}

static void put_day(struct printer *p, int64_t day)
{
	char text[STAMP_TEXT_MAX];

	(void)stamp_format_iso((struct stamp){ day * NS_PER_DAY, 0 }, text);
	text[strcspn(text, "T")] = '\0';
	member_text(p, "day", text);
}

static void put_coverage(struct printer *p, const struct hunt_result *r)
{
	printer_map_key(p, "coverage");
	printer_begin_list(p);
	for (size_t i = 0; i < r->coverage_count; i++) {
		printer_begin_map(p);
		put_day(p, r->coverage[i].day);
		member_count(p, "contacts", r->coverage[i].contacts);
		member_number(p, "live", r->coverage[i].live);
		printer_end(p);
	}
	printer_end(p);
}

static void put_events(struct printer *p, const struct hunt_result *r)
{
	printer_map_key(p, "events");
	printer_begin_list(p);
	for (size_t i = 0; i < r->event_count; i++) {
		printer_begin_map(p);
		put_day(p, r->events[i].day);
		member_text(p, "label", r->events[i].label);
		printer_end(p);
	}
	printer_end(p);
}

/* A case without contacts has no span. */
static void put_span(struct printer *p, const struct hunt_result *r)
{
	if (r->contacts == 0) {
		member_text(p, "first", NULL);
		member_text(p, "last", NULL);
		return;
	}
	member_time(p, "first", r->first);
	member_time(p, "last", r->last);
}

void report_hunt_line(struct buf *out, const struct report_input *in)
{
	const struct hunt_result *r = in->result;
	struct printer p;

	printer_init(&p, out);
	printer_begin_map(&p);
	member_text(&p, "schema", "lodestone.hunt/1");
	member_text(&p, "version", r->version);
	put_digest(&p, "evidence", &in->basis.evidence);
	member_count(&p, "seed", r->seed);
	put_settings(&p, &in->basis);
	member_text(&p, "vantage", r->vantage);
	put_span(&p, r);
	member_count(&p, "contacts", r->contacts);
	member_count(&p, "names", r->names);
	member_count(&p, "eligible", r->eligible);
	member_count(&p, "needles", r->needles);
	member_count(&p, "needles_strict", r->needles_strict);
	member_number(&p, "lambda_gc", r->lambda_gc);
	member_number(&p, "live_share", r->live_share);
	member_text(&p, "none_eligible", r->none_eligible);
	member_count(&p, "findings", r->finding_count);
	put_coverage(&p, r);
	member_losses(&p, &r->losses);
	put_events(&p, r);
	printer_end(&p);
	printer_line(&p);
}

static void put_list_word(struct buf *out, const char *key, const struct report_list *list)
{
	char digest[DIGEST_TEXT_MAX] = "-";

	if (list->given)
		digest_format(&list->digest, digest);
	buf_printf(out, " %s=%s%s", key, list->given ? "sha256:" : "", digest);
}

void report_basis_words(struct buf *out, const struct report_input *in)
{
	const struct report_basis *b = &in->basis;
	char digest[DIGEST_TEXT_MAX];

	digest_format(&b->evidence, digest);
	buf_printf(out, "version=%s evidence=sha256:%s seed=%" PRIu64 " top=%" PRIu64,
	    in->result->version, digest, in->result->seed, b->top);
	put_list_word(out, "allow", &b->allow);
	put_list_word(out, "holidays", &b->holidays);
	put_list_word(out, "events", &b->events);
	put_list_word(out, "prior", &b->prior);
	put_list_word(out, "networks", &b->networks);
	put_list_word(out, "places", &b->places);
	put_list_word(out, "popularity", &b->popularity);
}

void report_findings(struct buf *out, const struct report_input *in)
{
	report_hunt_line(out, in);
	report_jsonl(out, in);
}
