/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lodestone.finding/1, field by field in the order of lodestone-findings(5) and
 * schema/finding-v1.schema.json. A reader of any version finds every key: a test that did not
 * run is an object that says why.
 */
#include "report/report.h"

#include <math.h>
#include <string.h>

#include "report/json_joined.h"
#include "report/json_tests.h"
#include "report/member.h"

static void put_peers(struct printer *p, const struct finding *f)
{
	printer_map_key(p, "peers");
	printer_begin_list(p);
	for (size_t i = 0; i < f->peer_count; i++) {
		const struct finding_peer *peer = &f->peers[i];

		printer_begin_map(p);
		member_endpoint(p, "peer", &peer->peer);
		member_count(p, "contacts", peer->contacts);
		member_number(p, "share", peer->share);
		member_time(p, "first", peer->first);
		member_time(p, "last", peer->last);
		printer_end(p);
	}
	printer_end(p);
}

static void put_moves(struct printer *p, const struct explanation_moves *m)
{
	printer_map_key(p, "traits");
	printer_begin_list(p);
	for (size_t i = 0; i < m->count; i++) {
		printer_begin_map(p);
		member_text(p, "trait", m->items[i].trait);
		member_number(p, "log_odds", m->items[i].log_odds);
		printer_end(p);
	}
	printer_end(p);
}

static void put_explanations(struct printer *p, const struct finding_weighing *w)
{
	printer_map_key(p, "explanations");
	printer_begin_list(p);
	for (size_t i = 0; i < EXPLANATION_COUNT && w->weighed; i++) {
		printer_begin_map(p);
		member_text(p, "name", explanation_name((enum explanation)i));
		member_number(p, "probability", w->probability[i]);
		member_number(p, "prior", w->prior[i]);
		member_number(p, "bayes_factor", w->factor[i]);
		put_moves(p, &w->moves[i]);
		printer_end(p);
	}
	printer_end(p);
	printer_map_key(p, "explanation_set");
	printer_begin_list(p);
	for (size_t i = 0; i < EXPLANATION_COUNT && w->weighed; i++)
		if (w->in_set[i])
			printer_string(p, explanation_name((enum explanation)i));
	printer_end(p);
	member_text(p, "undecided", w->undecided);
}

static void put_lives(struct printer *p, const struct finding *f)
{
	printer_map_key(p, "lives");
	printer_begin_list(p);
	for (size_t i = 0; i < f->life_count; i++) {
		const struct finding_life *life = &f->lives[i];
		char type[CONTACT_WORD_MAX];

		printer_begin_map(p);
		member_text(p, "of", finding_life_name(life->of));
		(void)contact_fact_format(life->type, type);
		member_text(p, "record", life->type == 0 ? NULL : type);
		member_endpoint(p, "name", &life->thing);
		member_count(p, "count", life->count);
		member_time(p, "first", life->first);
		member_time(p, "last", life->last);
		printer_end(p);
	}
	printer_end(p);
}

static void put_evidence(struct printer *p, const struct finding *f)
{
	printer_map_key(p, "evidence");
	printer_begin_list(p);
	for (size_t i = 0; i < f->evidence_count; i++) {
		char text[sizeof("sha256:") + DIGEST_TEXT_MAX] = "sha256:";

		digest_format(&f->evidence[i].source, text + strlen(text));
		printer_begin_map(p);
		member_text(p, "source", text);
		member_count(p, "contacts", f->evidence[i].contacts);
		printer_end(p);
	}
	printer_end(p);
}

/* There is no number 0 of these: null. */
static void count_unless_none(struct printer *p, const char *key, uint64_t n)
{
	if (n == 0)
		member_text(p, key, NULL);
	else
		member_count(p, key, n);
}

/* Of each address that is listed, what the files of the user say. */
static void put_networks(struct printer *p, const struct finding_enrichment *e)
{
	printer_map_key(p, "networks");
	printer_begin_list(p);
	for (size_t i = 0; i < e->network_count; i++) {
		const struct finding_network *n = &e->networks[i];

		printer_begin_map(p);
		member_endpoint(p, "address", &n->address);
		count_unless_none(p, "as", n->as_number);
		member_text(p, "as_name", n->as_name);
		member_text(p, "country", n->country);
		printer_end(p);
	}
	printer_end(p);
}

static void put_enrichment(struct printer *p, const struct finding_enrichment *e)
{
	printer_map_key(p, "enrichment");
	printer_begin_map(p);
	member_text(p, "registered_domain", e->registered_domain);
	member_text(p, "listed", e->listed);
	count_unless_none(p, "place", e->place);
	count_unless_none(p, "operators", e->operators);
	member_number(p, "operators_effective", e->operators == 0 ? NAN : e->operators_effective);
	put_networks(p, e);
	printer_end(p);
}

static void put_usual(struct printer *p, const struct finding_usual *u)
{
	printer_map_key(p, "usual");
	printer_begin_map(p);
	printer_map_key(p, "rows");
	printer_begin_list(p);
	for (size_t i = 0; i < u->row_count; i++) {
		const struct usual_row *r = &u->rows[i];

		printer_begin_map(p);
		member_text(p, "way", usual_way_name(r->way));
		count_unless_none(p, "hosts", r->hosts);
		member_number(p, "partners", r->partners);
		member_number(p, "per_day", r->per_day);
		member_number(p, "hours", r->hours);
		printer_end(p);
	}
	printer_end(p);
	member_strings(p, "plain", u->plain, u->plain_count);
	printer_end(p);
}

static void put_finding(struct printer *p, const struct finding *f, const char *vantage)
{
	printer_begin_map(p);
	member_text(p, "schema", "lodestone.finding/1");
	printer_map_key(p, "rank");
	if (f->rank == 0)
		printer_null(p);
	else
		printer_uinteger(p, f->rank);
	member_endpoint(p, "target", &f->target);
	member_text(p, "kind", contact_kind_name(f->kind));
	member_text(p, "vantage", vantage);
	member_number(p, "score", f->score);
	member_number(p, "p", f->p);
	member_number(p, "q", f->q);
	printer_map_key(p, "needle");
	printer_boolean(p, f->needle);
	member_count(p, "contacts", f->contacts);
	member_count(p, "visits", f->visits);
	member_time(p, "first", f->first);
	member_time(p, "last", f->last);
	member_count(p, "active_days", f->active_days);
	member_count(p, "peers_total", f->peers_total);
	put_peers(p, f);
	put_enrichment(p, &f->enrichment);
	json_joined(p, &f->joined);
	put_usual(p, &f->usual);
	json_tests(p, &f->tests);
	put_explanations(p, &f->weighing);
	member_text(p, "verdict", explanation_verdict_name(f->verdict));
	member_text(p, "plain", f->plain);
	member_strings(p, "would_decide", f->would_decide, f->would_decide_count);
	put_lives(p, f);
	put_evidence(p, f);
	member_strings(p, "limits", f->limits, f->limit_count);
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
