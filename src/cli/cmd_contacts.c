/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lodestone contacts: every contact, in time order within its series. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/diag.h"
#include "cli/listing.h"
#include "report/json_contact.h"

#define SOURCE_TEXT 16 /* hex digits of its digest in the table */

static const struct opt *const options[] = { &opt_case, &opt_json, &opt_tsv, &opt_target, &opt_peer,
	&opt_memory, &opt_verbose, &opt_help, NULL };

/* One series at a time, and what is asked of it. */
struct contacts_print {
	bool json;
	bool one_target;
	bool one_peer;
	struct endpoint target;
	struct endpoint peer;
	struct series_rows rows;
};

/* The texts that all rows of a series share. */
struct series_text {
	const char *kind;
	char peer[ENDPOINT_TEXT_MAX];
	char target[ENDPOINT_TEXT_MAX];
	char type[CONTACT_WORD_MAX];
	uint8_t kind_number;
};

static void print_tsv(struct buf *out, const struct series_text *t, const struct series_row *r,
    const struct digest *source)
{
	const struct stamp stamp = { r->time_ns, r->digits };
	char time[STAMP_TEXT_MAX];
	char outcome[CONTACT_WORD_MAX];
	char hex[DIGEST_TEXT_MAX];
	char ttl[16] = "-";

	(void)stamp_format_epoch(stamp, time);
	(void)contact_outcome_format(t->kind_number, r->outcome, outcome);
	digest_format(source, hex);
	if (r->ttl != TTL_NONE)
		(void)snprintf(ttl, sizeof(ttl), "%" PRIu32, r->ttl);
	buf_printf(out, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%.*s\t%s\n", time, t->kind, t->peer,
	    t->target, t->type, outcome, ttl, contact_direction_name(r->traits >> 2), SOURCE_TEXT,
	    hex, contact_seen_name(r->traits & 3));
}

static void print_json(struct buf *out, const struct contact *key, const struct series_row *r,
    const struct digest *source)
{
	struct printer p;

	printer_init(&p, out);
	json_contact(&p, key, r, source);
	printer_line(&p);
}

static bool same(const struct endpoint *a, const struct endpoint *b)
{
	return endpoint_cmp(a, b) == 0;
}

static bool print_series(void *context, const struct haystack *h, const struct haystack_entry *e,
    struct buf *out, struct err *reterr)
{
	struct contacts_print *c = context;
	struct series_text text;
	struct contact key;

	if (!key_read_series(e->key, e->key_len, &key)) {
		err_set(
		    reterr, ERR_DAMAGED, "a key of the haystack cannot be read; verify the case");
		return false;
	}
	if ((c->one_peer && !same(&key.peer, &c->peer)) ||
	    (c->one_target && !same(&key.target, &c->target)))
		return true;
	c->rows.count = 0;
	if (!series_decode(e->value, e->value_len, &c->rows, reterr))
		return false;
	series_view(&c->rows);
	text.kind = contact_kind_name(key.kind);
	text.kind_number = key.kind;
	(void)endpoint_format(&key.peer, text.peer);
	(void)endpoint_format(&key.target, text.target);
	(void)contact_type_format(key.kind, key.type, text.type);
	for (size_t i = 0; i < c->rows.count; i++) {
		const struct series_row *r = &c->rows.rows[i];
		const struct digest *source = haystack_source(h, r->source);

		if (c->json)
			print_json(out, &key, r, source);
		else
			print_tsv(out, &text, r, source);
	}
	return true;
}

static bool read_endpoint(
    const char *text, const char *option, bool *ret_given, struct endpoint *ret)
{
	*ret_given = text != NULL;
	if (text == NULL || endpoint_parse(ret, text, strlen(text)))
		return true;
	diag_say("'%s' of option '%s' is neither a domain name nor an address", text, option);
	return false;
}

static int run(const struct settings *s)
{
	struct contacts_print c = { .json = s->json };
	struct listing l = { .tag = KEY_TAG_SERIES, .print = print_series, .context = &c };
	struct key prefix;
	int status;

	if (s->json && s->tsv) {
		diag_say("--json and --tsv exclude each other");
		return 2;
	}
	if (!read_endpoint(s->target, "--target", &c.one_target, &c.target) ||
	    !read_endpoint(s->peer, "--peer", &c.one_peer, &c.peer))
		return 2;
	if (c.one_peer && c.peer.form == ENDPOINT_NAME) {
		diag_say("'%s' of option '--peer' is no address", s->peer);
		return 2;
	}
	if (c.one_peer || c.one_target)
		l.none = "no contact matches";
	if (c.one_target) {
		key_of_target(&prefix, KEY_TAG_SERIES, &c.target);
		l.prefix = &prefix;
	}
	status = listing_run(&l, s);
	series_rows_release(&c.rows);
	return status;
}

const struct command cmd_contacts = {
	.name = "contacts",
	.operands = "[EVIDENCE...]",
	.about = "print every contact of the case, or of the evidence",
	.options = options,
	.paths = true,
	.run = run,
};
