/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/source_json.h"

#include <string.h>

#include "evidence/health.h"
#include "report/member.h"

bool source_json_assumed(const struct source_skip *s)
{
	return strncmp(s->reason, HEALTH_ASSUMED, strlen(HEALTH_ASSUMED)) == 0;
}

static void print_time(struct printer *p, const char *key, const struct source *s, int64_t ns)
{
	printer_map_key(p, key);
	if (s->contacts == 0)
		printer_null(p);
	else
		printer_time(p, (struct stamp){ ns, s->digits });
}

/* What was skipped, or what was assumed. */
static void print_skips(struct printer *p, const struct source *s, bool assumed)
{
	printer_map_key(p, assumed ? "assumed" : "skipped");
	printer_begin_map(p);
	for (size_t i = 0; i < s->skip_count; i++)
		if (source_json_assumed(&s->skips[i]) == assumed)
			member_count(p, &s->skips[i].reason[assumed ? strlen(HEALTH_ASSUMED) : 0],
			    s->skips[i].count);
	printer_end(p);
}

/* Only where something was. */
static void print_assumed(struct printer *p, const struct source *s)
{
	for (size_t i = 0; i < s->skip_count; i++) {
		if (!source_json_assumed(&s->skips[i]))
			continue;
		print_skips(p, s, true);
		break;
	}
}

/* Only where the source tells of its sensor. */
static void print_losses(struct printer *p, const struct source_loss *loss)
{
	if (loss->intervals == 0)
		return;
	printer_map_key(p, "losses");
	printer_begin_map(p);
	member_count(p, "intervals", loss->intervals);
	member_count(p, "gaps", loss->gaps);
	member_count(p, "acks", loss->acks);
	member_time(p, "first", (struct stamp){ loss->first_ns, 0 });
	member_time(p, "last", (struct stamp){ loss->last_ns, 0 });
	printer_end(p);
}

void source_json(struct printer *p, const struct source *s)
{
	char text[sizeof("sha256:") + DIGEST_TEXT_MAX] = "sha256:";

	digest_format(&s->content, text + strlen(text));
	printer_begin_map(p);
	member_text(p, "source", text);
	member_text(p, "name", s->name);
	member_text(p, "format", s->format[0] == '\0' ? "unknown" : s->format);
	member_text(p, "vantage", s->vantage);
	member_count(p, "bytes", s->file_bytes);
	member_count(p, "records", s->records);
	member_count(p, "contacts", s->contacts);
	print_skips(p, s, false);
	print_assumed(p, s);
	print_losses(p, &s->loss);
	print_time(p, "first", s, s->first_ns);
	print_time(p, "last", s, s->last_ns);
	member_text(p, "state", case_state_name(s->state));
	printer_end(p);
}
