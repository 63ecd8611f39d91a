/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lodestone.finding/1, field by field in the order of lodestone-findings(5) and
 * schema/finding-v1.schema.json. A reader of any version finds every key: a test that did not
 * run is an object that says why.
 */
#include "report/report.h"

#include <string.h>

#include "finding/why.h"
#include "report/printer.h"

static void put_number(struct printer *p, const char *key, double value)
{
	printer_map_key(p, key);
	printer_number(p, value);
}

static void put_count(struct printer *p, const char *key, uint64_t value)
{
	printer_map_key(p, key);
	printer_uinteger(p, value);
}

static void put_text(struct printer *p, const char *key, const char *text)
{
	printer_map_key(p, key);
	printer_string(p, text);
}

static void put_time(struct printer *p, const char *key, struct stamp s)
{
	printer_map_key(p, key);
	printer_time(p, s);
}

static void put_endpoint(struct printer *p, const char *key, const struct endpoint *e)
{
	char text[ENDPOINT_TEXT_MAX];
	size_t len = endpoint_format(e, text);

	printer_map_key(p, key);
	printer_string_len(p, text, len);
}

static void put_strings(struct printer *p, const char *key, const char *const *lines, size_t count)
{
	printer_map_key(p, key);
	printer_begin_list(p);
	for (size_t i = 0; i < count; i++)
		printer_string(p, lines[i]);
	printer_end(p);
}

static void put_peers(struct printer *p, const struct finding *f)
{
	printer_map_key(p, "peers");
	printer_begin_list(p);
	for (size_t i = 0; i < f->peer_count; i++) {
		const struct finding_peer *peer = &f->peers[i];

		printer_begin_map(p);
		put_endpoint(p, "peer", &peer->peer);
		put_count(p, "contacts", peer->contacts);
		put_number(p, "share", peer->share);
		put_time(p, "first", peer->first);
		put_time(p, "last", peer->last);
		printer_end(p);
	}
	printer_end(p);
}

static void put_narrowness(struct printer *p, const struct test_narrowness *t)
{
	put_number(p, "p", t->p);
	put_number(p, "peers", t->peers);
	put_number(p, "expected", t->expected);
	put_count(p, "band_names", t->band_names);
}

static void put_persistence(struct printer *p, const struct test_persistence *t)
{
	put_number(p, "p", t->p);
	put_count(p, "active_days", t->active_days);
	put_count(p, "span_days", t->span_days);
}

static void put_periodicity(struct printer *p, const struct test_periodicity *t)
{
	put_number(p, "p_gap", t->p_gap);
	put_number(p, "p_days", t->p_days);
	put_number(p, "p_any", t->p_any);
	put_number(p, "p_cache", t->p_cache);
	put_number(p, "p_clock", t->p_clock);
	put_number(p, "period_s", t->period_s);
	put_number(p, "jitter_s", t->jitter_s);
	put_number(p, "missing", t->missing);
	put_text(p, "verdict", finding_rhythm_name(t->verdict));
}

static void put_tests(struct printer *p, const struct finding_tests *t)
{
	struct why_test all[WHY_TESTS];

	why_tests(t, all);
	printer_map_key(p, "tests");
	printer_begin_map(p);
	for (size_t i = 0; i < WHY_TESTS; i++) {
		printer_map_key(p, all[i].name);
		printer_begin_map(p);
		if (all[i].status->why != NULL) {
			put_text(p, "status", "not testable");
			put_text(p, "why", all[i].status->why);
		} else if (all[i].status == &t->narrowness.status) {
			put_narrowness(p, &t->narrowness);
		} else if (all[i].status == &t->persistence.status) {
			put_persistence(p, &t->persistence);
		} else if (all[i].status == &t->periodicity.status) {
			put_periodicity(p, &t->periodicity);
		}
		printer_end(p);
	}
	printer_end(p);
}

/* No mechanism has been weighed yet, so both lists are empty and the verdict is the finding's own.
 */
static void put_explanations(struct printer *p, const struct finding *f)
{
	put_strings(p, "explanations", NULL, 0);
	put_strings(p, "explanation_set", NULL, 0);
	put_text(p, "verdict", finding_verdict_name(f->verdict));
}

static void put_evidence(struct printer *p, const struct finding *f)
{
	printer_map_key(p, "evidence");
	printer_begin_list(p);
	for (size_t i = 0; i < f->evidence_count; i++) {
		char text[sizeof("sha256:") + DIGEST_TEXT_MAX] = "sha256:";

		digest_format(&f->evidence[i].source, text + strlen(text));
		printer_begin_map(p);
		put_text(p, "source", text);
		put_count(p, "contacts", f->evidence[i].contacts);
		printer_end(p);
	}
	printer_end(p);
}

static void put_finding(struct printer *p, const struct finding *f, const char *vantage)
{
	printer_begin_map(p);
	put_text(p, "schema", "lodestone.finding/1");
	printer_map_key(p, "rank");
	if (f->rank == 0)
		printer_null(p);
	else
		printer_uinteger(p, f->rank);
	put_endpoint(p, "target", &f->target);
	put_text(p, "kind", contact_kind_name(f->kind));
	put_text(p, "vantage", vantage);
	put_number(p, "score", f->score);
	put_number(p, "p", f->p);
	put_number(p, "q", f->q);
	printer_map_key(p, "needle");
	printer_boolean(p, f->needle);
	put_count(p, "contacts", f->contacts);
	put_count(p, "visits", f->visits);
	put_time(p, "first", f->first);
	put_time(p, "last", f->last);
	put_count(p, "active_days", f->active_days);
	put_count(p, "peers_total", f->peers_total);
	put_peers(p, f);
	put_tests(p, &f->tests);
	put_explanations(p, f);
	put_text(p, "plain", f->plain);
	put_strings(p, "would_decide", f->would_decide, f->would_decide_count);
	put_evidence(p, f);
	put_strings(p, "limits", f->limits, f->limit_count);
	printer_end(p);
	printer_line(p);
}

void report_jsonl(struct buf *out, const struct report_input *in)
{
	struct printer p;

	printer_init(&p, out);
	for (size_t i = 0; i < in->result->finding_count; i++)
		put_finding(&p, &in->result->findings[i], in->result->vantage);
}
