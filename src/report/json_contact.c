/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/json_contact.h"

#include <string.h>

#include "report/member.h"

/* "-" in the table is null here. */
static void put_word(struct printer *p, const char *key, const char *word)
{
	member_text(p, key, strcmp(word, "-") == 0 ? NULL : word);
}

static void put_end(struct printer *p, const char *key, const struct endpoint *e)
{
	if (e->form == ENDPOINT_NONE)
		member_text(p, key, NULL);
	else
		member_endpoint(p, key, e);
}

void json_contact(struct printer *p, const struct contact *key, const struct series_row *row,
    const struct digest *source)
{
	char type[CONTACT_WORD_MAX], outcome[CONTACT_WORD_MAX];
	char text[sizeof("sha256:") + DIGEST_TEXT_MAX] = "sha256:";

	(void)contact_type_format(key->kind, key->type, type);
	(void)contact_outcome_format(key->kind, row->outcome, outcome);
	digest_format(source, text + strlen(text));
	printer_begin_map(p);
	printer_map_key(p, "time");
	printer_epoch(p, (struct stamp){ row->time_ns, row->digits });
	put_word(p, "kind", contact_kind_name(key->kind));
	put_end(p, "peer", &key->peer);
	put_end(p, "target", &key->target);
	put_word(p, "type", type);
	put_word(p, "outcome", outcome);
	printer_map_key(p, "ttl");
	if (row->ttl == TTL_NONE)
		printer_null(p);
	else
		printer_uinteger(p, row->ttl);
	put_word(p, "direction", contact_direction_name(row->traits >> 2));
	put_word(p, "source", text);
	put_word(p, "seen", contact_seen_name(row->traits & 3));
	printer_end(p);
}
