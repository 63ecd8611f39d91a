/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lodestone ingest: evidence into a case. */
#include "cli/command.h"
#include "cli/diag.h"
#include "cli/ingest.h"
#include "cli/operands.h"
#include "cli/workspace.h"

static const struct opt *const options[] = { &opt_case, &opt_format, &opt_columns, &opt_vantage,
	&opt_year, &opt_zone, &opt_jobs, &opt_memory, &opt_verbose, &opt_help, NULL };

static int run(const struct settings *s)
{
	struct workspace w;
	struct ingest_result result = { .added = 0 };
	struct ingest_how how = { .format = NULL };
	struct err err = { .code = ERR_NONE };
	bool ok;

	if (s->operand_count == 0) {
		diag_say("ingest needs evidence: files, directories, or - for standard input");
		return 2;
	}
	if (!operands_exist(s))
		return 2;
	if (!ingest_find_how(s, &how, &err)) {
		diag_err(&err);
		return 2;
	}
	ok = workspace_open(&w, s, WORKSPACE_MAKE, &err) &&
	     ingest(&w, s->operands, s->operand_count, &how, s->memory, &result, &err);
	if (ok)
		ingest_say(&result);
	else
		diag_err(&err);
	workspace_close(&w, false);
	return ok && !result.named_failed && !result.stopped ? 0 : 2;
}

const struct command cmd_ingest = {
	.name = "ingest",
	.operands = "EVIDENCE...",
	.about = "read what is new of the evidence into the case",
	.options = options,
	.paths = true,
	.run = run,
};
