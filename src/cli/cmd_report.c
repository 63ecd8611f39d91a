/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lodestone report: the case as one self-contained page, or in the form of another program. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/diag.h"
#include "cli/hunting.h"
#include "cli/output.h"
#include "cli/replace.h"
#include "cli/verify.h"
#include "report/export.h"

static const struct opt *const options[] = { &opt_case, &opt_output, &opt_form, &opt_verify,
	&opt_top, &opt_allow, &opt_holidays, &opt_events, &opt_prior, &opt_networks, &opt_places,
	&opt_popularity, &opt_seed, &opt_jobs, &opt_memory, &opt_verbose, &opt_help, NULL };

/* To standard output for "-", to a file in the case when nothing is said. */
static bool deliver(struct workspace *w, const struct settings *s,
    const struct export_format *format, struct output *out, struct err *reterr)
{
	char *path = NULL;
	bool ok;

	if (s->output != NULL && strcmp(s->output, "-") == 0)
		return output_flush(out, reterr);
	if (!buf_ok(&out->buf) ||
	    asprintf(&path, "%s%s%s", s->output == NULL ? w->dir : s->output,
		s->output == NULL ? "/" : "", s->output == NULL ? format->file : "") < 0) {
		err_set_memory(reterr);
		return false;
	}
	ok = replace_file(path, out->buf.bytes, out->buf.len, reterr);
	if (ok)
		diag_say("the report is in '%s'", path);
	free(path);
	return ok;
}

static bool report(struct workspace *w, const struct settings *s,
    const struct export_format *format, struct output *out, struct err *reterr)
{
	struct report_input input = { .result = NULL };
	struct arena memory;
	bool ok;

	arena_init(&memory, HUNTING_BYTES_MAX);
	ok = hunting_run(w, s, &(struct hunting_of){ 0 }, &memory, &input, reterr);
	if (ok) {
		format->write(&out->buf, &input);
		ok = deliver(w, s, format, out, reterr);
	}
	arena_release(&memory);
	return ok;
}

static bool find_format(const char *name, const struct export_format **ret)
{
	*ret = name == NULL ? export_formats : export_find(name);
	if (*ret == NULL)
		diag_say("no format '%s' of reports, try 'lodestone report --help'", name);
	return *ret != NULL;
}

static int run(const struct settings *s)
{
	const struct export_format *format;
	struct workspace w;
	struct output out;
	struct err err = { .code = ERR_NONE };
	bool ok, agrees = true;

	if (s->operand_count > 0) {
		diag_say("report takes no arguments; name the case with -C and the file with -o");
		return 2;
	}
	if (!find_format(s->format, &format))
		return 2;
	output_init(&out);
	ok = workspace_open(&w, s, WORKSPACE_READ, &err) &&
	     (s->verify == NULL ? report(&w, s, format, &out, &err)
				: verify_report(&w, s, &out, &agrees, &err));
	if (!ok && !out.broken)
		diag_err(&err);
	workspace_close(&w, out.broken);
	output_release(&out);
	if (!ok)
		return 2;
	return agrees ? 0 : 1;
}

const struct command cmd_report = {
	.name = "report",
	.operands = "",
	.about = "write the report on the case as one file, or check one",
	.options = options,
	.run = run,
};
