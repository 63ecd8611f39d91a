/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Open Cybersecurity Schema Framework 1.3.0, class Detection Finding (2004), an event a line. The
 * severity says no more than that a needle wants an explanation: low, and informational for the
 * others. Times are milliseconds since 1970.
 */
#include "report/export.h"

#include "report/member.h"

#define OCSF_VERSION  "1.3.0"
#define CLASS_FINDING 2004
#define ACTIVITY      1 /* create */
#define NS_PER_MS     1000000

enum {
	SEVERITY_INFORMATIONAL = 1,
	SEVERITY_LOW = 2,
	ANALYTIC_STATISTICAL = 3,
	OBSERVABLE_HOSTNAME = 1,
	OBSERVABLE_ADDRESS = 2,
};

static void member_ms(struct printer *p, const char *key, struct stamp s)
{
	printer_map_key(p, key);
	printer_integer(p, s.ns / NS_PER_MS - (s.ns % NS_PER_MS < 0));
}

static void begin(struct printer *p, const char *key)
{
	printer_map_key(p, key);
	printer_begin_map(p);
}

static void put_class(struct printer *p, bool needle)
{
	member_count(p, "activity_id", ACTIVITY);
	member_text(p, "activity_name", "Create");
	member_count(p, "category_uid", 2);
	member_text(p, "category_name", "Findings");
	member_count(p, "class_uid", CLASS_FINDING);
	member_text(p, "class_name", "Detection Finding");
	member_count(p, "type_uid", CLASS_FINDING * 100 + ACTIVITY);
	member_text(p, "type_name", "Detection Finding: Create");
	member_count(p, "severity_id", needle ? SEVERITY_LOW : SEVERITY_INFORMATIONAL);
	member_text(p, "severity", needle ? "Low" : "Informational");
	member_count(p, "status_id", 1);
	member_text(p, "status", "New");
}

static void put_metadata(struct printer *p, const struct report_input *in)
{
	begin(p, "metadata");
	member_text(p, "version", OCSF_VERSION);
	begin(p, "product");
	member_text(p, "name", "lodestone");
	member_text(p, "vendor_name", "lodestone");
	member_text(p, "version", in->result->version);
	printer_end(p);
	printer_end(p);
}

static void put_info(struct printer *p, const struct report_input *in, const struct finding *f)
{
	char id[UUID_TEXT_MAX], target[ENDPOINT_TEXT_MAX];
	struct buf title;

	export_finding_id(in, f, "finding", id);
	(void)endpoint_format(&f->target, target);
	buf_init(&title, 2 * ENDPOINT_TEXT_MAX);
	buf_printf(&title, "%s: contacts with %s", f->needle ? "needle" : "effect only", target);
	begin(p, "finding_info");
	member_text(p, "uid", id);
	printer_map_key(p, "title");
	printer_string_len(p, title.bytes, title.len);
	member_text(p, "desc", f->plain);
	member_ms(p, "first_seen_time", f->first);
	member_ms(p, "last_seen_time", f->last);
	begin(p, "analytic");
	member_count(p, "type_id", ANALYTIC_STATISTICAL);
	member_text(p, "type", "Statistical");
	member_text(p, "name", "lodestone hunt");
	printer_end(p);
	printer_end(p);
	p->out->failed = p->out->failed || !buf_ok(&title);
	buf_release(&title);
}

static void put_observable(struct printer *p, const char *name, const struct endpoint *e)
{
	bool host = e->form == ENDPOINT_NAME;

	if (e->form == ENDPOINT_NONE)
		return;
	printer_begin_map(p);
	member_text(p, "name", name);
	member_count(p, "type_id", host ? OBSERVABLE_HOSTNAME : OBSERVABLE_ADDRESS);
	member_text(p, "type", host ? "Hostname" : "IP Address");
	member_endpoint(p, "value", e);
	printer_end(p);
}

static void put_observables(struct printer *p, const struct finding *f)
{
	printer_map_key(p, "observables");
	printer_begin_list(p);
	put_observable(p, "target", &f->target);
	for (size_t i = 0; i < f->peer_count; i++)
		put_observable(p, "peer", &f->peers[i].peer);
	printer_end(p);
}

/* What the class has no attribute for. */
static void put_unmapped(struct printer *p, const struct finding *f, const char *vantage)
{
	begin(p, "unmapped");
	member_count(p, "rank", f->rank);
	member_text(p, "verdict", explanation_verdict_name(f->verdict));
	member_number(p, "score", f->score);
	member_number(p, "p", f->p);
	member_number(p, "q", f->q);
	member_count(p, "visits", f->visits);
	member_count(p, "active_days", f->active_days);
	member_count(p, "peers_total", f->peers_total);
	member_text(p, "vantage", vantage);
	printer_end(p);
}

static void put_finding(struct printer *p, const struct report_input *in, const struct finding *f)
{
	printer_begin_map(p);
	put_class(p, f->needle);
	member_ms(p, "time", f->last);
	member_ms(p, "start_time", f->first);
	member_ms(p, "end_time", f->last);
	member_count(p, "count", f->contacts);
	member_text(p, "message", f->plain);
	put_metadata(p, in);
	put_info(p, in, f);
	put_observables(p, f);
	put_unmapped(p, f, in->result->vantage);
	printer_end(p);
	printer_line(p);
}

void export_ocsf(struct buf *out, const struct report_input *in)
{
	struct printer p;

	printer_init(&p, out);
	for (size_t i = 0; i < in->result->finding_count; i++)
		put_finding(&p, in, &in->result->findings[i]);
}
