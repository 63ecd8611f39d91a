/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lodestone report: the case as one self-contained page. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/diag.h"
#include "cli/hunting.h"
#include "cli/output.h"
#include "cli/replace.h"

static const struct opt *const options[] = { &opt_case, &opt_output, &opt_top, &opt_allow,
	&opt_holidays, &opt_events, &opt_prior, &opt_seed, &opt_jobs, &opt_memory, &opt_verbose,
	&opt_help, NULL };

/* To standard output for "-", to CASE/report.html when nothing is said. */
static bool deliver(
    struct workspace *w, const struct settings *s, struct output *out, struct err *reterr)
{
	char *path = NULL;
	bool ok;

	if (s->output != NULL && strcmp(s->output, "-") == 0)
		return output_flush(out, reterr);
	if (!buf_ok(&out->buf) || asprintf(&path, "%s%s", s->output == NULL ? w->dir : s->output,
				      s->output == NULL ? "/report.html" : "") < 0) {
		err_set_memory(reterr);
		return false;
	}
	ok = replace_file(path, out->buf.bytes, out->buf.len, reterr);
	if (ok)
		diag_say("the report is in '%s'", path);
	free(path);
	return ok;
}

static bool report(
    struct workspace *w, const struct settings *s, struct output *out, struct err *reterr)
{
	struct report_input input = { .result = NULL };
	struct arena memory;
	bool ok;

	arena_init(&memory, HUNTING_BYTES_MAX);
	ok = hunting_run(w, s, &(struct hunting_of){ 0 }, &memory, &input, reterr);
	if (ok) {
		report_html(&out->buf, &input);
		ok = deliver(w, s, out, reterr);
	}
	arena_release(&memory);
	return ok;
}

static int run(const struct settings *s)
{
	struct workspace w;
	struct output out;
	struct err err = { .code = ERR_NONE };
	bool ok;

	if (s->operand_count > 0) {
		diag_say("report takes no arguments; name the case with -C and the file with -o");
		return 2;
	}
	output_init(&out);
	ok = workspace_open(&w, s, WORKSPACE_READ, &err) && report(&w, s, &out, &err);
	if (!ok && !out.broken)
		diag_err(&err);
	workspace_close(&w, out.broken);
	output_release(&out);
	return ok ? 0 : 2;
}

const struct command cmd_report = {
	.name = "report",
	.operands = "",
	.about = "write the report on the case as one HTML file",
	.options = options,
	.run = run,
};
