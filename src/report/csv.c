/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The ranking as a table for a spreadsheet: a row a finding, with the numbers of each test that has
 * few. What did not run is an empty cell.
 */
#include "report/export.h"

#include <math.h>

#include "base/attr.h"
#include "report/csv_row.h"

static const char *const heads[] = { "rank", "target", "kind", "vantage", "needle", "verdict",
	"explanations", "score", "p", "q", "contacts", "visits", "active_days", "peers_total",
	"first", "last", "busiest_peer", "busiest_share", "p_narrow", "effective_peers",
	"expected_peers", "p_persistent", "p_gap", "p_days", "p_clock", "period_s", "rhythm",
	"ttl_s", "saturation", "rate_per_h", "p_hours", "p_week", "utc_offset_min", "p_burst",
	"p_silence", "p_stop", "stopped", "p_events", "plain" };

static double ran(const struct test_status *status, double value)
{
	return status->why == NULL ? value : (double)NAN;
}

/* The set that the pattern does not rule out, as one cell. */
static void put_explanations(struct csv_row *r, const struct finding_weighing *w)
{
	struct buf text;

	buf_init(&text, 1024);
	for (unsigned i = 0; i < EXPLANATION_COUNT && w->weighed; i++) {
		if (!w->in_set[i])
			continue;
		buf_printf(
		    &text, "%s%s", text.len > 0 ? " " : "", explanation_name((enum explanation)i));
	}
	csv_row_bytes(r, text.bytes == NULL ? (const uint8_t *)"" : text.bytes, text.len);
	buf_release(&text);
}

static void put_rhythm(struct csv_row *r, const struct finding_tests *t)
{
	const struct test_periodicity *p = &t->periodicity;

	csv_row_number(r, ran(&p->status, p->p_gap));
	csv_row_number(r, ran(&p->status, p->p_days));
	csv_row_number(r, ran(&p->status, p->p_clock));
	csv_row_number(r, ran(&p->status, p->period_s));
	csv_row_text(r, p->status.why == NULL ? tests_rhythm_name(p->verdict) : NULL);
	csv_row_number(r, ran(&t->cache.status, t->cache.ttl_s));
	csv_row_number(r, ran(&t->cache.status, t->cache.saturation));
	csv_row_number(r, ran(&t->cache.status, t->cache.rate_per_h));
}

static void put_calendar(struct csv_row *r, const struct finding_tests *t)
{
	const struct test_hours *h = &t->hours;
	const struct test_changes *c = &t->changes;

	csv_row_number(r, ran(&h->status, h->p));
	csv_row_number(r, ran(&h->status, h->p_week));
	csv_row_number(r, ran(&h->status, h->offset_found ? h->utc_offset_min : (double)NAN));
	csv_row_number(r, ran(&c->status, c->p_burst));
	csv_row_number(r, ran(&c->status, c->p_silence));
	csv_row_number(r, ran(&c->status, c->p_stop));
	if (c->status.why == NULL && c->has_stopped)
		csv_row_time(r, c->stopped);
	else
		csv_row_text(r, NULL);
	csv_row_number(r, ran(&t->events.status, t->events.p));
}

static void put_finding(struct csv_row *r, const struct finding *f, const char *vantage)
{
	const struct finding_tests *t = &f->tests;

	csv_row_count(r, f->rank);
	csv_row_endpoint(r, &f->target);
	csv_row_text(r, contact_kind_name(f->kind));
	csv_row_text(r, vantage);
	csv_row_text(r, f->needle ? "true" : "false");
	csv_row_text(r, explanation_verdict_name(f->verdict));
	put_explanations(r, &f->weighing);
	csv_row_number(r, f->score);
	csv_row_number(r, f->p);
	csv_row_number(r, f->q);
	csv_row_count(r, f->contacts);
	csv_row_count(r, f->visits);
	csv_row_count(r, f->active_days);
	csv_row_count(r, f->peers_total);
	csv_row_time(r, f->first);
	csv_row_time(r, f->last);
	if (f->peer_count > 0)
		csv_row_endpoint(r, &f->peers[0].peer);
	else
		csv_row_text(r, NULL);
	csv_row_number(r, f->peer_count > 0 ? f->peers[0].share : (double)NAN);
	csv_row_number(r, ran(&t->narrowness.status, t->narrowness.p));
	csv_row_number(r, finding_effective_peers(f));
	csv_row_number(r, ran(&t->narrowness.status, t->narrowness.expected));
	csv_row_number(r, ran(&t->persistence.status, t->persistence.p));
	put_rhythm(r, t);
	put_calendar(r, t);
	csv_row_text(r, f->plain);
	csv_row_end(r);
}

void export_csv(struct buf *out, const struct report_input *in)
{
	struct csv_row r = { .out = out };

	for (size_t i = 0; i < COUNT_OF(heads); i++)
		csv_row_text(&r, heads[i]);
	csv_row_end(&r);
	for (size_t i = 0; i < in->result->finding_count; i++)
		put_finding(&r, &in->result->findings[i], in->result->vantage);
}
