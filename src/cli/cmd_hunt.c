/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lodestone hunt, the main job: ingest what is new, rank, print, write the report. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/command.h"
#include "cli/diag.h"
#include "cli/hunting.h"
#include "cli/ingest.h"
#include "cli/operands.h"
#include "cli/output.h"
#include "cli/replace.h"
#include "cli/screen.h"
#include "report/printer.h"

#define REPORT_BYTES_MAX   (1u << 30)
#define SETTINGS_BYTES_MAX (64u << 10)

static const struct opt *const options[] = { &opt_case, &opt_json, &opt_top, &opt_allow,
	&opt_holidays, &opt_events, &opt_prior, &opt_networks, &opt_places, &opt_popularity,
	&opt_seed, &opt_jobs, &opt_memory, &opt_exit_code, &opt_verbose, &opt_help, NULL };

/* The words of the command line that can change the result. */
static bool note_run(struct workspace *w, const struct settings *s, struct err *reterr)
{
	struct printer p;
	struct buf json;
	bool ok;

	buf_init(&json, SETTINGS_BYTES_MAX);
	printer_init(&p, &json);
	printer_begin_map(&p);
	printer_map_key(&p, "top");
	printer_uinteger(&p, s->top);
	printer_map_key(&p, "allow");
	printer_string(&p, s->allow);
	printer_map_key(&p, "holidays");
	printer_string(&p, s->holidays);
	printer_map_key(&p, "events");
	printer_string(&p, s->events);
	printer_map_key(&p, "prior");
	printer_string(&p, s->prior);
	printer_map_key(&p, "networks");
	printer_string(&p, s->networks);
	printer_map_key(&p, "places");
	printer_string(&p, s->places);
	printer_map_key(&p, "popularity");
	printer_string(&p, s->popularity);
	printer_end(&p);
	buf_u8(&json, 0);
	if (!buf_ok(&json))
		err_set_memory(reterr);
	ok = buf_ok(&json) && case_add_run(w->casefile, (const char *)json.bytes, LODESTONE_VERSION,
				  s->seed, reterr);
	buf_release(&json);
	return ok;
}

static bool write_page(struct workspace *w, const struct report_input *input, struct err *reterr)
{
	struct buf page;
	char *path = NULL;
	bool ok = false;

	buf_init(&page, REPORT_BYTES_MAX);
	report_html(&page, input);
	if (!buf_ok(&page) || asprintf(&path, "%s/report.html", w->dir) < 0) {
		path = NULL;
		err_set_memory(reterr);
		goto out;
	}
	ok = replace_file(path, page.bytes, page.len, reterr);
	if (ok)
		diag_say("the report is in '%s'", path);
out:
	free(path);
	buf_release(&page);
	return ok;
}

/* For serve, and for whoever wants the result without hunting again. */
static bool write_findings(
    struct workspace *w, const struct report_input *input, struct err *reterr)
{
	struct buf lines;
	char *path = NULL;
	bool ok = false;

	buf_init(&lines, REPORT_BYTES_MAX);
	report_findings(&lines, input);
	if (!buf_ok(&lines) || asprintf(&path, "%s/findings.jsonl", w->dir) < 0) {
		path = NULL;
		err_set_memory(reterr);
		goto out;
	}
	ok = replace_file(path, lines.bytes, lines.len, reterr);
out:
	free(path);
	buf_release(&lines);
	return ok;
}

static bool hunt(struct workspace *w, const struct settings *s, struct output *out,
    uint64_t *ret_needles, struct err *reterr)
{
	struct report_input input = { .result = NULL };
	struct report_style style = screen_style();
	struct arena memory;
	bool ok;

	arena_init(&memory, HUNTING_BYTES_MAX);
	ok = hunting_run(w, s, &(struct hunting_of){ 0 }, &memory, &input, reterr);
	if (ok) {
		*ret_needles = input.result->needles;
		if (s->json)
			report_jsonl(&out->buf, &input);
		else
			report_text(&out->buf, &input, &style);
		/* JSON has no place for it: there is no finding */
		if (s->json && input.result->none_eligible != NULL)
			diag_say("no name could be ranked: %s", input.result->none_eligible);
		ok = output_flush(out, reterr) && write_findings(w, &input, reterr) &&
		     write_page(w, &input, reterr) && note_run(w, s, reterr);
	}
	arena_release(&memory);
	return ok;
}

static void say_taken(const struct settings *s, const struct ingest_result *r)
{
	if (r->stopped || r->added + r->known + r->unknown + r->unread > 0)
		ingest_say(r);
	else if (s->operand_count == 1)
		diag_say("no evidence was found in '%s'", s->operands[0]);
	else
		diag_say("no evidence was found in any of the %zu paths", s->operand_count);
}

static bool take_evidence(
    struct workspace *w, const struct settings *s, struct ingest_result *ret, struct err *reterr)
{
	if (s->operand_count == 0)
		return true;
	if (!ingest(w, s->operands, s->operand_count, NULL, s->memory, ret, reterr))
		return false;
	say_taken(s, ret);
	return true;
}

static int run(const struct settings *s)
{
	struct workspace w;
	struct ingest_result result = { .added = 0 };
	struct output out;
	struct err err = { .code = ERR_NONE };
	uint64_t needles = 0;
	bool ok;

	if (!operands_exist(s))
		return 2;
	output_init(&out);
	ok =
	    workspace_open(&w, s, s->operand_count == 0 ? WORKSPACE_WRITE : WORKSPACE_MAKE, &err) &&
	    take_evidence(&w, s, &result, &err) &&
	    (result.stopped || hunt(&w, s, &out, &needles, &err));
	if (!ok && !out.broken)
		diag_err(&err);
	workspace_close(&w, out.broken);
	output_release(&out);
	if (!ok || result.stopped || result.named_failed)
		return 2;
	return s->exit_code && needles > 0 ? 1 : 0;
}

const struct command cmd_hunt = {
	.name = "hunt",
	.operands = "[EVIDENCE...]",
	.about = "read what is new of the evidence, rank the targets, write the report",
	.options = options,
	.paths = true,
	.run = run,
};
