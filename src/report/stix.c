/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * STIX 2.1 (OASIS, 10 June 2021): one bundle. Target and peers are observables, whose identifiers
 * follow from their values by the rule of section 2.9; what was seen of them together is an
 * observed-data object; the finding's words are a note on it, and each explanation that was weighed
 * an opinion on that note. A finding accuses nobody: there is no indicator, no threat actor.
 */
#include "report/export.h"

#include <math.h>
#include <string.h>

#include "base/hash.h"
#include "base/intern.h"
#include "report/member.h"

#define IDS_BYTES_MAX (256u << 20)
#define NUMBER_MAX    999999999 /* of number_observed */

/* Section 2.9: the namespace of observables. */
static const struct uuid observables = { { 0x00, 0xab, 0xed, 0xb4, 0xaa, 0x42, 0x46, 0x6c, 0x9c,
    0x01, 0xfe, 0xd2, 0x33, 0x15, 0xa9, 0xb7 } };

struct stix {
	struct printer p;
	const struct report_input *in;
	struct intern known; /* identifiers that stand in the bundle */
};

#define ID_TEXT_MAX (UUID_TEXT_MAX + 16)

static const char *observable_type(const struct endpoint *e)
{
	return e->form == ENDPOINT_NAME ? "domain-name"
	       : e->form == ENDPOINT_V4 ? "ipv4-addr"
					: "ipv6-addr";
}

/* {"value":"..."} as RFC 8785 writes it: our names and addresses need no escape but for these two. */
static void observable_id(const struct endpoint *e, char ret[static ID_TEXT_MAX])
{
	char text[ENDPOINT_TEXT_MAX], id[UUID_TEXT_MAX];
	struct printer p;
	struct buf value;
	struct uuid u;

	(void)endpoint_format(e, text);
	buf_init(&value, 4 * ENDPOINT_TEXT_MAX);
	printer_init(&p, &value);
	printer_begin_map(&p);
	member_text(&p, "value", text);
	printer_end(&p);
	u = uuid_of_name(&observables, value.bytes, value.len);
	buf_release(&value);
	uuid_format(&u, id);
	(void)strcpy(stpcpy(stpcpy(ret, observable_type(e)), "--"), id);
}

static void object_id(
    const struct stix *s, const struct finding *f, const char *type, const char *role, char *ret)
{
	char id[UUID_TEXT_MAX];

	export_finding_id(s->in, f, role, id);
	(void)strcpy(stpcpy(stpcpy(ret, type), "--"), id);
}

static void begin_object(struct stix *s, const char *type, const char *id)
{
	printer_begin_map(&s->p);
	member_text(&s->p, "type", type);
	member_text(&s->p, "spec_version", "2.1");
	member_text(&s->p, "id", id);
}

/* Milliseconds at most, as most readers have it; the time of the evidence, not of the hunt. */
static void member_stix_time(struct printer *p, const char *key, struct stamp t)
{
	t.digits = 3;
	member_time(p, key, t);
}

static void put_versions(struct stix *s, const struct finding *f)
{
	member_stix_time(&s->p, "created", f->last);
	member_stix_time(&s->p, "modified", f->last);
}

static void put_reference(struct stix *s, const char *key, const char *id)
{
	printer_map_key(&s->p, key);
	printer_begin_list(&s->p);
	printer_string(&s->p, id);
	printer_end(&s->p);
}

/* Each once in the bundle. */
static void put_observable(struct stix *s, const struct endpoint *e)
{
	char id[ID_TEXT_MAX];
	uint32_t number, before = s->known.count;

	if (e->form == ENDPOINT_NONE)
		return;
	observable_id(e, id);
	if (!intern_add(&s->known, id, strlen(id), &number))
		s->p.out->failed = true;
	if (s->known.count == before)
		return;
	begin_object(s, observable_type(e), id);
	member_endpoint(&s->p, "value", e);
	printer_end(&s->p);
}

static void refer_observable(struct stix *s, const struct endpoint *e)
{
	char id[ID_TEXT_MAX];

	if (e->form == ENDPOINT_NONE)
		return;
	observable_id(e, id);
	printer_string(&s->p, id);
}

static void put_observed(struct stix *s, const struct finding *f, const char *id)
{
	begin_object(s, "observed-data", id);
	put_versions(s, f);
	member_stix_time(&s->p, "first_observed", f->first);
	member_stix_time(&s->p, "last_observed", f->last);
	member_count(&s->p, "number_observed", f->contacts < NUMBER_MAX ? f->contacts : NUMBER_MAX);
	printer_map_key(&s->p, "object_refs");
	printer_begin_list(&s->p);
	refer_observable(s, &f->target);
	for (size_t i = 0; i < f->peer_count; i++)
		refer_observable(s, &f->peers[i].peer);
	printer_end(&s->p);
	printer_end(&s->p);
}

static void put_note(struct stix *s, const struct finding *f, const char *id, const char *observed)
{
	char target[ENDPOINT_TEXT_MAX];

	(void)endpoint_format(&f->target, target);
	begin_object(s, "note", id);
	put_versions(s, f);
	member_text(&s->p, "abstract", target);
	member_text(&s->p, "content", f->plain);
	printer_map_key(&s->p, "labels");
	printer_begin_list(&s->p);
	printer_string(&s->p, f->needle ? "needle" : "effect-only");
	printer_string(&s->p, f->verdict == VERDICT_CANNOT_TELL
				  ? "cannot-tell"
				  : explanation_verdict_name(f->verdict));
	printer_end(&s->p);
	put_reference(s, "object_refs", observed);
	printer_end(&s->p);
}

static const char *opinion_of(double probability)
{
	static const char *const steps[] = { "strongly-disagree", "disagree", "neutral", "agree",
		"strongly-agree" };
	size_t step = (size_t)(probability * 5);

	return steps[step < 5 ? step : 4];
}

static void put_opinions(struct stix *s, const struct finding *f, const char *note)
{
	for (unsigned i = 0; i < EXPLANATION_COUNT && f->weighing.weighed; i++) {
		double probability = f->weighing.probability[i];
		const char *name = explanation_name((enum explanation)i);
		char id[ID_TEXT_MAX];

		if (!isfinite(probability))
			continue;
		object_id(s, f, "opinion", name, id);
		begin_object(s, "opinion", id);
		put_versions(s, f);
		member_text(&s->p, "explanation", name);
		member_text(&s->p, "opinion", opinion_of(probability));
		put_reference(s, "object_refs", note);
		printer_end(&s->p);
	}
}

static void put_finding(struct stix *s, const struct finding *f)
{
	char observed[ID_TEXT_MAX], note[ID_TEXT_MAX];

	/* what has neither name nor address cannot be referred to */
	if (f->target.form == ENDPOINT_NONE)
		return;
	object_id(s, f, "observed-data", "observed", observed);
	object_id(s, f, "note", "finding", note);
	put_observable(s, &f->target);
	for (size_t i = 0; i < f->peer_count; i++)
		put_observable(s, &f->peers[i].peer);
	put_observed(s, f, observed);
	put_note(s, f, note, observed);
	put_opinions(s, f, note);
}

void export_stix(struct buf *out, const struct report_input *in)
{
	static const struct finding whole = { .rank = 0 };
	struct stix s = { .in = in };
	char id[ID_TEXT_MAX];

	printer_init(&s.p, out);
	intern_init(&s.known, hash_seed(), IDS_BYTES_MAX);
	object_id(&s, &whole, "bundle", "bundle", id);
	printer_begin_map(&s.p);
	member_text(&s.p, "type", "bundle");
	member_text(&s.p, "id", id);
	if (in->result->finding_count > 0) {
		printer_map_key(&s.p, "objects");
		printer_begin_list(&s.p);
		for (size_t i = 0; i < in->result->finding_count; i++)
			put_finding(&s, &in->result->findings[i]);
		printer_end(&s.p);
	}
	printer_end(&s.p);
	printer_line(&s.p);
	intern_release(&s.known);
}
