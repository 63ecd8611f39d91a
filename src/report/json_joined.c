/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers of the comparison are null where nothing was compared. */
#include "report/json_joined.h"

#include "report/member.h"

static void member_fact(struct printer *p, const char *key, uint16_t type)
{
	char text[CONTACT_WORD_MAX];

	(void)contact_fact_format(type, text);
	member_text(p, key, text);
}

static void put_keys(struct printer *p, const struct finding_joined *j)
{
	printer_map_key(p, "keys");
	printer_begin_list(p);
	for (size_t i = 0; i < j->key_count; i++) {
		const struct joined_key *k = &j->keys[i];

		printer_begin_map(p);
		member_endpoint(p, "key", &k->key);
		if (k->from.form == ENDPOINT_NONE) {
			member_text(p, "from", NULL);
			member_text(p, "by", NULL);
		} else {
			member_endpoint(p, "from", &k->from);
			member_fact(p, "by", k->fact);
		}
		printer_map_key(p, "ambiguous");
		printer_boolean(p, k->ambiguous);
		member_count(p, "lookups", k->counts.lookups);
		member_count(p, "sessions", k->counts.sessions);
		member_count(p, "connections", k->counts.connections);
		member_count(p, "hops", k->counts.hops);
		printer_end(p);
	}
	printer_end(p);
	printer_map_key(p, "not_followed");
	printer_begin_list(p);
	for (size_t i = 0; i < j->shared_count; i++) {
		printer_begin_map(p);
		member_endpoint(p, "key", &j->shared[i].key);
		member_fact(p, "by", j->shared[i].fact);
		printer_end(p);
	}
	printer_end(p);
	printer_map_key(p, "cut");
	printer_boolean(p, j->cut);
}

static void put_others(struct printer *p, const struct finding_joined *j)
{
	printer_map_key(p, "findings");
	printer_begin_list(p);
	for (size_t i = 0; i < j->other_count; i++) {
		printer_begin_map(p);
		member_count(p, "rank", j->others[i].rank);
		member_endpoint(p, "target", &j->others[i].target);
		member_text(p, "kind", contact_kind_name(j->others[i].kind));
		printer_end(p);
	}
	printer_end(p);
}

static void put_comparison(struct printer *p, const struct finding_joined *j)
{
	printer_map_key(p, "compared");
	if (j->lookups + j->mails + j->lookups_left_out + j->mails_left_out == 0) {
		printer_null(p);
		return;
	}
	printer_begin_map(p);
	member_time(p, "first", j->first);
	member_time(p, "last", j->last);
	member_count(p, "lookups", j->lookups);
	member_count(p, "mail", j->mails);
	member_count(p, "lookups_left_out", j->lookups_left_out);
	member_count(p, "mail_left_out", j->mails_left_out);
	member_count(p, "days_lookups", j->days_lookups);
	member_count(p, "days_mail", j->days_mail);
	member_count(p, "days_both", j->days_both);
	member_count(p, "mail_with_lookup", j->led);
	member_count(p, "mail_with_near_lookup", j->led_near);
	member_count(p, "lookups_with_mail", j->answered);
	member_number(p, "by_chance", j->chance);
	printer_end(p);
}

void json_joined(struct printer *p, const struct finding_joined *j)
{
	printer_map_key(p, "joined");
	printer_begin_map(p);
	put_keys(p, j);
	put_others(p, j);
	member_text(p, "verdict", joined_verdict_name(j->verdict));
	member_text(p, "why", j->why);
	put_comparison(p, j);
	member_strings(p, "plain", j->plain, j->plain_count);
	printer_end(p);
}
