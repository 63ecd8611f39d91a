/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lodestone vet: is the log what it says, and when was the sensor alive? */
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/diag.h"
#include "cli/hunting.h"
#include "cli/ingest.h"
#include "cli/operands.h"
#include "cli/output.h"
#include "cli/screen.h"
#include "cli/vetting.h"
#include "report/vet.h"

static const struct opt *const options[] = { &opt_case, &opt_json, &opt_ascii, &opt_seed, &opt_jobs,
	&opt_memory, &opt_verbose, &opt_help, NULL };

/* What the words after the options are: evidence where the path exists, else a target. */
struct vet_subject {
	bool has_target;
	struct endpoint target;
	bool is_evidence;
};

static bool read_operands(const struct settings *s, struct vet_subject *ret)
{
	*ret = (struct vet_subject){ .is_evidence = s->operand_count > 0 };
	if (s->operand_count == 1 && strcmp(s->operands[0], "-") != 0 &&
	    access(s->operands[0], F_OK) != 0 &&
	    endpoint_parse(&ret->target, s->operands[0], strlen(s->operands[0]))) {
		ret->has_target = true;
		ret->is_evidence = false;
		return true;
	}
	if (ret->is_evidence && s->case_dir != NULL) {
		diag_say("name a case or evidence, not both; 'lodestone ingest' puts evidence into "
			 "a case");
		return false;
	}
	return operands_exist(s);
}

static bool print(
    const struct vet_input *in, const struct settings *s, struct output *out, struct err *reterr)
{
	struct report_style style = screen_style();

	style.unicode = style.unicode && !s->ascii;
	if (s->json)
		vet_json(&out->buf, in);
	else
		vet_text(&out->buf, in, &style);
	return output_flush(out, reterr);
}

static bool print_target(struct workspace *w, const struct vet_input *in, const struct settings *s,
    struct arena *memory, struct output *out, struct err *reterr)
{
	struct vet_input one = *in;

	for (size_t i = 0; i < in->result->finding_count; i++) {
		struct finding f = in->result->findings[i];

		one.finding = &f;
		if (!vetting_reread(w, &f, memory, &one, reterr) || !print(&one, s, out, reterr))
			return false;
	}
	return true;
}

static bool vet(struct workspace *w, const struct settings *s, const struct vet_subject *subject,
    struct output *out, bool *ret_found, struct err *reterr)
{
	const struct hunting_of of = { .only = subject->has_target ? &subject->target : NULL,
		.compared = subject->has_target,
		.coverage_only = !subject->has_target };
	struct report_input found = { .result = NULL };
	struct vet_input in = { .finding = NULL };
	struct arena memory;
	bool ok;

	arena_init(&memory, HUNTING_BYTES_MAX);
	ok = hunting_run(w, s, &of, &memory, &found, reterr);
	if (ok) {
		in.result = found.result;
		in.health = found.health;
		in.health_count = found.health_count;
		*ret_found = !subject->has_target || found.result->finding_count > 0;
		if (!*ret_found)
			diag_say("the case has no contact with '%s' that could be compared; "
				 "'lodestone show' says more",
			    s->operands[0]);
		else if (subject->has_target)
			ok = print_target(w, &in, s, &memory, out, reterr);
		else
			ok = print(&in, s, out, reterr);
	}
	arena_release(&memory);
	return ok;
}

static int run(const struct settings *s)
{
	struct workspace w;
	struct ingest_result result = { .added = 0 };
	struct vet_subject subject;
	struct output out;
	struct err err = { .code = ERR_NONE };
	bool ok, found = false;

	if (!read_operands(s, &subject))
		return 2;
	output_init(&out);
	ok = workspace_open(
		 &w, s, subject.is_evidence ? WORKSPACE_TEMPORARY : WORKSPACE_READ, &err) &&
	     (!subject.is_evidence ||
		 ingest(&w, s->operands, s->operand_count, NULL, s->memory, &result, &err)) &&
	     (result.stopped || vet(&w, s, &subject, &out, &found, &err));
	if (!ok && !out.broken)
		diag_err(&err);
	workspace_close(&w, out.broken);
	output_release(&out);
	return ok && found && !result.named_failed && !result.stopped ? 0 : 2;
}

const struct command cmd_vet = {
	.name = "vet",
	.operands = "[TARGET | EVIDENCE...]",
	.about = "say whether the records agree with each other, and when the sensor was alive",
	.options = options,
	.paths = true,
	.run = run,
};
