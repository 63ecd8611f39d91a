/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/export.h"

#include <inttypes.h>
#include <string.h>

const struct export_format export_formats[] = {
	{ "html", "report.html", report_html },
	{ "jsonl", "findings.jsonl", report_findings },
	{ "csv", "findings.csv", export_csv },
	{ "stix", "findings.stix.json", export_stix },
	{ "ocsf", "findings.ocsf.jsonl", export_ocsf },
	{ "ecs", "findings.ecs.jsonl", export_ecs },
	{ "timesketch", "findings.timesketch.csv", export_timesketch },
	{ "markdown", "findings.md", export_markdown },
	{ NULL, NULL, NULL },
};

const struct export_format *export_find(const char *name)
{
	for (const struct export_format *f = export_formats; f->name != NULL; f++)
		if (strcmp(f->name, name) == 0)
			return f;
	return NULL;
}

/* Our own: drawn once, by no rule. */
static const struct uuid space = { { 0x6f, 0x1d, 0x7a, 0x0e, 0x3c, 0x52, 0x4b, 0x9d, 0x9a, 0x57,
    0x52, 0xb0, 0xa7, 0xf7, 0xc0, 0xd4 } };

#define NAME_BYTES_MAX 4096

void export_finding_id(const struct report_input *in, const struct finding *f, const char *role,
    char text[static UUID_TEXT_MAX])
{
	char evidence[DIGEST_TEXT_MAX], target[ENDPOINT_TEXT_MAX];
	struct buf name;
	struct uuid u;

	digest_format(&in->basis.evidence, evidence);
	(void)endpoint_format(&f->target, target);
	buf_init(&name, NAME_BYTES_MAX);
	buf_printf(&name, "%s %s %s %" PRIu64 " %s %s", role, in->result->version, evidence,
	    in->result->seed, contact_kind_name(f->kind), target);
	u = uuid_of_name(&space, name.bytes, name.len);
	buf_release(&name);
	uuid_format(&u, text);
}
