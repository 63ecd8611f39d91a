/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lodestone ingest: evidence into a case. */
#include <stdlib.h>

#include "cli/command.h"
#include "cli/diag.h"
#include "cli/ingest.h"
#include "cli/operands.h"
#include "cli/reception.h"
#include "cli/workspace.h"

static const struct opt *const options[] = { &opt_case, &opt_format, &opt_columns, &opt_vantage,
	&opt_year, &opt_zone, &opt_listen, &opt_for, &opt_jobs, &opt_memory, &opt_verbose,
	&opt_help, NULL };

/* What is named, and before it what comes over the socket, as one source. */
static bool take(struct workspace *w, const struct settings *s, const struct ingest_how *how,
    struct ingest_result *ret, struct err *reterr)
{
	char **paths = calloc(s->operand_count + 1, sizeof(*paths));
	char *received = NULL;
	size_t count = 0;
	bool ok = false;

	if (paths == NULL) {
		err_set_memory(reterr);
		goto out;
	}
	if (s->listen != NULL && !reception_run(w, s, &received, reterr))
		goto out;
	if (received != NULL)
		paths[count++] = received;
	for (size_t i = 0; i < s->operand_count; i++)
		paths[count++] = s->operands[i];
	ok = ingest(w, paths, count, how, s->memory, ret, reterr);
	ret->named_failed = ret->named_failed || (s->listen != NULL && received == NULL);
out:
	free(received);
	free(paths);
	return ok;
}

static int run(const struct settings *s)
{
	struct workspace w;
	struct ingest_result result = { .added = 0 };
	struct ingest_how how = { .format = NULL };
	struct err err = { .code = ERR_NONE };
	bool ok;

	if (s->operand_count == 0 && s->listen == NULL) {
		diag_say("ingest needs evidence: files, directories, - for standard input, or "
			 "--listen");
		return 2;
	}
	if (s->lasting > 0 && s->listen == NULL) {
		diag_say("'--for' is how long to '--listen'");
		return 2;
	}
	if (!operands_exist(s))
		return 2;
	if (!ingest_find_how(s, &how, &err)) {
		diag_err(&err);
		return 2;
	}
	ok = workspace_open(&w, s, WORKSPACE_MAKE, &err) && take(&w, s, &how, &result, &err);
	if (ok)
		ingest_say(&result);
	else
		diag_err(&err);
	workspace_close(&w, false);
	return ok && !result.named_failed && !result.stopped ? 0 : 2;
}

const struct command cmd_ingest = {
	.name = "ingest",
	.operands = "[EVIDENCE...]",
	.about = "read what is new of the evidence into the case",
	.options = options,
	.paths = true,
	.run = run,
};
