/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Elastic Common Schema 8.11, a document a line. What ECS has no field for stands below
 * "lodestone", as its guidelines for custom fields have it.
 */
#include "report/export.h"

#include "report/member.h"

#define ECS_VERSION "8.11.0"

static void begin(struct printer *p, const char *key)
{
	printer_map_key(p, key);
	printer_begin_map(p);
}

static void put_one(struct printer *p, const char *key, const char *word)
{
	printer_map_key(p, key);
	printer_begin_list(p);
	printer_string(p, word);
	printer_end(p);
}

static void put_event(struct printer *p, const struct report_input *in, const struct finding *f)
{
	char id[UUID_TEXT_MAX];

	export_finding_id(in, f, "finding", id);
	begin(p, "event");
	member_text(p, "id", id);
	member_text(p, "kind", f->needle ? "alert" : "event");
	put_one(p, "category", "network");
	put_one(p, "type", "info");
	member_text(p, "module", "lodestone");
	member_text(p, "dataset", "lodestone.finding");
	member_time(p, "start", f->first);
	member_time(p, "end", f->last);
	printer_end(p);
}

static bool is_name(const struct endpoint *e)
{
	return e->form == ENDPOINT_NAME;
}

static void put_target(struct printer *p, const struct finding *f)
{
	if (is_name(&f->target) && f->kind == KIND_DNS) {
		begin(p, "dns");
		begin(p, "question");
		member_endpoint(p, "name", &f->target);
		printer_end(p);
		printer_end(p);
		return;
	}
	begin(p, "destination");
	member_endpoint(p, "address", &f->target);
	if (is_name(&f->target))
		member_endpoint(p, "domain", &f->target);
	else if (f->target.form != ENDPOINT_NONE)
		member_endpoint(p, "ip", &f->target);
	printer_end(p);
}

static void put_endpoint(struct printer *p, const struct endpoint *e)
{
	char text[ENDPOINT_TEXT_MAX];
	size_t len = endpoint_format(e, text);

	printer_string_len(p, text, len);
}

static void put_related(struct printer *p, const struct finding *f)
{
	begin(p, "related");
	printer_map_key(p, "hosts");
	printer_begin_list(p);
	if (is_name(&f->target))
		put_endpoint(p, &f->target);
	printer_end(p);
	printer_map_key(p, "ip");
	printer_begin_list(p);
	if (!is_name(&f->target) && f->target.form != ENDPOINT_NONE)
		put_endpoint(p, &f->target);
	for (size_t i = 0; i < f->peer_count; i++)
		if (!is_name(&f->peers[i].peer) && f->peers[i].peer.form != ENDPOINT_NONE)
			put_endpoint(p, &f->peers[i].peer);
	printer_end(p);
	printer_end(p);
}

static void put_own(struct printer *p, const struct finding *f, const char *vantage)
{
	begin(p, "lodestone");
	member_count(p, "rank", f->rank);
	member_text(p, "verdict", explanation_verdict_name(f->verdict));
	printer_map_key(p, "needle");
	printer_boolean(p, f->needle);
	member_number(p, "score", f->score);
	member_number(p, "p", f->p);
	member_number(p, "q", f->q);
	member_count(p, "contacts", f->contacts);
	member_count(p, "visits", f->visits);
	member_count(p, "active_days", f->active_days);
	member_count(p, "peers_total", f->peers_total);
	member_text(p, "vantage", vantage);
	printer_end(p);
}

static void put_finding(struct printer *p, const struct report_input *in, const struct finding *f)
{
	printer_begin_map(p);
	member_time(p, "@timestamp", f->last);
	begin(p, "ecs");
	member_text(p, "version", ECS_VERSION);
	printer_end(p);
	put_event(p, in, f);
	member_text(p, "message", f->plain);
	put_target(p, f);
	put_related(p, f);
	begin(p, "observer");
	member_text(p, "product", "lodestone");
	member_text(p, "version", in->result->version);
	printer_end(p);
	put_own(p, f, in->result->vantage);
	printer_end(p);
	printer_line(p);
}

void export_ecs(struct buf *out, const struct report_input *in)
{
	struct printer p;

	printer_init(&p, out);
	for (size_t i = 0; i < in->result->finding_count; i++)
		put_finding(&p, in, &in->result->findings[i]);
}
