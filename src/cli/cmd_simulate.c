/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lodestone simulate: evidence from a scenario, and a truth file that says what is in it. */
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/diag.h"
#include "cli/replace.h"
#include "simulate/simulate.h"

static const struct opt *const options[] = { &opt_output, &opt_seed, &opt_help, NULL };

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), end_len = strlen(end);

	return len > end_len && strcmp(text + len - end_len, end) == 0;
}

/* The evidence and its truth file: both or, on a failure, neither new. */
static bool write_files(const struct simulation *sim, const char *path, struct err *reterr)
{
	struct replace evidence = { .file = NULL }, truth = { .file = NULL };
	char *truth_path = NULL;
	bool ok = false;

	if (asprintf(&truth_path, "%s.truth.tsv", path) < 0) {
		truth_path = NULL;
		err_set_memory(reterr);
		goto out;
	}
	ok = replace_open(&evidence, path, reterr) && replace_open(&truth, truth_path, reterr) &&
	     (ends_with(path, ".pcap") ? simulation_write_pcap(sim, evidence.file, reterr)
				       : simulation_write_zeek(sim, evidence.file, reterr)) &&
	     simulation_write_truth(sim, truth.file, reterr) && replace_commit(&evidence, reterr) &&
	     replace_commit(&truth, reterr);
out:
	replace_undo(&truth);
	replace_undo(&evidence);
	free(truth_path);
	return ok;
}

static int run(const struct settings *s)
{
	struct scenario *scenario = NULL;
	struct simulation *sim = NULL;
	struct err err = { .code = ERR_NONE };
	bool to_stdout = s->output == NULL || strcmp(s->output, "-") == 0;
	bool ok;

	if (s->operand_count != 1) {
		diag_say("simulate needs one scenario, try 'lodestone simulate --help'");
		return 2;
	}
	ok = scenario_load(s->operands[0], &scenario, &err) &&
	     simulate(scenario, s->seed, &sim, &err) &&
	     (to_stdout ? simulation_write_zeek(sim, stdout, &err)
			: write_files(sim, s->output, &err));
	if (!ok)
		diag_err(&err);
	simulation_free(sim);
	scenario_free(scenario);
	return ok ? 0 : 2;
}

const struct command cmd_simulate = {
	.name = "simulate",
	.operands = "SCENARIO.yaml",
	.about = "make evidence from generative models, with a truth file",
	.options = options,
	.paths = true,
	.run = run,
};
